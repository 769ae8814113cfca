"""What has changed from one finished run to the next: who has a place in the city now, who has it no more, who another.

It compares what the runs say and nothing of today, so that it reads the same in a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from placement.domain.states import RunState
from placement.records.councils import council_of
from placement.records.outcomes import UnmetNeed
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal


class Change(StrEnum):
    """What a later run says otherwise of a person than an earlier one. The order is that in which it is told."""

    GAINED = "gained"
    LOST = "lost"
    OTHER = "other"
    NEW = "new"
    GONE = "gone"


CHANGE_WORDS: Mapping[Change, str] = {
    Change.GAINED: "A place in the city, where there was none",
    Change.LOST: "No place in the city any more",
    Change.OTHER: "Another place in the city",
    Change.NEW: "New since then",
    Change.GONE: "Not asked for any more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSaid:
    """What a run says of one person: the unit that it proposes, if any, and whether that is in the city."""

    unit_id: int | None
    is_in_city: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One person of whom two runs say something else, and the units that they propose."""

    change: Change
    referral: Referral
    was: Unit | None
    now: Unit | None


def run_before(session: Session, run: MatchRun) -> MatchRun | None:
    """Return the newest run that had finished when this one was asked for."""
    rows = select(MatchRun).where(MatchRun.state == RunState.FINISHED, MatchRun.id < run.id)
    return session.scalars(rows.order_by(MatchRun.id.desc()).limit(1)).first()


def compared(session: Session, run: MatchRun, before: MatchRun) -> Sequence[Changed]:
    """Return everybody of whom two runs say something else, as `Change` has it in order, then by reference."""
    earlier, later = _said(session, before), _said(session, run)
    found = {each: change for each in earlier.keys() | later.keys() if (change := _change(earlier, later, each))}
    units = _units(session, [*earlier.values(), *later.values()])
    order = list(Change)
    rows = select(Referral).where(Referral.id.in_(found)).options(joinedload(Referral.person))
    told = [
        Changed(
            change=found[each.id],
            referral=each,
            was=_unit(units, earlier.get(each.id)),
            now=_unit(units, later.get(each.id)),
        )
        for each in session.scalars(rows)
    ]
    return sorted(told, key=lambda row: (order.index(row.change), row.referral.id))


def _change(earlier: Mapping[int, PlaceSaid], later: Mapping[int, PlaceSaid], referral_id: int) -> Change | None:
    was, is_now = earlier.get(referral_id), later.get(referral_id)
    if was is None or is_now is None:
        return Change.NEW if was is None else Change.GONE
    if was.is_in_city != is_now.is_in_city:
        return Change.GAINED if is_now.is_in_city else Change.LOST
    return Change.OTHER if is_now.is_in_city and was.unit_id != is_now.unit_id else None


def _said(session: Session, run: MatchRun) -> dict[int, PlaceSaid]:
    """Return what a run says of everybody in it, by the referral's id."""
    council = council_of(session)
    without = select(UnmetNeed.referral_id).where(UnmetNeed.run_id == run.id)
    said = {each: PlaceSaid(unit_id=None, is_in_city=False) for each in session.scalars(without)}
    rows = select(Proposal.referral_id, Proposal.unit_id, Service.authority).where(Proposal.run_id == run.id)
    proposed = rows.join(Unit, Unit.id == Proposal.unit_id).join(Service, Service.id == Unit.service_id)
    for referral_id, unit_id, authority in session.execute(proposed):
        said[referral_id] = PlaceSaid(unit_id=unit_id, is_in_city=council.has(authority))
    return said


def _units(session: Session, said: Sequence[PlaceSaid]) -> dict[int, Unit]:
    ids = {each.unit_id for each in said if each.unit_id is not None}
    rows = select(Unit).where(Unit.id.in_(ids)).options(joinedload(Unit.service))
    return {unit.id: unit for unit in session.scalars(rows)}


def _unit(units: Mapping[int, Unit], said: PlaceSaid | None) -> Unit | None:
    return units.get(said.unit_id) if said and said.unit_id is not None else None
