"""What a report is asked: which needs, kind, period and level of area, on which day and over which wards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from placement.domain.clocks import today
from placement.domain.councils import COUNCIL
from placement.domain.periods import Period
from placement.geography.localities import Localities
from placement.geography.wards import WardSet
from placement.reports.quarters import quarter_of, quarters, quarters_over, span_words

OUTSIDE, UNPLACED = "outside", "unplaced"


class DemandPeriod(StrEnum):
    """Of when a question is: of whom the newest run leaves waiting, or of who asked in a quarter or in four of them.

    Whole quarters only: of days that anybody may choose, two questions would give away who came between them.
    """

    OPEN = "open"
    PRESENT = "this_quarter"
    LAST = "last_quarter"
    SECOND = "second_quarter"
    THIRD = "third_quarter"
    FOURTH = "fourth_quarter"
    YEAR = "year"


QUARTERS_OVER = (DemandPeriod.LAST, DemandPeriod.SECOND, DemandPeriod.THIRD, DemandPeriod.FOURTH)
"""The quarters that are over, the newest first."""


class Level(StrEnum):
    """The areas that rows stand for."""

    WARD = "ward"
    LOCALITY = "locality"


LEVEL_LABELS = {Level.WARD: "Ward", Level.LOCALITY: "Locality (LIT)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A ward, a locality, or one of the two rows for what lies in none; `code` is unique in one question."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question. No needs, kind or type of service stand for all of them; several needs are wanted together."""

    now: datetime
    ward_set: WardSet
    localities: Localities
    needs: tuple[str, ...] = ()
    kind: str = ""
    service_type: str = ""
    period: DemandPeriod = DemandPeriod.OPEN
    level: Level = Level.WARD

    @property
    def is_now(self) -> bool:
        """Whether it is about those who wait now, and not about a past."""
        return self.period is DemandPeriod.OPEN

    @property
    def when(self) -> str:
        """The period in words: “July to September 2026”."""
        return period_words(self.period, today(self.now))

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


def span_of_period(period: DemandPeriod, day: date) -> Period:
    """Return the days of a period that is seen from a day. Raises ValueError for what has none: who waits now."""
    if period is DemandPeriod.YEAR:
        return quarters(day).year
    if period is DemandPeriod.PRESENT:
        return quarter_of(day)
    return quarters_over(day)[QUARTERS_OVER.index(period)]


def period_words(period: DemandPeriod, day: date) -> str:
    """Return a period in words."""
    if period is DemandPeriod.OPEN:
        return "Waiting now"
    words = span_words(span_of_period(period, day))
    return f"{words} so far" if period is DemandPeriod.PRESENT else words
