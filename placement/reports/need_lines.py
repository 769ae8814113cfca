"""The lines of what the city needs next, as pages and files read them: nothing in them is more than may be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from placement.reports.asked import Area
from placement.reports.exports import Column
from placement.reports.facets import FACETS, FacetGroup, NeedFacet
from placement.reports.quarters import IN_A_YEAR, Quarters
from placement.reports.small_numbers import FEWEST, MARK, STEP, Told
from placement.sheets.sheet import Cell

STEPS = (1, 2, 5)
"""How many more places are thought of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """For whom of a facet, or of everybody, there was no place, in one area or the whole city; None: held back.

    `people`, `outside` (of them placed outside the city, not by choice) and `served` (by so many more places) are
    protected counts. The others are rounded, and None where the count that they belong to is not told: `nights` waited
    in all, `monthly_pence` of the places outside, `used` nights of the year on which one more place would have been.
    """

    facet: NeedFacet | None
    area: Area | None
    people: Told
    last: Told
    outside: Told
    nights: int | None
    monthly_pence: int | None
    used: int | None
    served: Mapping[int, Told]

    @property
    def area_code(self) -> str:
        """The code of the area, empty for the whole city."""
        return self.area.code if self.area else ""

    @property
    def coming(self) -> Told:
        """How many a quarter, if it goes on as in the year: worked out from what is told, so that it tells no more."""
        pace = (self.people or 0) / IN_A_YEAR
        return 0 if self.people == 0 else STEP * round(pace / STEP) if pace >= FEWEST else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityNeeds:
    """The whole answer; `lines` by facet (None: everybody) and code of the area (None: the whole city)."""

    spans: Quarters
    areas: tuple[Area, ...]
    lines: Mapping[tuple[NeedFacet | None, str | None], NeedLine]

    def facets(self, group: FacetGroup) -> list[NeedFacet]:
        """Return the facets of a group in which anybody is counted, those with most people in the city first."""
        known = [facet for facet in FACETS if facet.group is group and (facet, None) in self.lines]
        return sorted(known, key=lambda facet: -(self.lines[facet, None].people or 0))

    def worst(self, facets: Iterable[NeedFacet], *, by: str = "people") -> list[NeedLine]:
        """Return the lines of these facets in an area that are told, the most people first."""
        chosen = set(facets)
        found = [line for (facet, area), line in self.lines.items() if facet in chosen and area and getattr(line, by)]
        return sorted(found, key=lambda line: (-(getattr(line, by) or 0), -(line.nights or 0)))


def _told(count: Told) -> Cell:
    return MARK if count is None else count


COLUMNS = (
    Column("Need, kind or type", lambda line: line.facet.label if line.facet else "Everybody"),
    Column("Area", lambda line: line.area.name if line.area else "Whole city"),
    Column("People without a place in the city", lambda line: _told(line.people)),
    Column("Of them in the last quarter", lambda line: _told(line.last)),
    Column("Of them placed outside, not by choice", lambda line: _told(line.outside)),
    Column("Nights waited", lambda line: line.nights),
    Column("Places outside, £ a month", lambda line: None if line.monthly_pence is None else line.monthly_pence // 100),
    Column("Nights that one more place would have been used", lambda line: line.used),
    *(
        Column(f"Served by {places} more", lambda line, places=places: _told(line.served[places]))  # type: ignore[misc]
        for places in STEPS
    ),
)
