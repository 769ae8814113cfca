"""The stays that began in the four quarters, with what measures ask of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.kinds import KINDS
from placement.domain.reasons import OUT_OF_CITY
from placement.domain.services import RATINGS, rating_label
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.reports.kpis.groups import WhoIsWho, WhoWas, cuts_by_group
from placement.reports.kpis.measure import MeasureAsked
from placement.reports.kpis.tally import ALL, Cut, PeopleBook
from placement.reports.out_of_city import BEGUN, choice_label, is_counted_there, reason_of

IN_CITY, BY_CHOICE, NOT_BY_CHOICE = "in_city", "by_choice", "not_by_choice"
OUTSIDE = "outside"
FIRST, OTHER, NO_RANK = "first", "other", "no_rank"
KIND_ROWS = [(kind.slug, kind.label) for kind in KINDS]
WHO_COUNTS = (
    "A person counts once, with the newest of their stays that began in the four quarters; a quarter holds those whose "
    "newest stay began in it. A stay that only goes on from another on the same side of the boundary does not count."
)
"""What every measure of stays says of whom it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayBegun:
    """A stay that began. `reason`: why it is outside the city, None inside it; `rank`: in the list the human saw."""

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
    who: WhoWas

    @property
    def place_in_list(self) -> str:
        """Whether it was the first of the ranked list, another, or chosen without a list."""
        return NO_RANK if self.rank is None else FIRST if self.rank == 1 else OTHER

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


def stay_book(session: Session, asked: MeasureAsked) -> PeopleBook[StayBegun]:
    """Return every table of people placed: whichever is asked for, all of them are protected together."""
    return PeopleBook(stays_begun(session, asked), asked, STAY_CUTS, spot_of=lambda stay: stay.where)


_SPOTS = {where: (where,) for where in (IN_CITY, NOT_BY_CHOICE, BY_CHOICE)}
_RANKS = {where: tuple(f"{where} {rank}" for rank in (FIRST, OTHER, NO_RANK)) for where in _SPOTS}
STAY_CUTS: tuple[Cut[StayBegun], ...] = (
    Cut(
        name="kinds",
        rows=KIND_ROWS,
        row_of=lambda stay: stay.kind,
        cell_of=lambda stay: stay.where,
        spots=_SPOTS,
        columns={ALL: tuple(_SPOTS), **_SPOTS},
    ),
    Cut(
        name="reasons",
        rows=[(reason.slug, f"{reason.label} ({choice_label(reason).lower()})") for reason in OUT_OF_CITY],
        row_of=lambda stay: reason_of(stay.reason).slug,
        cell_of=lambda stay: stay.where,
        spots={where: cells for where, cells in _SPOTS.items() if where != IN_CITY},
        columns={ALL: (NOT_BY_CHOICE, BY_CHOICE)},
        is_possible=lambda row, cell: reason_of(row).by_choice == (cell == BY_CHOICE),
    ),
    Cut(
        name="ratings",
        rows=[(label, label) for label in (*reversed(RATINGS), rating_label(None))],
        row_of=lambda stay: rating_label(stay.quality),
        cell_of=lambda stay: stay.where,
        spots=_SPOTS,
        columns={ALL: tuple(_SPOTS), IN_CITY: (IN_CITY,), OUTSIDE: (NOT_BY_CHOICE, BY_CHOICE)},
    ),
    Cut(
        name="ranks",
        rows=KIND_ROWS,
        row_of=lambda stay: stay.kind,
        cell_of=lambda stay: f"{stay.where} {stay.place_in_list}",
        spots=_RANKS,
        columns={
            ALL: [cell for cells in _RANKS.values() for cell in cells[:2]],
            FIRST: [cells[0] for cells in _RANKS.values()],
            OTHER: [cells[1] for cells in _RANKS.values()],
        },
    ),
    *cuts_by_group(lambda stay: stay.where, _SPOTS, {ALL: tuple(_SPOTS), IN_CITY: (IN_CITY,)}),
)
"""The ways in which people who were placed are counted."""
