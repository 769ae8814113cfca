"""What a unit says of itself: whom it takes, what it offers, and what it answers to needs in advance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from placement.domain.claims import Said
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.limits import MOST_PLACES
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.market.accepting import AcceptRules, require_possible
from placement.market.claims import claims_as_said
from placement.records.events import changes, record
from placement.records.providers import Service, Unit, UnitFeature

_TOLD = frozenset({
    "kinds", "min_age", "max_age", "gender", "gender_now", "weekly_pence", "weekly_most_pence", "support_pence",
    "reply_hours", "emergencies_until", "crisis_places",
})  # fmt: skip


def add_unit(
    session: Session,
    service: Service,
    *,
    name: str,
    capacity: int,
    rules: AcceptRules,
    said: Mapping[str, Said],
    by: Actor,
    now: datetime,
) -> Unit:
    """Add a group of interchangeable places. Raises Invalid for rules, features or a name that cannot be."""
    if not 0 <= capacity <= MOST_PLACES:
        raise Invalid(f"Enter between 0 and {MOST_PLACES} places.", field="capacity")
    name = plain(name)
    _require_name(session, service.id, name)
    unit = Unit(service=service, name=name, capacity=capacity)
    session.add(unit)
    edit_unit(session, unit, rules=rules, said=said, by=by, now=now, event="unit_added")
    return unit


def lock_unit(session: Session, unit: Unit) -> None:
    """Lock a unit and look at it again: somebody may have changed it a moment ago."""
    session.refresh(unit, with_for_update=True)
    session.expire(unit, ["features"])  # its answers stand in rows of their own


def edit_unit(
    session: Session,
    unit: Unit,
    *,
    rules: AcceptRules,
    said: Mapping[str, Said],
    by: Actor,
    now: datetime,
    event: str = "unit_edited",
    name: str | None = None,
    section: str = "",
) -> None:
    """Store whom a unit takes and what it says of each need. Evidence that somebody else gave for an offer is kept.

    `section` is the part of its profile that somebody has looked at; none stands for all of it.
    """
    require_possible(rules, said)
    name = None if name is None else plain(name)
    if name is not None and name != unit.name:
        _require_name(session, unit.service_id, name)
        unit.name = name
    unit.kinds = " ".join(sorted(rules.kinds))
    unit.min_age, unit.max_age, unit.gender = rules.min_age, rules.max_age, rules.gender
    unit.gender_now = rules.gender_now if rules.gender == "same" else None
    unit.weekly_pence, unit.weekly_most_pence = rules.weekly_pence, rules.weekly_most_pence
    unit.support_pence = " ".join(f"{level}={pence}" for level, pence in sorted(rules.support_prices.items()))
    unit.reply_hours = rules.reply_hours
    unit.emergencies_until, unit.crisis_places = rules.emergencies_until or None, rules.crisis_places
    changed = changes(unit, told=_TOLD)
    before = said_by(unit)
    _answer(session, unit, said, now)
    # A change of answers alone changes no column of the unit: its version must move all the same.
    flag_modified(unit, "name")
    offers = yes_to(said)
    if event == "unit_added":
        record(session, event, unit, by=by, now=now, offers=offers, capacity=unit.capacity)
        return
    answers = {slug: [before.get(slug), said.get(slug)] for slug in sorted(before.keys() | said.keys())}
    others = {slug: pair for slug, pair in answers.items() if pair[0] != pair[1] and {*pair} & {Said.ASK, Said.NO}}
    told = ({"section": section} if section else {}) | ({"answers": others} if others else {})
    record(session, event, unit, by=by, now=now, offers=offers, before=yes_to(before), changes=changed, **told)


def said_by(unit: Unit) -> dict[str, Said]:
    """Return what a unit says of each need that it says anything of."""
    return {feature.slug: feature.said for feature in unit.features}


def yes_to(said: Mapping[str, Said]) -> list[str]:
    """Return the slugs of what is said to be offered, whether it counts or not."""
    return sorted(slug for slug, each in said.items() if each is Said.YES)


def _answer(session: Session, unit: Unit, said: Mapping[str, Said], now: datetime) -> None:
    stored = {feature.slug: feature for feature in unit.features}
    claims = claims_as_said(session, unit, said, today(now))
    for slug, feature in stored.items():
        if slug not in claims:
            unit.features.remove(feature)
    for slug, claim in claims.items():
        feature = stored.get(slug) or UnitFeature(slug=slug)
        if slug not in stored:
            unit.features.append(feature)
        feature.said, feature.evidence = claim.said, claim.evidence
        feature.evidence_on, feature.evidence_by = claim.evidence_on, claim.evidence_by


def _require_name(session: Session, service_id: int, name: str) -> None:
    if not name:
        raise Invalid("Enter a name for the unit.", field="name")
    session.execute(select(Service.id).where(Service.id == service_id).with_for_update())  # two may add it at once
    if session.scalar(select(Unit.id).where(Unit.service_id == service_id, Unit.name == name)):
        raise Invalid("Enter another name: this service already has a unit of that name.", field="name")
