"""Fairness: whether groups of people are placed in the city, near, and soon, each with how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from placement.reports.kpis.groups import GROUPINGS, NEEDS, Known
from placement.reports.kpis.intervals import ENOUGH, median_interval, share_interval
from placement.reports.kpis.measure import (
    MeasureAsked,
    MeasureColumn,
    MeasureTable,
    MeasureValue,
    Sort,
    StrategyMeasure,
)
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import IN_CITY, WHO_COUNTS, StayBegun
from placement.reports.kpis.tally import ALL, PeopleBook, PeopleTable, middle
from placement.reports.kpis.waits import Wait, wait_book

KnownThing = TypeVar("KnownThing", bound=Known)
PLACED_COLUMNS = (
    MeasureColumn(words="People placed", sort=Sort.COUNT),
    MeasureColumn(words="In-city share", sort=Sort.PERCENT),
    MeasureColumn(words="Share, interval", sort=Sort.WORDS),
    MeasureColumn(words="Miles, median", sort=Sort.NUMBER),
    MeasureColumn(words="Miles, interval", sort=Sort.WORDS),
)
WAIT_COLUMNS = (
    MeasureColumn(words="People with a place found", sort=Sort.COUNT),
    MeasureColumn(words="Days waited, median", sort=Sort.NUMBER),
    MeasureColumn(words="Days, interval", sort=Sort.WORDS),
)


def fairness_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return where and how soon people of each group were placed."""
    placed, waited = stay_book(session, asked), wait_book(session, asked)
    return [
        *_tables("People placed, by {}", placed, PLACED_COLUMNS, _where),
        *_tables("People for whom a place was found, by {}", waited, WAIT_COLUMNS, _how_soon),
    ]


def _tables(
    caption: str,
    book: PeopleBook[KnownThing],
    columns: tuple[MeasureColumn, ...],
    values: Callable[[PeopleTable[KnownThing], str], tuple[MeasureValue, ...]],
) -> Sequence[MeasureTable]:
    """Return a table for each grouping, and one of all needs, of which somebody may have several."""
    rows = {grouping.label: book[grouping.slug].lines(partial(values, book[grouping.slug])) for grouping in GROUPINGS}
    known = [book[need.slug] for need in NEEDS if need.slug in book.tallies]
    by_need = [table.lines(partial(values, table)) for table in known]
    rows["Need"] = tuple(row for lines in by_need for row in lines if not row.is_all)
    return [
        MeasureTable(caption=caption.format(label.lower()), about=label, columns=columns, rows=lines)
        for label, lines in rows.items()
    ]


def _where(table: PeopleTable[StayBegun], row: str) -> tuple[MeasureValue, ...]:
    people, inside = table.told(row), table.told(row, IN_CITY)
    miles = table.values(row, ALL, lambda stay: stay.miles)
    return (
        people,
        table.share(row, IN_CITY),
        _between(share_interval(min(inside, people), people), "%") if people and inside is not None else None,
        middle(miles),
        _between(median_interval(miles)),
    )


def _how_soon(table: PeopleTable[Wait], row: str) -> tuple[MeasureValue, ...]:
    days = table.values(row, ALL, lambda wait: wait.days)
    return table.told(row), middle(days), _between(median_interval(days))


def _between(ends: tuple[float, float] | None, unit: str = "") -> str | None:
    return None if ends is None else f"{round(ends[0])}{unit} to {round(ends[1])}{unit}"


FAIRNESS = StrategyMeasure(
    slug="fairness",
    title="Fairness between groups",
    definition="For people of each age, gender and need: the share placed in the city, how far from where they want to "
    "live, and how long they waited for a place, each with an interval.",
    source="What is recorded of people, of their referrals and of their stays. Shares: Wilson’s interval. Medians: the "
    "interval by rank. Both are of 95 per cent and worked out here.",
    caveats=(
        "What an interval means: few people tell little. Such intervals hold the figure that many people would give 95 "
        "times of 100. Where those of two groups overlap, the difference may be chance; where not, look for a cause.",
        "A difference is no proof that somebody was treated unfairly: needs, prices and wishes differ between groups.",
        WHO_COUNTS,
        "A need counts if it is essential; somebody with several is in several rows, and a need of fewer than "
        "8 people has none. Age is that of the first day.",
        f"The interval of a median is told for {ENOUGH} people or more; that of a share is of the counts as told.",
        "The matcher is never told a gender except for units that ask for one, and it reads age only against a "
        "service’s registration. What it would have done for each group is not told here.",
    ),
    tables=fairness_tables,
    is_quarterly=False,
)
