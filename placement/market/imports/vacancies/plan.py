"""What a file of vacancy numbers would change, row by row: it only reads, so it can be shown and thrown away."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid, Question
from placement.market.doubts import doubts
from placement.market.imports.vacancies.columns import LABELS, NUMBERS
from placement.market.imports.vacancies.current import UnitNow
from placement.market.numbers import Numbers, require_sum
from placement.records.providers import Service

AGAIN = "Another row of this file is about the same unit: keep one"
CHANGED_SINCE = (
    "These numbers were changed after you downloaded the file: they are now {now}. Look at them, enter what is right, "
    "and put {mark} in the column “Mark”"
)
NOT_ALL = "Fill this in, or leave all four numbers empty"


@dataclass(slots=True, kw_only=True)
class VacancyRow:
    """One row: its number in the file, its cells, which unit it means, its numbers, and what is wrong with them.

    `notes` are said beside it and keep nothing from being stored; `is_older` is a row from before our newest report.
    """

    number: int
    cells: tuple[str, ...] = ()
    now: UnitNow | None = None
    given: Numbers | None = None
    problems: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_older: bool = False

    @property
    def is_good(self) -> bool:
        """Whether it has numbers that can be stored."""
        return self.now is not None and self.given is not None and not self.problems and not self.is_older

    @property
    def is_change(self) -> bool:
        """Whether it says anything else than what is known."""
        return self.is_good and self.now is not None and self.given != self.now.numbers

    @property
    def changes(self) -> list[tuple[str, int | None, int]]:
        """Return (label, before, after) of the numbers that differ; before is None where nothing was ever reported."""
        if self.now is None or self.given is None:
            return []
        before = self.now.numbers
        pairs = [(each, getattr(before, each) if before else None, getattr(self.given, each)) for each in NUMBERS]
        return [(LABELS[each], old, new) for each, old, new in pairs if old != new]


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyImport:
    """The rows of a file in their order, and what to ask before their numbers are stored.

    `others` counts the rows of a national extract about homes of other organisations.
    """

    rows: tuple[VacancyRow, ...]
    others: int = 0
    questions: tuple[Question, ...] = ()

    @property
    def changed(self) -> list[VacancyRow]:
        """The rows that change a number."""
        return [row for row in self.rows if row.is_change]

    @property
    def same(self) -> list[VacancyRow]:
        """The rows that say what is known."""
        return [row for row in self.rows if row.is_good and not row.is_change]

    @property
    def wrong(self) -> list[VacancyRow]:
        """The rows with something to mend."""
        return [row for row in self.rows if row.problems]

    @property
    def older(self) -> list[VacancyRow]:
        """The rows from before the newest report: they are left as they are."""
        return [row for row in self.rows if row.is_older and not row.problems]

    @property
    def empty(self) -> list[VacancyRow]:
        """The rows without any number."""
        return [row for row in self.rows if not (row.is_good or row.problems or row.is_older)]

    @property
    def mark(self) -> str:
        """Return what tells this plan from any other: who confirms it has seen just these changes."""
        known = [(row.now.mark, row.given) for row in self.rows if row.is_good and row.now]
        return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def judge(rows: Sequence[VacancyRow], marks: Sequence[str]) -> None:
    """Say of each row whether its numbers add up, stand twice, or were made from numbers that are others by now."""
    seen: set[int] = set()
    for row, mark in zip(rows, marks, strict=True):
        if row.now is None or row.given is None or row.problems:
            continue
        unit_id = row.now.unit.id
        try:
            require_sum(unit_id, row.given)
        except Invalid as error:
            row.problems[(error.field or "").removesuffix(f"-{unit_id}")] = str(error).rstrip(".")
        if unit_id in seen:
            row.problems["reference"] = AGAIN
        elif mark.strip() and mark.strip().lstrip("'").lower() != row.now.mark and row.is_change:
            row.problems["mark"] = CHANGED_SINCE.format(now=in_words(row.now.numbers), mark=row.now.mark)
        seen.add(unit_id)


def in_words(numbers: Numbers | None) -> str:
    """Return “maximum capacity 8, occupied 6, reserved 1, vacant and accepting 1”."""
    if numbers is None:
        return "not known"
    return ", ".join(f"{LABELS[each].lower()} {getattr(numbers, each)}" for each in NUMBERS)


def asked(
    session: Session, rows: Sequence[VacancyRow], units: Sequence[UnitNow], *, now: datetime
) -> tuple[Question, ...]:
    """Return what to ask before the numbers of these rows are stored, service by service; `units` are all there are."""
    by_service: defaultdict[int, list[VacancyRow]] = defaultdict(list)
    services: dict[int, Service] = {}
    for row in rows:
        if row.is_change and row.now:
            by_service[row.now.service.id].append(row)
            services[row.now.service.id] = row.now.service
    found: list[Question] = []
    for service_id, among in sorted(by_service.items()):
        numbers = {row.now.unit.id: row.given for row in among if row.now and row.given}
        before = {each.unit.id: each.report for each in units if each.service.id == service_id and each.report}
        changed = sorted((row.now.unit for row in among if row.now), key=lambda unit: unit.id)
        name = services[service_id].name
        for each in doubts(session, services[service_id], changed, numbers, before, today(now)):
            # On a page about one service it is clear which unit is meant; here another may be called the same.
            found.append(each if name in each.text else Question(each.key, f"{name}: {each.text}"))
    return tuple(found)
