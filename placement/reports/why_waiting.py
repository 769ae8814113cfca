"""Why people wait tonight, as it may leave the operational roles: by locality and by what is lacking, protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy.orm import Session

from placement.reports.asked import Area, Asked
from placement.reports.counting import Counting
from placement.reports.small_numbers import Told, protected
from placement.reports.waiting import LACKS, waiting_people

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyWaiting:
    """How many wait by (code of the area, slug of the lack), ALL standing for every one; `run_at` None: nobody knows.

    The gap of a city is what the best plan leaves without a place in it, cause by cause; nothing is subtracted.
    """

    run_at: datetime | None
    areas: tuple[Area, ...]
    told: Mapping[tuple[str, str], Told]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Code and name of the areas in which anybody waits, and last of the whole city."""
        known = [(area.code, area.name) for area in self.areas if self.told.get((area.code, ALL)) != 0]
        return [*known, (ALL, "Whole city")]


def why_waiting(session: Session, asked: Asked) -> WhyWaiting:
    """Return who waits by area and lack, for the needs and the kind that are asked about; two queries."""
    run_at, people = waiting_people(session, asked)
    areas = asked.areas()
    if run_at is None:
        return WhyWaiting(run_at=None, areas=areas, told={})
    codes, lacks = [area.code for area in areas], [lack.slug for lack in LACKS]
    book, cells = Counting(), list(product(codes, lacks))
    book.whole(("ground",), (one for group in people.values() for one in group))
    book.parts(("ground",), {("cell", *cell): people.get(cell, ()) for cell in cells})
    for area, lack in product((ALL, *codes), (ALL, *lacks)):
        chosen = [cell for cell in cells if area in (ALL, cell[0]) and lack in (ALL, cell[1])]
        book.sum((area, lack), [("cell", *cell) for cell in chosen])
    told = protected(book.figures(), by_day=True)
    return WhyWaiting(run_at=run_at, areas=areas, told={(area, lack): count for (area, lack), count in told.items()})
