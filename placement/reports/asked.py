"""What a report is asked: which needs, kind, period and level of area, on which day and over which wards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from placement.domain.councils import COUNCIL
from placement.geography.localities import Localities
from placement.geography.wards import WardSet

OUTSIDE, UNPLACED = "outside", "unplaced"


class DemandPeriod(StrEnum):
    """Whose referrals count as demand."""

    OPEN = "open"
    YEAR = "year"


class Level(StrEnum):
    """The areas that rows stand for."""

    WARD = "ward"
    LOCALITY = "locality"


PERIOD_LABELS = {DemandPeriod.OPEN: "Searched for now", DemandPeriod.YEAR: "Referred in the last 12 months"}
LEVEL_LABELS = {Level.WARD: "Ward", Level.LOCALITY: "Locality (LIT)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A ward, a locality, or one of the two rows for what lies in none; `code` is unique in one question."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question. No needs and no kind stand for all of them; several needs are wanted together."""

    now: datetime
    ward_set: WardSet
    localities: Localities
    needs: tuple[str, ...] = ()
    kind: str = ""
    period: DemandPeriod = DemandPeriod.OPEN
    level: Level = Level.WARD

    def areas(self) -> tuple[Area, ...]:
        """Return every area of the level in its own order, and last the two rows for the rest."""
        if self.level is Level.WARD:
            named = tuple(Area(code=ward.code, name=ward.name) for ward in self.ward_set.wards)
            rest = "In the city, in no ward of this set"
        else:
            named = tuple(Area(code=each.slug, name=each.name) for each in self.localities.areas)
            rest = "In the city, in no locality"
        return *named, Area(code=UNPLACED, name=rest), Area(code=OUTSIDE, name="Outside the city or not known")

    def area_of(self, ward_code: str | None, authority: str | None) -> str:
        """Return the code of the area in which something lies; a code of another vintage of wards is unplaced."""
        if ward_code is None:
            return UNPLACED if COUNCIL[self.ward_set.authority].has(authority) else OUTSIDE
        if self.level is Level.WARD:
            return ward_code if self.ward_set.ward(ward_code) else UNPLACED
        locality = self.localities.of(ward_code)
        return locality.slug if locality else UNPLACED
