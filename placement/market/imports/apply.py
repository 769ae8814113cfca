"""Do what a plan says, in the one write unit that it is given, with a line in the audit trail for every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import EditedMeanwhile
from placement.domain.features import Evidence
from placement.domain.people import Actor
from placement.market.imports.changes import Action, ImportPlan, NewUnit, RegisterChange
from placement.market.promises import outlasting, put_at_risk
from placement.records.events import record
from placement.records.providers import FormerRegistration, Provider, Service, ServiceBand, Unit, UnitFeature

# The trail holds codes and numbers, so of these it says only that they changed.
WORDS = frozenset({"name", "address"})
MEANWHILE = "The register was changed while the files were being read."


def apply_import(session: Session, plan: ImportPlan, *, by: Actor, now: datetime) -> None:
    """Do every change of a plan. Raises EditedMeanwhile if the register is no longer what the plan was made for."""
    desk = _Desk(session=session, by=by, now=now, rows=_rows(session, plan), providers=_providers(session, plan))
    _require_new(session, plan)
    for change in plan.changes:
        _SUBJECTS[change.subject](desk, change)
    session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every step needs: services by id, and providers by CQC id."""

    session: Session
    by: Actor
    now: datetime
    rows: Mapping[int, Service]
    providers: dict[str, Provider]

    def record(self, event: str, subject: Provider | Service | Unit, **details: Any) -> None:
        record(self.session, event, subject, by=self.by, now=self.now, **details)


def _provider(desk: _Desk, change: RegisterChange) -> None:
    if change.row_id is None:
        provider = Provider(**change.values)
        desk.session.add(provider)
    else:
        provider = desk.session.get_one(Provider, change.row_id)
        if any(getattr(provider, each.field) != each.old for each in change.fields):
            raise EditedMeanwhile(MEANWHILE)
        for each in change.fields:
            setattr(provider, each.field, each.new)
    desk.providers[change.cqc_id] = provider
    desk.record(_PROVIDER_EVENTS[change.action], provider, cqc_id=change.cqc_id, fields=_trail(change))


def _service(desk: _Desk, change: RegisterChange) -> None:
    service = Service() if change.row_id is None else desk.rows[change.row_id]
    plain = {name: value for name, value in change.values.items() if name not in _BESIDE}
    for name, value in plain.items():
        setattr(service, name, desk.providers[value] if name == "provider" else value)
    desk.session.add(service)
    desk.session.flush()
    for name in _BESIDE.keys() & change.values.keys():
        _BESIDE[name](desk.session, service, change.values[name])
    desk.record(_SERVICE_EVENTS[change.action], service, cqc_id=change.cqc_id, fields=_trail(change))
    if change.row_id is not None and change.values.keys() & {"deregistered_on", "is_listed", "is_dormant"}:
        stays = outlasting(desk.session, service, today(desk.now))
        put_at_risk(desk.session, stays, "register", by=desk.by, now=desk.now)
    if change.unit is not None:
        _unit(desk, service, change.unit)


def _unit(desk: _Desk, service: Service, new: NewUnit) -> None:
    unit = Unit(service=service, name=new.name, capacity=new.capacity, min_age=new.min_age, max_age=new.max_age)
    on = today(desk.now)
    unit.features = [UnitFeature(slug=slug, evidence=Evidence.CQC_BAND, evidence_on=on) for slug in new.offers]
    desk.session.add(unit)
    desk.record("unit_added", unit, offers=list(new.offers), capacity=new.capacity)


def _bands(session: Session, service: Service, slugs: tuple[str, ...]) -> None:
    session.execute(delete(ServiceBand).where(ServiceBand.service_id == service.id))
    session.add_all(ServiceBand(service_id=service.id, slug=slug) for slug in slugs)


def _former_ids(session: Session, service: Service, ids: tuple[str, ...]) -> None:
    session.execute(delete(FormerRegistration).where(FormerRegistration.service_id == service.id))
    session.add_all(FormerRegistration(cqc_location_id=each, service_id=service.id) for each in ids)


# Fields of a service that are rows of another table.
_BESIDE: Mapping[str, Callable[[Session, Service, tuple[str, ...]], None]] = {
    "bands": _bands,
    "former_ids": _former_ids,
}
_SUBJECTS: Mapping[str, Callable[[_Desk, RegisterChange], None]] = {"provider": _provider, "service": _service}
_PROVIDER_EVENTS = {Action.ADDED: "provider_added_by_cqc", Action.UPDATED: "provider_updated_by_cqc"}
_SERVICE_EVENTS = {
    Action.ADDED: "service_added_by_cqc",
    Action.UPDATED: "service_updated_by_cqc",
    Action.MOVED: "service_moved_by_cqc",
    Action.DEREGISTERED: "service_unlisted_by_cqc",
    Action.DORMANT: "service_dormant_by_cqc",
}


def _trail(change: RegisterChange) -> dict[str, Any]:
    return {each.field: None if each.field in WORDS else [_code(each.old), _code(each.new)] for each in change.fields}


def _code(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace(" ", "")  # a postcode is a code without its space
    return list(value) if isinstance(value, tuple) else value


def _rows(session: Session, plan: ImportPlan) -> dict[int, Service]:
    versions = {each.row_id: each.version for each in plan.changes if each.subject == "service" and each.row_id}
    found = session.scalars(select(Service).where(Service.id.in_(versions)).with_for_update()).all()
    if {row.id: row.version for row in found} != versions:
        raise EditedMeanwhile(MEANWHILE)
    return {row.id: row for row in found}


def _providers(session: Session, plan: ImportPlan) -> dict[str, Provider]:
    ids = {each.values["provider"] for each in plan.changes if "provider" in each.values}
    rows = session.scalars(select(Provider).where(Provider.cqc_id.in_(ids)))
    return {row.cqc_id: row for row in rows if row.cqc_id}


def _require_new(session: Session, plan: ImportPlan) -> None:
    """Refuse if what the plan adds is there by now: somebody imported the same files at the same time."""
    added = [each for each in plan.changes if each.row_id is None]
    for subject, column in (("provider", Provider.cqc_id), ("service", Service.cqc_location_id)):
        ids = [each.cqc_id for each in added if each.subject == subject]
        if session.scalar(select(column).where(column.in_(ids)).limit(1)):
            raise EditedMeanwhile(MEANWHILE)
