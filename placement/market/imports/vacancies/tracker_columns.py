"""Where the columns of a national extract stand: a row for each category, or a group of columns for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from placement.domain.tracker import BED_CATEGORIES, HEADINGS, NEEDED
from placement.market.imports.vacancies.columns import folded, places_of

COUNTED = ("maximum", "occupied", "vacancies", "reserved", "closed", "admissions", "status")
"""What each category can have a column of its own for."""
Places = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerColumns:
    """The column of each field, and by category those of its own."""

    shared: Places
    grouped: Mapping[str, Places] = field(default_factory=dict)

    def groups(self) -> dict[str | None, Places]:
        """Return, for each category that a row has numbers of, the columns to read; None: the row names it itself."""
        return {category: {**self.shared, **own} for category, own in self.grouped.items()} or {None: self.shared}


def tracker_columns(headings: Sequence[str], words: Mapping[str, Sequence[str]]) -> TrackerColumns | None:
    """Return the columns of an extract, or None where it is none. Raises UnusableFile for one that is twice there."""
    known = {row.slug: words[row.slug] for row in HEADINGS}
    columns = TrackerColumns(shared=places_of(headings, known), grouped=_grouped(headings, known))
    return columns if all(map(_has_all, columns.groups().values())) else None


def _has_all(places: Places) -> bool:
    return set(NEEDED) <= places.keys() and bool(places.keys() & {"admissions", "status"})


def _grouped(headings: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, Places]:
    """Find headings such as “dementia_nursing_usedbeds” or “Used beds: dementia nursing”."""
    meant = {
        both: (category, name)
        for category, label in BED_CATEGORIES.items()
        for name in COUNTED
        for alias in known[name]
        for said in (folded(category), folded(label))
        for both in (said + folded(alias), folded(alias) + said)
    }
    found: dict[str, Places] = {}
    for place, heading in enumerate(headings):
        if (each := meant.get(folded(heading))) is not None:
            found.setdefault(each[0], {})[each[1]] = place
    return found
