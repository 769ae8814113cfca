"""Why people wait tonight, as it may leave the operational roles: by locality and by what is lacking, protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from placement.reports.asked import Area, Asked, DemandPeriod, Level
from placement.reports.gap_groups import CITY, UNMET
from placement.reports.gaps import people_told
from placement.reports.small_numbers import Told
from placement.reports.waiting import LACKS, waiting

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
        """Code and name of every area, and last of the whole city."""
        return [*((area.code, area.name) for area in self.areas), (ALL, "Whole city")]


def why_waiting(session: Session, asked: Asked) -> WhyWaiting:
    """Return who waits by locality and lack, whatever they need: figures of the gap map; 17 queries."""
    everybody = replace(asked, level=Level.LOCALITY, period=DemandPeriod.OPEN, needs=(), kind="", service_type="")
    run_at, areas = waiting(session, everybody).run_at, everybody.areas()
    if run_at is None:
        return WhyWaiting(run_at=None, areas=areas, told={})
    known = people_told(session, everybody)
    told = {
        (area, lack): known.people(everybody, CITY if area == ALL else area, UNMET if lack == ALL else lack)
        for area in (ALL, *(each.code for each in areas))
        for lack in (ALL, *(each.slug for each in LACKS))
    }
    return WhyWaiting(run_at=run_at, areas=areas, told=told)
