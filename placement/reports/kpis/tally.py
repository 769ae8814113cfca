"""Counting people for measures: rows by columns by quarters, all told of the same people protected at once.

A person counts once, with the newest thing that happened to them in the four quarters: eight stays can be one person.
A quarter holds those whose newest lies in it, so that the quarters add up to the year. Shares are worked out from the
counts that are told, so that they tell no more; averages and medians are told only where their count is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from statistics import fmean, median
from typing import Generic, Protocol, TypeVar

from placement.reports.counting import Counting
from placement.reports.kpis.measure import MeasureAsked, MeasureRow, MeasureSpan, MeasureValue
from placement.reports.small_numbers import FEWEST, Key, Told, protected

ALL = "all"
NOT_RECORDED = ("", "Not recorded")


class OfPerson(Protocol):
    """Something that happened to a person on a day."""

    @property
    def thing_id(self) -> int: ...

    @property
    def person_id(self) -> int: ...

    @property
    def on(self) -> date: ...


Thing = TypeVar("Thing", bound=OfPerson)
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, kw_only=True)
class Cut(Generic[Thing]):
    """One way to cut people into the rows and cells of a table.

    `spots`: which cells a spot of the ground is cut into; a spot that is not named is left out of this table.
    `columns`: the cells that make up each column. `is_possible`: what everybody knows cannot be must not be counted
    as if it could. A row that is not among `rows` counts as “Not recorded”. Hidden rows are counted and not told.
    `is_yearly`: it is told of the whole year alone, which leaves more of it to be told. Of fewer
    than `least` people in the rows that are told there is no table.
    """

    name: str
    rows: Sequence[tuple[str, str]]
    row_of: Callable[[Thing], str]
    cell_of: Callable[[Thing], str]
    spots: Mapping[str, Sequence[str]]
    columns: Mapping[str, Sequence[str]]
    is_possible: Callable[[str, str], bool] = lambda row, cell: True
    hidden_rows: frozenset[str] = frozenset()
    is_yearly: bool = False
    least: int = 0


class PeopleBook(Generic[Thing]):
    """People and what happened to them last, cut in several ways that are told side by side."""

    def __init__(
        self,
        things: Iterable[Thing],
        asked: MeasureAsked,
        cuts: Sequence[Cut[Thing]],
        *,
        spot_of: Callable[[Thing], str] = lambda thing: "",
    ) -> None:
        """Take everything of the four quarters; what lies outside them is left out."""
        self.asked = asked
        self.every = [thing for thing in things if asked.year.holds(thing.on)]
        newest = {thing.person_id: thing for thing in sorted(self.every, key=lambda each: (each.on, each.thing_id))}
        self.newest = [newest[person] for person in sorted(newest)]
        self._spot_of = spot_of
        self.tallies = {cut.name: PeopleTable(self, cut) for cut in cuts if self._are_enough(cut)}

    def _are_enough(self, cut: Cut[Thing]) -> bool:
        return not cut.least or sum(cut.row_of(thing) not in cut.hidden_rows for thing in self.newest) >= cut.least

    def __getitem__(self, name: str) -> PeopleTable[Thing]:
        """Return one of the tables."""
        return self.tallies[name]

    @cached_property
    def told(self) -> dict[Key, Told]:
        """What may be told of every table, by its name, span, row and column."""
        book = Counting()
        spots = sorted({spot for tally in self.tallies.values() for spot in tally.cut.spots})
        for spot in spots:
            at = [thing for thing in self.newest if self._spot_of(thing) == spot]
            grounds = {
                _ground(span, spot): [thing.person_id for thing in at if span.period.holds(thing.on)]
                for span in self.asked.spans
            }
            book.whole(year := _ground(self.asked.spans[0], spot), grounds.pop(year))
            book.parts(year, grounds)
            for span, tally in product(self.asked.spans, self.tallies.values()):
                if spot in tally.cut.spots and span in tally.cut_spans:
                    here = [thing for thing in at if span.period.holds(thing.on)]
                    book.parts(_ground(span, spot), tally.cells(span, spot, here))
        for tally in self.tallies.values():
            tally.add_sums(book)
        return protected(book.figures())


class PeopleTable(Generic[Thing]):
    """One table of a book."""

    def __init__(self, book: PeopleBook[Thing], cut: Cut[Thing]) -> None:
        """Take the people of a book. Who lacks a row gets one."""
        self._book, self.cut, self._known = book, cut, {slug for slug, _ in cut.rows}
        is_missing = any(not self._row_of(thing) for thing in book.newest if self._is_cut(thing))
        self.rows = [*cut.rows, *([NOT_RECORDED] if is_missing and "" not in self._known else [])]

    @property
    def cut_spans(self) -> tuple[MeasureSpan, ...]:
        """The spans of which the finest cells are."""
        return self._book.asked.spans[:1] if self.cut.is_yearly else self._book.asked.quarters

    def told(self, row: str = ALL, column: str = ALL, span: MeasureSpan | None = None) -> Told:
        """Return how many people, as it may be told."""
        return self._book.told[self.cut.name, (span or self._book.asked.span).slug, row, column]

    def share(self, row: str, column: str, of: str = ALL) -> int | None:
        """Return one column in a hundred of another; None where either is held back, or nobody is in the other."""
        return _percent(self.told(row, column), self.told(row, of))

    def share_of_all(self, row: str, column: str) -> int | None:
        """Return of a hundred people in a column those in a row; None where either is held back."""
        return _percent(self.told(row, column), self.told(ALL, column))

    def values(
        self, row: str, column: str, of: Callable[[Thing], Number | None], *, every: bool = False
    ) -> list[Number]:
        """Return what is known of each person in a cell; nothing where their count is not told or few are known.

        `every`: of each thing that happened in the cell, not of everybody's newest alone.
        """
        if not self.told(row, column):
            return []
        things = self._book.every if every else self._book.newest
        known = [value for thing in things if self._is_in(thing, row, column) and (value := of(thing)) is not None]
        return known if len(known) >= FEWEST else []

    def lines(self, values: Callable[[str], tuple[MeasureValue, ...]]) -> tuple[MeasureRow, ...]:
        """Return a line for each row in which anybody of the year may be, and last one for everybody; none for none."""
        year = self._book.asked.spans[0]
        if self.told(ALL, ALL, year) == 0:
            return ()
        some = [(slug, label) for slug, label in self.rows if slug not in self.cut.hidden_rows]
        return (
            *(MeasureRow(label=label, values=values(slug)) for slug, label in some if self.told(slug, ALL, year) != 0),
            MeasureRow(label="All", values=values(ALL), is_all=True),
        )

    def cells(self, span: MeasureSpan, spot: str, here: Iterable[Thing]) -> dict[Key, list[int]]:
        """Return the people of one span and spot by the finest cells of this table."""
        found: dict[Key, list[int]] = {
            self._cell(span.slug, slug, cell): []
            for slug, _ in self.rows
            for cell in self.cut.spots[spot]
            if self.cut.is_possible(slug, cell)
        }
        for thing in here:
            found[self._cell(span.slug, self._row_of(thing), self.cut.cell_of(thing))].append(thing.person_id)
        return found

    def add_sums(self, book: Counting) -> None:
        """Make up what this table tells of the year and of each quarter from its cells."""
        year = self._book.asked.spans[0]
        spans = self._book.asked.spans[: 1 if self.cut.is_yearly else None]
        finest = [span.slug for span in self.cut_spans]
        rows = [slug for slug, _ in self.rows]
        shown = [slug for slug in rows if slug not in self.cut.hidden_rows]
        for span, row, (column, made_of) in product(spans, (ALL, *shown), self.cut.columns.items()):
            within = finest if span is year else [span.slug]
            chosen = product(within, shown if row is ALL else [row], made_of)
            book.sum(
                (self.cut.name, span.slug, row, column),
                [self._cell(*key) for key in chosen if self.cut.is_possible(key[1], key[2])],
            )

    def _cell(self, span: str, row: str, cell: str) -> Key:
        return ("cell", self.cut.name, span, row, cell)

    def _row_of(self, thing: Thing) -> str:
        row = self.cut.row_of(thing)
        return row if row in self._known else ""

    def _is_cut(self, thing: Thing) -> bool:
        return any(self.cut.cell_of(thing) in cells for cells in self.cut.spots.values())

    def _is_in(self, thing: Thing, row: str, column: str) -> bool:
        return (
            self._book.asked.span.period.holds(thing.on)
            and self.cut.cell_of(thing) in self.cut.columns[column]
            and (self._row_of(thing) == row or (row == ALL and self._row_of(thing) not in self.cut.hidden_rows))
        )


def _ground(span: MeasureSpan, spot: str) -> Key:
    return ("ground", span.slug, spot)


def mean(numbers: Sequence[float]) -> int | None:
    """Return the average to the nearest whole number; None of nothing."""
    return round(fmean(numbers)) if numbers else None


def middle(numbers: Sequence[float]) -> int | None:
    """Return the median to the nearest whole number; None of nothing."""
    return round(median(numbers)) if numbers else None


def _percent(some: Told, every: Told) -> int | None:
    return None if some is None or not every else min(100, round(100 * some / every))
