"""What units claim and what the council says of it: claims that wait, rulings with their history, and undoing one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from placement.domain.claims import CLINICAL, EVIDENCE_OF, WITH_NURSING, Claim, ClaimVerdict, Said
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.features import Evidence
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.records.claims import ClaimRuling
from placement.records.events import record
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Service, Unit, UnitFeature
from placement.records.visibility import visible_units

LONGEST_NOTE = 500
UNITS = 20  # on a page of claims that wait


def claims_as_said(session: Session, unit: Unit, said: Mapping[str, Said], day: date) -> dict[str, Claim]:
    """Return what a unit would claim if it answered so on a day, by feature: what is stored, and what a preview shows.

    Evidence stays with a claim that stands. What the council has not confirmed stays so when it is claimed again.
    """
    before = {claim.slug: claim for claim in unit.claims}
    new = Claim(slug="", said=Said.YES, evidence_on=day, service_type=unit.service.service_type)
    again = _refused(session, unit, said.keys() - before.keys())
    return {
        slug: replace(before[slug] if slug in before else again.get(slug, new), slug=slug, said=said[slug])
        for slug in sorted(said)
    }


def _refused(session: Session, unit: Unit, slugs: Collection[str]) -> dict[str, Claim]:
    """Return those claims that the council did not confirm when they were made before."""
    if unit.id is None or not slugs:
        return {}
    newest = {ruling.slug: ruling for ruling in reversed(rulings(session, unit)) if ruling.undone_at is None}
    return {
        slug: Claim(
            slug=slug, said=Said.YES, evidence=Evidence.REFUSED, evidence_on=today(newest[slug].ruled_at),
            evidence_by=newest[slug].ruled_by, service_type=unit.service.service_type,
        )
        for slug in slugs & newest.keys() if newest[slug].verdict is ClaimVerdict.REFUSED
    }  # fmt: skip


def rulings(session: Session, unit: Unit, slug: str | None = None) -> Sequence[ClaimRuling]:
    """Return what the council has said of a unit's claims, or of one of them, newest first."""
    rows = select(ClaimRuling).where(ClaimRuling.unit_id == unit.id)
    if slug is not None:
        rows = rows.where(ClaimRuling.slug == slug)
    return session.scalars(rows.order_by(ClaimRuling.id.desc())).all()


def claims_page(session: Session, *, actor: Actor, at: PlaceInList = START) -> Page[Unit]:
    """Return a page of the units with claims that wait, those longest on record first, with everything they claim."""
    waiting = (
        select(UnitFeature.unit_id)
        .join(UnitFeature.unit)
        .join(Unit.service)
        .where(
            UnitFeature.slug.in_(CLINICAL),
            UnitFeature.said != Said.NO,
            UnitFeature.evidence == Evidence.DECLARED,
            Service.service_type.not_in(WITH_NURSING),
            Service.is_listed,
        )
    )
    deep = (contains_eager(Unit.service), selectinload(Unit.features))
    rows = visible_units(actor).where(Unit.id.in_(waiting), Unit.retired_at.is_(None)).options(*deep)
    return page_of(session, rows, Key(column=Unit.id), at=at, size=UNITS)


def rulings_page(session: Session, *, at: PlaceInList = START) -> Page[ClaimRuling]:
    """Return a page of the council's rulings, newest first."""
    deep = selectinload(ClaimRuling.unit).selectinload(Unit.service)
    return page_of(session, select(ClaimRuling).options(deep), Key(column=ClaimRuling.id, is_descending=True), at=at)


def claim_of(unit: Unit, slug: str) -> Claim:
    """Return one claim. Raises NotFound where the unit does not say that it offers this, or may if it is asked."""
    found = next((each for each in unit.claims if each.slug == slug and each.said is not Said.NO), None)
    if found is None:
        raise NotFound("There is no such claim.")
    return found


def rule_on_claim(
    session: Session,
    unit: Unit,
    slug: str,
    verdict: ClaimVerdict,
    *,
    note: str,
    seen: int | None,
    by: Actor,
    now: datetime,
) -> ClaimRuling:
    """Say that a claim is verified or not confirmed, and why; the unit is locked by now.

    `seen` is the newest ruling on it that whoever decides has read. Raises Invalid without a reason, OutOfStep where
    somebody has ruled since.
    """
    note = plain(note, lines=True)
    if not note:
        raise Invalid("Say what you have seen, or what is missing.", field="note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"Enter at most {LONGEST_NOTE} characters.", field="note")
    claim_of(unit, slug)
    if newest_id(session, unit, slug) != seen:
        raise OutOfStep("Somebody else has decided on this claim meanwhile: read it first.")
    feature = _feature(unit, slug)
    ruling = ClaimRuling(
        unit_id=unit.id, slug=slug, verdict=verdict, note=note, ruled_by=by.name, ruled_at=now, was=feature.evidence,
        was_on=feature.evidence_on, was_by=feature.evidence_by,
    )  # fmt: skip
    session.add(ruling)
    feature.evidence, feature.evidence_on, feature.evidence_by = EVIDENCE_OF[verdict], today(now), by.name
    session.flush()
    record(session, "claim_ruled", unit, by=by, now=now, slug=slug, verdict=verdict.value, ruling=ruling.id)
    return ruling


def undo_ruling(session: Session, ruling: ClaimRuling, *, by: Actor, now: datetime) -> None:
    """Take a ruling back: what stood behind the claim before stands again. Raises OutOfStep unless it is the newest."""
    unit = ruling.unit
    if ruling.undone_at is not None or newest_id(session, unit, ruling.slug) != ruling.id:
        raise OutOfStep("This decision does not stand any more: another one has been made since, or it was undone.")
    ruling.undone_at, ruling.undone_by = now, by.name
    if any(feature.slug == ruling.slug for feature in unit.features):
        feature = _feature(unit, ruling.slug)
        feature.evidence, feature.evidence_on, feature.evidence_by = ruling.was, ruling.was_on, ruling.was_by
    details = {"slug": ruling.slug, "verdict": ruling.verdict.value, "ruling": ruling.id}
    record(session, "claim_ruling_undone", unit, by=by, now=now, **details)


def ruling(session: Session, ruling_id: int) -> ClaimRuling:
    """Return one ruling of the council. Raises NotFound."""
    found = session.get(ClaimRuling, ruling_id)
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def standing_ids(session: Session, found: Sequence[ClaimRuling]) -> frozenset[int]:
    """Return the numbers of those rulings that stand: neither undone nor followed by another on the same claim."""
    newest = select(func.max(ClaimRuling.id)).where(
        ClaimRuling.unit_id.in_({each.unit_id for each in found}), ClaimRuling.undone_at.is_(None)
    )
    return frozenset(session.scalars(newest.group_by(ClaimRuling.unit_id, ClaimRuling.slug)))


def newest_id(session: Session, unit: Unit, slug: str) -> int | None:
    """Return the number of the newest ruling on a claim that stands, None where none does."""
    return next((each.id for each in rulings(session, unit, slug) if each.undone_at is None), None)


def _feature(unit: Unit, slug: str) -> UnitFeature:
    return next(feature for feature in unit.features if feature.slug == slug)
