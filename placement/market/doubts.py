"""What is asked about before it is stored: people left without a place, and numbers that jump far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import Question
from placement.domain.periods import Period
from placement.domain.reasons import PREPARING
from placement.market.numbers import Numbers
from placement.market.promises import left_without, living_now, named, question, stays_in, who
from placement.market.settling import kept_doubt
from placement.records.periods import in_force
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.vacancies import Closure, VacancyReport

FAR_MORE, FEW, TWICE = 3, 6, 2
"""A number is asked about at three times the last one or a third of it, unless it is small; a service's places at twice
its beds."""


def doubts(
    session: Session,
    service: Service,
    units: Sequence[Unit],
    numbers: Mapping[int, Numbers],
    before: Mapping[int, VacancyReport],
    day: date,
) -> list[Question]:
    """Return what to ask before these numbers are stored: people left without a place, and numbers that jump far."""
    found: list[Question] = []
    for unit in units:
        given = numbers[unit.id]
        stays = without_place(session, unit, given, day)
        if stays:
            found.append(question("report", unit.id, stays, _too_few_for(unit, given, stays)))
        last = before.get(unit.id)
        found += [] if last is None else list(_jumps(unit, last, given))
        found += kept_doubt(session, unit, given, day)
        free = _most_free(session, unit, given, day)
        if given.accepting > free:
            text = (
                f"{unit.name} would have {given.accepting} vacant; by our records at most {free} can be. Is that right?"
            )
            found.append(Question(f"vacant-{unit.id}-{given.accepting}-{free}", text))
    places = {unit_id: each.maximum for unit_id, each in before.items()}
    beds, total = service.cqc_beds, sum({**places, **{key: given.maximum for key, given in numbers.items()}}.values())
    if beds and total >= TWICE * beds and total > sum(places.values()):
        text = f"{service.name} is registered for {beds} beds, and its units would have {total} places. Is that right?"
        found.append(Question(f"beds-{service.id}-{total}", text))
    return found


def _jumps(unit: Unit, last: VacancyReport, given: Numbers) -> Iterator[Question]:
    """Yield a question where the maximum or the occupied places are far more than last time, or far fewer."""
    is_more = 0 < FAR_MORE * last.maximum <= given.maximum and given.maximum >= FEW
    if is_more or (last.maximum >= FEW and FAR_MORE * given.maximum <= last.maximum):
        text = f"The maximum capacity of {unit.name} was {last.maximum} and would be {given.maximum}. Is that right?"
        yield Question(f"maximum-{unit.id}-{given.maximum}", text)
    if last.occupied >= FEW and FAR_MORE * given.occupied <= last.occupied:
        text = (
            f"{last.occupied} people lived in {unit.name} by your last numbers, and {given.occupied} would by these. "
            "Is that right?"
        )
        yield Question(f"occupied-{unit.id}-{given.occupied}", text)


def without_place(session: Session, unit: Unit, given: Numbers, day: date) -> list[Placement]:
    """Return the stays that numbers leave without a place: more than places, or people said not to be there."""
    stays = stays_in(session, [unit.id], day)
    living = living_now(stays)
    missing = living if len(living) > given.occupied else []
    over = left_without(stays, day, places={Period(day): given.maximum})
    return [stay for stay in stays if stay in missing or stay in over]


def _too_few_for(unit: Unit, given: Numbers, stays: Sequence[Placement]) -> str:
    living = len(living_now(stays))
    if living > given.occupied:
        live = "lives" if living == 1 else "live"
        return (
            f"By our records {people(living)} placed by the council {live} in {unit.name} ({named(stays)}), and you "
            f"report {given.occupied} occupied. If somebody has left, record the departure first. If you save these "
            f"numbers all the same, brokerage will be told about each of them."
        )
    return (
        f"{unit.name} would have {given.maximum} places, fewer than the people promised one there: {named(stays)}. If "
        f"you save these numbers all the same, brokerage will be told about each of them."
    )


def _most_free(session: Session, unit: Unit, given: Numbers, day: date) -> int:
    ours = sum(stay.held(day).holds(day) for stay in stays_in(session, [unit.id], day))
    # What is being prepared is reported as vacant, from the day on which it is ready.
    rows = select(Closure).where(
        Closure.unit_id == unit.id, Closure.cancelled_at.is_(None), Closure.reason != PREPARING
    )
    closed = sum(
        each.places or given.maximum
        for each in session.scalars(rows.where(in_force(Closure.start_on, Closure.end_on, day)))
    )
    return max(0, given.maximum - max(given.occupied + given.reserved, ours) - closed)


def people(number: int) -> str:
    """Return “1 person” or “3 people”."""
    return "1 person" if number == 1 else f"{number} people"


def closed_over_people(unit: Unit, stays: Sequence[Placement]) -> Question:
    text = (
        f"Too few places would be left in {unit.name} for {people(len(stays))} placed by the council: {who(stays)}. If "
        "you close these places all the same, brokerage will be told about each of them."
    )
    return question("closure", unit.id, stays, text)
