"""What more places would have been worth, as it may be told: no count of 1 to 7 people in it can be worked out.

The answer in store is exact. Counts go through `small_numbers.protected`, all of one answer at once; nights and pounds
are told by `told_sums`; and what is told alone puts the places in order, so that the order says no more (decision 41).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from placement.domain.kinds import KIND
from placement.domain.services import SERVICE_TYPE
from placement.records.valuations import Valuation
from placement.reports.asked import Area
from placement.reports.exports import Column
from placement.reports.facets import FACETS, FacetGroup
from placement.reports.small_numbers import MARK, Figures, Key, Told, protected
from placement.reports.told_sums import ToldSum, told_sum
from placement.sheets.sheet import Cell

NIGHTS, POUNDS, PRICE = 20, 100, 50
"""Steps that nights, pounds a week and the price of a place are rounded to."""
DEAREST = 5_000
"""Pounds a week that a place costs at most, as anybody may suppose."""
NO_NEED, ANY_TYPE = "No special need", "Any type of service"
_OUTSIDE, _WITHOUT = "outside", "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """By how many people a group has become smaller (`sign` 1), greater (-1) or neither (0); `size` None: held back."""

    size: Told
    sign: int

    @property
    def words(self) -> int | str:
        """The number, or the mark, below 0 where it is more people instead of fewer."""
        if self.size is None:
            return MARK if self.sign > 0 else f"-{MARK}"
        return self.sign * self.size

    @property
    def least(self) -> int:
        """The least that is known of it: of a count that is held back, which way it goes."""
        return self.sign if self.size is None else self.sign * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldGain:
    """What so many more places would have changed: fewer people outside the city not by choice, and without a place;
    fewer nights waited and lived outside; fewer pounds a week. Below 0 it is more instead of fewer.
    """

    places: int
    outside: ToldChange
    without: ToldChange
    waited: ToldSum
    away: ToldSum
    weekly_pounds: ToldSum

    @property
    def worth(self) -> tuple[int, int]:
        """What places are put in order by: people as far as is told, then nights."""
        return self.outside.least + self.without.least, self.waited.value + self.away.value

    @property
    def helps(self) -> bool:
        """Whether it speaks for such a place: fewer people, or as many and fewer nights."""
        return self.worth > (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine:
    """One place that could be commissioned: for what, where, at about which price, and what it would have changed."""

    area: Area
    need: str
    kind: str
    service_type: str
    weekly_pounds: int
    gains: tuple[ToldGain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """A line and one of its gains, as files have them."""

    line: ValueLine
    gain: ToldGain


def value_lines(answer: Valuation, areas: Sequence[Area]) -> Sequence[ValueLine]:
    """Return what an answer may tell of each place thought of, what would have helped most first."""
    told = protected(Figures(counts=_counts(answer.ideas)))
    names = {area.code: area for area in areas}
    nights = answer.span.nights or 1
    lines = [
        ValueLine(
            area=names.get(idea["area"]) or Area(code=idea["area"], name="An area that is no longer used"),
            need=_label(idea["need"], _NEEDS, NO_NEED),
            kind=KIND[idea["kind"]].label,
            service_type=_label(idea["service_type"], _TYPES, ANY_TYPE),
            weekly_pounds=PRICE * round(idea["weekly_pence"] / 100 / PRICE),
            gains=tuple(_gain(each, told, str(number), nights) for each in idea["gains"]),
        )
        for number, idea in enumerate(answer.ideas)
    ]
    return sorted(lines, key=lambda line: ([(-a, -b) for a, b in (gain.worth for gain in line.gains)], _words(line)))


def value_rows(lines: Sequence[ValueLine]) -> list[ValueRow]:
    """Return a row for each number of places of each line."""
    return [ValueRow(line=line, gain=gain) for line in lines for gain in line.gains]


def _counts(ideas: Sequence[Mapping[str, Any]]) -> dict[Key, int]:
    return {
        _key(str(number), gain, name): abs(gain[name])
        for number, idea in enumerate(ideas)
        for gain in idea["gains"]
        for name in (_OUTSIDE, _WITHOUT)
    }


def _gain(gain: Mapping[str, Any], told: Mapping[Key, Told], number: str, nights: int) -> ToldGain:
    people = {name: _change(told[_key(number, gain, name)], gain[name]) for name in (_OUTSIDE, _WITHOUT)}
    is_held = any(change.size is None for change in people.values())
    return ToldGain(
        places=gain["places"],
        outside=people[_OUTSIDE],
        without=people[_WITHOUT],
        waited=told_sum(gain["waited"], step=NIGHTS, each=nights, is_held=is_held),
        away=told_sum(gain["away"], step=NIGHTS, each=nights, is_held=is_held),
        weekly_pounds=told_sum(gain["weekly_pence"] / 100, step=POUNDS, each=DEAREST, is_held=is_held),
    )


def _key(number: str, gain: Mapping[str, Any], name: str) -> Key:
    return number, str(gain["places"]), name


def _change(told: Told, count: int) -> ToldChange:
    return ToldChange(size=told, sign=(count > 0) - (count < 0))


_NEEDS = {facet.slug: facet.label for facet in FACETS if facet.group is FacetGroup.NEED}
_TYPES = {slug: each.label for slug, each in SERVICE_TYPE.items()}


def _label(slug: str, labels: Mapping[str, str], nothing: str) -> str:
    return labels.get(slug, slug) if slug else nothing


def _words(line: ValueLine) -> tuple[str, ...]:
    return line.area.name, line.need, line.kind, line.service_type


def _cell(name: str) -> Callable[[ValueRow], Cell]:
    def value(row: ValueRow) -> Cell:
        told: ToldChange | ToldSum = getattr(row.gain, name)
        return told.words

    return value


COLUMNS = (
    Column("Need", lambda row: row.line.need),
    Column("Area", lambda row: row.line.area.name),
    Column("Kind of referral", lambda row: row.line.kind),
    Column("Type of service", lambda row: row.line.service_type),
    Column("About £ a week for a place", lambda row: row.line.weekly_pounds),
    Column("More places", lambda row: row.gain.places),
    Column("Fewer people outside the city, not by choice", _cell("outside")),
    Column("Fewer people without a place", _cell("without")),
    Column("Fewer nights waited", _cell("waited")),
    Column("Fewer nights outside the city", _cell("away")),
    Column("Fewer £ a week", _cell("weekly_pounds")),
)
