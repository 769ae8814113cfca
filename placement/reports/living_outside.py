"""How many people live outside the city tonight and why, and how many went in each quarter, as it may be told.

People, not reservations: whoever lives in a place tonight counts once. Every count went through `told_together`, all of
a day at once; the quarters are over, and told by themselves. The register by name is brokerage's (the return list).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.records.placements import Placement
from placement.reports.asked import Asked
from placement.reports.exports import Column
from placement.reports.out_of_city import BEGUN, is_counted_there, reason_of
from placement.reports.outside_splits import SPLITS, Split
from placement.reports.overlapping import told_together
from placement.reports.placed_people import PlacedPerson, placed_people
from placement.reports.quarters import quarters_over, span_words
from placement.reports.small_numbers import FEWEST, MARK, Told
from placement.sheets.sheet import Cell

_ROUGHLY = 5_000_00  # pence: less would tell, at £500 a week and more each, that fewer than 8 make up a difference
ALL, OUTSIDE, BY_CHOICE, NOT_BY_CHOICE = "all", "outside", "by_choice", "not_by_choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """How many people one row of a table counts, and what they cost a week, to the nearest £5,000; None: not told."""

    split: Split
    label: str
    people: Told
    weekly_pence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingOutside:
    """Who lives in a place tonight (`everybody`), outside the city (`outside`), and the rows of each table by slug."""

    everybody: Told
    outside: Told
    weekly_pence: int | None
    tables: Mapping[str, Sequence[OutsideRow]]

    @property
    def percent(self) -> int | None:
        """Those outside in a hundred, to the nearest 5, worked out from what is told."""
        return 5 * round(20 * self.outside / self.everybody) if self.outside and self.everybody else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterOutside:
    """Of the people whose stay began in a quarter: all, outside the city, by choice and not."""

    quarter: Period
    begun: Told
    outside: Told
    by_choice: Told
    not_by_choice: Told

    @property
    def label(self) -> str:
        """The quarter in words."""
        return span_words(self.quarter)


def living_outside(session: Session, *, now: datetime) -> LivingOutside:
    """Return who lives outside the city tonight; six queries."""
    return told_outside(placed_people(session), now=now)


def told_outside(everybody: Sequence[PlacedPerson], *, now: datetime) -> LivingOutside:
    """Return what may be told of people who live in a place, of whom only those outside the city are split up."""
    groups: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    of = {who.person_id: who for who in everybody}
    for who in everybody:
        groups[ALL,].add(who.person_id)
        if not who.is_in_city:
            groups[OUTSIDE,].add(who.person_id)
            for split in SPLITS:
                for label in split.rows_of(who, now):
                    groups[split.slug, label].add(who.person_id)
    told = told_together({key: frozenset(group) for key, group in groups.items()}, by_day=True)
    cost = {key: _weekly(of[one] for one in group) if told[key] else None for key, group in groups.items()}
    return LivingOutside(
        everybody=told.get((ALL,)),
        outside=told.get((OUTSIDE,)),
        weekly_pence=cost.get((OUTSIDE,)),
        tables={split.slug: _rows(split, told, cost) for split in SPLITS},
    )


def quarters_outside(session: Session, *, now: datetime) -> Sequence[QuarterOutside]:
    """Return whose stay began in each of the four quarters that are over, the oldest first; one query."""
    spans = quarters_over(today(now))
    rows = select(Placement.person_id, Placement.start_on, Placement.is_in_city, Placement.out_of_city_reason).where(
        Placement.state.in_(BEGUN), Placement.start_on >= spans[-1].start, Placement.start_on < spans[0].end
    )
    groups: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for person, start, is_in_city, slug in session.execute(rows.where(~is_counted_there(BEGUN))):
        quarter = _quarter(spans, start)
        choice = BY_CHOICE if reason_of(slug).by_choice else NOT_BY_CHOICE
        for what in (ALL,) if is_in_city else (ALL, OUTSIDE, choice):
            groups[quarter, what].add(person)
    told = told_together({key: frozenset(group) for key, group in groups.items()})
    return [
        QuarterOutside(
            quarter=span,
            begun=told.get((str(span.start), ALL)),
            outside=told.get((str(span.start), OUTSIDE)),
            by_choice=told.get((str(span.start), BY_CHOICE)),
            not_by_choice=told.get((str(span.start), NOT_BY_CHOICE)),
        )
        for span in reversed(spans)
    ]


def outside_rows(session: Session, asked: Asked) -> Sequence[OutsideRow]:
    """Return the rows of all tables, as the catalogue asks for them."""
    found = living_outside(session, now=asked.now)
    return [row for rows in found.tables.values() for row in rows]


def quarter_rows(session: Session, asked: Asked) -> Sequence[QuarterOutside]:
    """Return the quarters, as the catalogue asks for them."""
    return quarters_outside(session, now=asked.now)


def _quarter(spans: Iterable[Period], day: date) -> str:
    return next(str(span.start) for span in spans if span.holds(day))


def _rows(
    split: Split, told: Mapping[tuple[str, ...], Told], cost: Mapping[tuple[str, ...], int | None]
) -> Sequence[OutsideRow]:
    """Return the rows that are told, the most people first: which others there are says no one."""
    rows = [
        OutsideRow(split=split, label=key[1], people=count, weekly_pence=cost[key])
        for key, count in told.items()
        if key[0] == split.slug and count
    ]
    return sorted(rows, key=lambda row: (-(row.people or 0), row.label))


def _weekly(group: Iterable[PlacedPerson]) -> int | None:
    prices = [who.weekly_pence for who in group if who.weekly_pence is not None]
    return _ROUGHLY * round(sum(prices) / _ROUGHLY) if len(prices) >= FEWEST else None


def _cell(told: Told) -> Cell:
    return MARK if told is None else told


OUTSIDE_COLUMNS = (
    Column("Table", lambda row: row.split.title),
    Column("Row", lambda row: row.label),
    Column("People", lambda row: _cell(row.people)),
    Column("£ a week", lambda row: None if row.weekly_pence is None else row.weekly_pence // 100),
)
QUARTER_COLUMNS = (
    Column("Quarter", lambda row: row.label),
    Column("People whose stay began", lambda row: _cell(row.begun)),
    Column("Outside the city", lambda row: _cell(row.outside)),
    Column("By choice or best interest", lambda row: _cell(row.by_choice)),
    Column("Not by choice", lambda row: _cell(row.not_by_choice)),
)
