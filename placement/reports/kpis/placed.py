"""The tables of people placed: the ways in which their stays are cut, all of them protected together."""

from __future__ import annotations

from sqlalchemy.orm import Session

from placement.domain.reasons import OUT_OF_CITY
from placement.domain.services import RATINGS, SERVICE_TYPES, rating_label
from placement.reports.kpis.groups import cuts_by_group
from placement.reports.kpis.measure import MeasureAsked
from placement.reports.kpis.stays import (
    BY_CHOICE,
    FIRST,
    IN_CITY,
    KIND_ROWS,
    NO_RANK,
    NOT_BY_CHOICE,
    NOT_MEANT,
    OTHER,
    OUTSIDE,
    StayBegun,
    stays_begun,
)
from placement.reports.kpis.tally import ALL, Cut, PeopleBook
from placement.reports.out_of_city import choice_label, reason_of

PRICE_BANDS = (
    (0, "Under £500"),
    (500_00, "£500 to £999"),
    (1_000_00, "£1,000 to £1,499"),
    (1_500_00, "£1,500 to £1,999"),
    (2_000_00, "£2,000 to £2,999"),
    (3_000_00, "£3,000 or more"),
)
"""The lowest price of each band, in pence a week, and its words."""


def price_band(weekly_pence: int | None) -> str:
    """Return the words of the band of a price; empty where it is not known."""
    if weekly_pence is None:
        return ""
    return next(words for least, words in reversed(PRICE_BANDS) if weekly_pence >= least)


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
    Cut(
        name="types",
        rows=[(each.slug, each.label) for each in SERVICE_TYPES],
        row_of=lambda stay: stay.service_type,
        cell_of=lambda stay: stay.where,
        spots=_SPOTS,
        columns={ALL: tuple(_SPOTS)},
        is_yearly=True,
    ),
    Cut(
        name="bands",
        rows=[(words, words) for _, words in PRICE_BANDS],
        row_of=lambda stay: price_band(stay.weekly_pence),
        cell_of=lambda stay: stay.where,
        spots=_SPOTS,
        columns={ALL: tuple(_SPOTS), IN_CITY: (IN_CITY,), OUTSIDE: (NOT_BY_CHOICE, BY_CHOICE)},
        is_yearly=True,
    ),
    Cut(
        name="care_homes",
        rows=[("younger", "18 to 64"), ("older", "65 or over"), (NOT_MEANT, "")],
        row_of=lambda stay: stay.care_home_age,
        cell_of=lambda stay: stay.where,
        spots=_SPOTS,
        columns={ALL: tuple(_SPOTS)},
        hidden_rows=frozenset({NOT_MEANT}),
        is_yearly=True,
    ),
    Cut(
        name="settled",
        rows=[("settled", "Settled"), ("other", "Not settled"), (NOT_MEANT, "")],
        row_of=lambda stay: stay.accommodation,
        cell_of=lambda stay: stay.where,
        spots=_SPOTS,
        columns={ALL: tuple(_SPOTS)},
        hidden_rows=frozenset({NOT_MEANT}),
        is_yearly=True,
    ),
    *cuts_by_group(lambda stay: stay.where, _SPOTS, {ALL: tuple(_SPOTS), IN_CITY: (IN_CITY,)}),
)
"""The ways in which people who were placed are counted."""
