"""What new numbers say of what is kept for others and of who is to leave: whoever reports has just looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Question
from placement.domain.others import LIVES_HERE, PURPOSE
from placement.domain.people import Actor
from placement.domain.states import THERE, PlacementState
from placement.domain.text import amount
from placement.market.numbers import Numbers
from placement.market.promises import living_now, stays_in
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.vacancies import VacancyReport


def kept_doubt(session: Session, unit: Unit, given: Numbers, day: date) -> list[Question]:
    """Return the question to ask where numbers have fewer places reserved than are kept for others."""
    kept = [each for each in _standing(session, unit) if _is_kept(each, day)]
    places = sum(each.places for each in kept)
    left = _reserved_for_others(session, unit, given.reserved, day)
    if places <= left:
        return []
    what = ", ".join(sorted({each.name or PURPOSE[each.purpose].label.lower() for each in kept}))
    text = (
        f"{unit.name} keeps {amount(places, 'place')} for others ({what}), and by these numbers {left} of the reserved "
        "places can be theirs. If you save these numbers all the same, what is more than that is kept no longer."
    )
    return [Question(f"kept-{unit.id}-{places}-{left}", text)]


def settle(
    session: Session, unit: Unit, report: VacancyReport, before: VacancyReport | None, *, by: Actor, now: datetime
) -> None:
    """Let new numbers stand for what they include, and for departures and arrivals that have happened.

    Where fewer of a provider's own people live there than before, those who were to leave first have left. Whatever is
    in doubt is settled so that no place more is free.
    """
    rows, day = _standing(session, unit), today(now)
    if not rows:
        return
    going = [each for each in rows if each.purpose == LIVES_HERE]
    over = {*_gone(session, unit, going, report, before, day), *_kept_no_more(session, unit, rows, report, day)}
    for other in rows:
        if other in over:
            other.over_at = now
            record(session, "other_stay_settled", other, by=by, now=now, unit=unit.id, report=report.id)
        elif other.purpose == LIVES_HERE or other.start_on <= day:
            other.counted_in_id = report.id


def carry_on(session: Session, before: VacancyReport, report: VacancyReport) -> None:
    """Let numbers that were confirmed as they are include what they included."""
    rows = select(OtherStay).where(OtherStay.counted_in_id == before.id, OtherStay.over_at.is_(None))
    for other in session.scalars(rows):
        other.counted_in_id = report.id


def ours_there(session: Session, report: VacancyReport) -> int:
    """Return how many of the occupied places of a report the council's people had."""
    rows = select(Placement).where(Placement.counted_in_id == report.id)
    found, made = session.scalars(rows, execution_options=EVERY_COUNCIL), today(report.reported_at)
    ended = PlacementState.ENDED
    return sum(stay.state in THERE or (stay.state is ended and stay.start_on <= made) for stay in found)


def _gone(
    session: Session,
    unit: Unit,
    going: Sequence[OtherStay],
    report: VacancyReport,
    before: VacancyReport | None,
    day: date,
) -> Iterator[OtherStay]:
    """Yield those who were to leave and have, or of whom the numbers know nobody."""
    there = report.occupied - len(living_now(stays_in(session, [unit.id], day)))
    fewer = before.occupied - ours_there(session, before) - there if before else 0
    for other in going:
        if other.is_overdue(day):
            yield other  # whoever is still there is in the numbers, and leaves on no day that is known
        elif other.ended_at is not None or fewer > 0 or there < other.places:
            fewer -= other.places
            yield other
        else:
            there -= other.places


def _kept_no_more(
    session: Session, unit: Unit, rows: Sequence[OtherStay], report: VacancyReport, day: date
) -> Iterator[OtherStay]:
    """Yield what was kept for others and is not any more: they have moved in, its time is over, or none is reserved."""
    reserved = _reserved_for_others(session, unit, report.reserved, day)
    for other in rows:
        if other.purpose == LIVES_HERE or other.start_on > day:
            continue
        is_reserved = other.places <= reserved
        lives_there = PURPOSE[other.purpose].is_person and other.end_on is not None
        if other.ended_at is not None or other.is_overdue(day) or other.held(day).is_over(day):
            yield other
        elif is_reserved:
            reserved -= other.places
        elif not lives_there:
            yield other


def _reserved_for_others(session: Session, unit: Unit, reserved: int, day: date) -> int:
    """Return how many of the reserved places can be others', and not those of the council's people to come."""
    stays = stays_in(session, [unit.id], day)
    return max(0, reserved - (len(stays) - len(living_now(stays))))


def _standing(session: Session, unit: Unit) -> Sequence[OtherStay]:
    rows = select(OtherStay).where(OtherStay.unit_id == unit.id, OtherStay.over_at.is_(None))
    return session.scalars(rows.order_by(OtherStay.end_on.is_(None), OtherStay.end_on, OtherStay.id)).all()


def _is_kept(other: OtherStay, day: date) -> bool:
    return not PURPOSE[other.purpose].is_person and other.held(day).holds(day)
