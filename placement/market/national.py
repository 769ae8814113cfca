"""The four numbers of a home as the national tracker asks for them, for whoever enters them there, and what was."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from placement.domain.clocks import LONDON, today
from placement.domain.errors import EditedMeanwhile, Invalid
from placement.domain.people import Actor
from placement.domain.tracker import BED_CATEGORIES, COUNTED_NATIONALLY, NationalWindow, national_window
from placement.market.imports.vacancies.columns import NUMBERS
from placement.market.imports.vacancies.current import UnitNow, now_of
from placement.market.numbers import Numbers
from placement.market.services import services
from placement.records.events import record
from placement.records.providers import Service, Unit
from placement.records.tracker import KeyedNumbers, categories_of, newest_keyed

LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class BedCount:
    """One category of a home: its four numbers now, and those that were last entered nationally, if any were."""

    category: str
    numbers: Numbers
    keyed: Numbers | None

    @property
    def label(self) -> str:
        """Return the category in words."""
        return BED_CATEGORIES[self.category]

    def was(self, name: str) -> int | None:
        """Return what a number was when it was last entered; None where it is the same, or never was."""
        before = getattr(self.keyed, name) if self.keyed else None
        return None if before == getattr(self.numbers, name) else before

    @property
    def copied(self) -> str:
        """Return the four numbers as they are pasted: in their order, a tab between two."""
        return "\t".join(str(getattr(self.numbers, name)) for name in NUMBERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCount:
    """One home: its categories, the units that are in none of them or never reported, and when it was last entered."""

    service: Service
    counts: Sequence[BedCount]
    units: Sequence[UnitNow]
    without_category: Sequence[Unit]
    never_reported: Sequence[Unit]
    keyed_at: datetime | None
    keyed_by: str

    @property
    def has_changed(self) -> bool:
        """Whether anything is to be entered: never before, or other numbers since."""
        return any(each.keyed != each.numbers for each in self.counts)

    @property
    def mark(self) -> str:
        """Return what tells these numbers from any others."""
        known = [(each.category, each.numbers) for each in self.counts]
        return hashlib.sha256(repr(known).encode()).hexdigest()[:16]

    def is_due(self, window: NationalWindow, on: date) -> bool:
        """Return whether the numbers are due nationally on a day and were not entered in this window yet."""
        return window.holds(on) and (self.keyed_at is None or self.keyed_at.date() < window.first)


def homes(session: Session, *, actor: Actor, on: date) -> list[HomeCount]:
    """Return every care home of an actor; the same number of questions however many there are."""
    among = [each for each in services(session, actor=actor) if each.service_type in COUNTED_NATIONALLY]
    return _counted(session, among, on)


def home(session: Session, service: Service, *, on: date) -> HomeCount:
    """Return one home."""
    return _counted(session, [service], on)[0]


def due_nationally(session: Session, *, actor: Actor, now: datetime) -> datetime | None:
    """Return the end of the day by which numbers of an actor's homes are to be entered nationally.

    None where the window is not open, and where every home that has a unit has been entered in it.
    """
    day = today(now)
    window = national_window(day)
    if not window.holds(day):
        return None
    if not any(each.units and each.is_due(window, day) for each in homes(session, actor=actor, on=day)):
        return None
    return datetime.combine(window.last, LAST_MINUTE, LONDON).astimezone(UTC)


def note_keyed(session: Session, service: Service, *, seen: str, by: Actor, now: datetime, on: date) -> None:
    """Note that a home's numbers were entered in the tracker. `seen` is the mark of what the page showed.

    Raises EditedMeanwhile where they are others now, and Invalid where there are none.
    """
    found = home(session, service, on=on)
    if not found.counts:
        raise Invalid("There are no numbers to enter yet.")
    if found.mark != seen:
        raise EditedMeanwhile("The numbers were changed after you opened this page.")
    left_out = {unit.id for unit in (*found.without_category, *found.never_reported)}
    counted = [each for each in found.units if each.unit.id not in left_out and each.numbers]
    for each in counted:
        four = {name: getattr(each.numbers, name) for name in NUMBERS}
        session.add(KeyedNumbers(unit_id=each.unit.id, keyed_at=now, keyed_by=by.name, **four))
    record(session, "numbers_keyed", service, by=by, now=now, units=len(counted))


def _counted(session: Session, among: Sequence[Service], on: date) -> list[HomeCount]:
    units = now_of(session, among, on=on)
    ids = [each.unit.id for each in units]
    categories, keyed = categories_of(session, ids), newest_keyed(session, ids)
    by_service: defaultdict[int, list[UnitNow]] = defaultdict(list)
    for each in units:
        by_service[each.service.id].append(each)
    return [_home(service, by_service[service.id], categories, keyed) for service in among]


def _home(
    service: Service, units: Sequence[UnitNow], categories: dict[int, str], keyed: dict[int, KeyedNumbers]
) -> HomeCount:
    groups: defaultdict[str, list[UnitNow]] = defaultdict(list)
    for each in units:
        if each.unit.id in categories and each.numbers:
            groups[categories[each.unit.id]].append(each)
    entered = [keyed[each.unit.id] for each in units if each.unit.id in keyed]
    last = max(entered, key=lambda row: (row.keyed_at, row.id), default=None)
    return HomeCount(
        service=service,
        counts=[_count(category, groups[category], keyed) for category in BED_CATEGORIES if category in groups],
        units=units,
        without_category=[each.unit for each in units if each.unit.id not in categories],
        never_reported=[each.unit for each in units if each.unit.id in categories and not each.numbers],
        keyed_at=last.keyed_at if last else None,
        keyed_by=last.keyed_by if last else "",
    )


def _count(category: str, units: Sequence[UnitNow], keyed: dict[int, KeyedNumbers]) -> BedCount:
    before = [keyed[each.unit.id] for each in units if each.unit.id in keyed]
    return BedCount(
        category=category,
        numbers=_total(each.numbers for each in units),
        keyed=_total(before) if before else None,
    )


def _total(rows: Iterable[Numbers | KeyedNumbers | None]) -> Numbers:
    known = [row for row in rows if row is not None]
    return Numbers(**{name: sum(getattr(row, name) for row in known) for name in NUMBERS})
