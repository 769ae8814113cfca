"""Making two units of one: some of its places, and who is in them, become a unit of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.states import LIVE, THERE
from placement.domain.text import plain
from placement.market.carried_rulings import copy_rulings
from placement.market.numbers import Numbers
from placement.market.promises import not_ours
from placement.market.reshaping import (
    count_in,
    locked_reports,
    move_stays,
    new_report,
    numbers_of,
    open_closures,
    others_in_unit,
    require_places,
    stays_of,
)
from placement.market.units import said_by, yes_to
from placement.records.availability import most_at_once
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.vacancies import VacancyReport

OWN = frozenset({"id", "service_id", "name", "capacity", "retired_at", "merged_into_id", "version"})
"""What a unit shares with no other; everything else is copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff:
    """What becomes a unit of its own: its numbers, and the ids of the stays, entries and closures that go with it."""

    name: str
    numbers: Numbers
    stays: Collection[int] = ()
    others: Collection[int] = ()
    closures: Collection[int] = ()


def split_unit(session: Session, unit: Unit, share: SplitOff, *, by: Actor, now: datetime) -> Unit:
    """Make a new unit of some places of another; it offers the same, takes the same people and shares the same pools.

    The newest numbers are shared out, no newer than they were; a stay that is over stays with the unit that it was in.
    Raises Invalid, naming the field, where the shares do not add up or people would be without a place.
    """
    (before,) = locked_reports(session, [unit])
    name = _require_name(session, unit, share.name)
    rest = _rest(numbers_of(before), share.numbers)
    every, day = stays_of(session, unit, before), today(now)
    going = [stay for stay in every if stay.id in set(share.stays) and stay.state in LIVE]
    staying = [stay for stay in every if stay not in going]
    counted = _require_places(share, name, unit, before, rest, going, staying, day)
    added = _copy(session, unit, name)
    kept = new_report(session, unit, rest, like=before, counted=before.counted - counted)
    report = new_report(session, added, share.numbers, like=before, counted=counted)
    count_in(staying, before, kept)
    session.flush()
    moved = move_stays(session, going, added, before, report, by=by, now=now)
    for other in others_in_unit(session, unit):
        goes = other.id in share.others
        count_in([other], before, report if goes else kept)
        other.unit = added if goes else unit
    for closure in open_closures(session, unit):
        if closure.id in share.closures:
            closure.unit = added
    record(session, "unit_added", added, by=by, now=now, offers=yes_to(said_by(added)), capacity=added.capacity)
    record(session, "unit_split", unit, by=by, now=now, into=added.id, places=added.capacity, stays=moved)
    return added


def _require_places(
    share: SplitOff,
    name: str,
    unit: Unit,
    before: VacancyReport,
    rest: Numbers,
    going: Sequence[Placement],
    staying: Sequence[Placement],
    day: date,
) -> int:
    """Return how many places of the numbers go along with our stays. Raises Invalid where one would be without."""
    spans = [stay.held(day) for stay in going if stay.counted_in_id == before.id]
    most = min(before.counted, most_at_once([(nights.start, nights.end) for nights in spans], day=day))
    _require_counted(share.numbers, most, sum(stay.state in THERE for stay in going), "occupied")
    _require_counted(rest, before.counted - most, 0, "stays")
    others = share.numbers.occupied + share.numbers.reserved - most
    require_places(going, name, share.numbers, others, day)
    live = [stay for stay in staying if stay.state in LIVE]
    require_places(live, unit.name, rest, not_ours(before) - others, day)
    return most


def _copy(session: Session, unit: Unit, name: str) -> Unit:
    """Return a new unit that is like another in everything but its name, its places and its past."""
    columns = [each.key for each in inspect(Unit).column_attrs if each.key not in OWN]
    added = Unit(service_id=unit.service_id, name=name, capacity=0, **{key: getattr(unit, key) for key in columns})
    session.add(added)
    added.features = [each.copied() for each in unit.features]
    added.shared_caps = list(unit.shared_caps)
    session.flush()
    copy_rulings(session, unit, added)
    session.expire(unit.service, ["units"])
    return added


def _require_name(session: Session, unit: Unit, name: str) -> str:
    name = plain(name)
    if not name:
        raise Invalid("Enter a name for the new unit.", field="name")
    session.execute(select(Service.id).where(Service.id == unit.service_id).with_for_update())
    if session.scalar(select(Unit.id).where(Unit.service_id == unit.service_id, Unit.name == name)):
        raise Invalid("Enter another name: this service already has a unit of that name.", field="name")
    return name


def _rest(whole: Numbers, share: Numbers) -> Numbers:
    """Return what is left of numbers; each part has to add up for itself."""
    for name in ("maximum", "occupied", "reserved", "accepting"):
        if not 0 <= getattr(share, name) <= getattr(whole, name):
            raise Invalid(f"Enter a number from 0 to {getattr(whole, name)}: the unit has no more.", field=name)
    if not share.maximum > 0:
        raise Invalid("Enter how many places the new unit has.", field="maximum")
    rest = Numbers(
        maximum=whole.maximum - share.maximum,
        occupied=whole.occupied - share.occupied,
        reserved=whole.reserved - share.reserved,
        accepting=whole.accepting - share.accepting,
    )
    for part, words in ((share, "the new unit"), (rest, "the unit that stays")):
        used = part.occupied + part.reserved + part.accepting
        if used > part.maximum:
            raise Invalid(
                f"In {words} occupied, reserved and vacant add up to {used}, and it would have {part.maximum} places.",
                field="maximum",
            )
    return rest


def _require_counted(given: Numbers, counted: int, living: int, field: str) -> None:
    if living > given.occupied or counted > given.occupied + given.reserved:
        raise Invalid(
            "The people placed by the council who go to each unit must be among its occupied and reserved places.",
            field=field,
        )
