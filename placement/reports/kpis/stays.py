"""The stays that began in the four quarters, with what measures ask of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.kinds import KINDS
from placement.domain.services import SERVICE_TYPE
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.reports.kpis.groups import WhoIsWho, WhoWas
from placement.reports.kpis.measure import MeasureAsked
from placement.reports.out_of_city import BEGUN, is_counted_there, reason_of

IN_CITY, BY_CHOICE, NOT_BY_CHOICE = "in_city", "by_choice", "not_by_choice"
OUTSIDE = "outside"
FIRST, OTHER, NO_RANK = "first", "other", "no_rank"
NOT_MEANT = "not_meant"
CARE_HOMES, OLDER = frozenset({"residential", "nursing"}), 65
KIND_ROWS = [(kind.slug, kind.label) for kind in KINDS]
WHO_COUNTS = (
    "A person counts once, with the newest of their stays that began in the four quarters; a quarter holds those whose "
    "newest stay began in it. A stay that only goes on from another on the same side of the boundary does not count."
)
"""What every measure of stays says of whom it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayBegun:
    """A stay that began. `reason`: why it is outside the city, None inside it; `rank`: in the list the human saw;
    `nights_asked` None: the referral asked for no end."""

    thing_id: int
    person_id: int
    referral_id: int
    on: date
    kind: str
    service_type: str
    quality: int | None
    is_in_city: bool
    reason: str | None
    weekly_pence: int | None
    miles: float | None
    rank: int | None
    nights_asked: int | None
    who: WhoWas

    @property
    def place_in_list(self) -> str:
        """Whether it was the first of the ranked list, another, or chosen without a list."""
        return NO_RANK if self.rank is None else FIRST if self.rank == 1 else OTHER

    @property
    def care_home_age(self) -> str:
        """The age group of ASCOF 2B and 2C of whoever went into a care home to stay there; NOT_MEANT else."""
        if self.service_type not in CARE_HOMES or self.nights_asked is not None:
            return NOT_MEANT
        return "younger" if self.who.age < OLDER else "older"

    @property
    def accommodation(self) -> str:
        """Whether whoever has a learning disability went into settled accommodation (ASCOF 2E(1)); NOT_MEANT else."""
        if (
            "learning_disability" not in self.who.needs
            or self.who.age >= OLDER
            or self.service_type not in SERVICE_TYPE
        ):
            return NOT_MEANT
        return "settled" if SERVICE_TYPE[self.service_type].is_settled else "other"

    @property
    def where(self) -> str:
        """Whether in the city, or outside it by choice or not."""
        if self.is_in_city:
            return IN_CITY
        return BY_CHOICE if reason_of(self.reason).by_choice else NOT_BY_CHOICE


def stays_begun(session: Session, asked: MeasureAsked) -> Sequence[StayBegun]:
    """Return every stay that began in the four quarters, by id; three queries."""
    rows = (
        select(
            Placement.id.label("thing_id"),
            Placement.person_id,
            Placement.referral_id,
            Placement.start_on.label("on"),
            Referral.kind,
            Service.service_type,
            Service.quality,
            Placement.is_in_city,
            Placement.out_of_city_reason.label("reason"),
            Placement.weekly_pence,
            Placement.miles,
            Placement.rank,
            Referral.nights.label("nights_asked"),
        )
        .join(Referral, Referral.id == Placement.referral_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Service, Service.id == Unit.service_id)
        .where(
            Placement.state.in_(BEGUN),
            Placement.start_on >= asked.year.start,
            Placement.start_on < asked.year.end,
            ~is_counted_there(BEGUN),
        )
        .order_by(Placement.id)
    )
    known = WhoIsWho(session)
    return [
        StayBegun(**row._mapping, who=known.was(row.person_id, row.referral_id, row.on))
        for row in session.execute(rows)
    ]
