"""What became of the referrals of a year: where a place was found, how long it took, and for whom none was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from placement.reports.asked import Asked
from placement.reports.cases import cases
from placement.reports.demand import in_period, wanting


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """Referrals by what became of them, each in one of the first five; `declined` by at least one provider.

    `nights`: from being submitted until a place was found, the referral ended, or now; all of them together.
    """

    in_city: int = 0
    by_choice: int = 0
    not_by_choice: int = 0
    still: int = 0
    ended: int = 0
    declined: int = 0
    nights: int = 0

    @property
    def total(self) -> int:
        """All referrals."""
        return self.in_city + self.by_choice + self.not_by_choice + self.still + self.ended

    @property
    def unplaced(self) -> int:
        """Referrals for which no place was found, whether they are still searched for or not."""
        return self.still + self.ended

    @property
    def unmet(self) -> int:
        """Referrals that got no place in the city though nobody chose one outside it."""
        return self.not_by_choice + self.unplaced

    @property
    def nights_each(self) -> int:
        """Nights waited on average, rounded."""
        return round(self.nights / self.total) if self.total else 0


def past(session: Session, asked: Asked) -> Mapping[str, Became]:
    """Return what became of the referrals of the period, by the area where the person lives; five queries."""
    by_area: defaultdict[str, list[Became]] = defaultdict(list)
    for case in cases(session, in_period(asked.period, asked.now), *wanting(asked), now=asked.now):
        one = Became(**{case.outcome.value: 1}, declined=int(case.is_declined), nights=case.nights)
        by_area[asked.area_of(case.ward_code, case.authority)].append(one)
    return {area: together(rows) for area, rows in by_area.items()}


def together(rows: Iterable[Became]) -> Became:
    """Return the sum of some rows."""
    every = list(rows)
    return Became(**{each.name: sum(getattr(row, each.name) for row in every) for each in fields(Became)})
