"""Places that somebody has left: whether they are free, being prepared, or kept, as the provider says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.reasons import PREPARING
from placement.market.closures import close_places
from placement.market.numbers import Numbers
from placement.records.periods import not_over
from placement.records.providers import Unit
from placement.records.vacancies import Closure


class Becomes(StrEnum):
    """What becomes of a place that somebody has left."""

    FREE = "free"
    PREPARING = "preparing"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfPlace:
    """What a provider says of places that were left: being prepared `until` a date, or kept for a coded `reason`."""

    becomes: Becomes
    until: date | None = None
    reason: str | None = None


def vacated(before: Numbers | None, given: Numbers) -> int:
    """Return how many places somebody has left of which the numbers do not say what becomes of them."""
    if before is None:
        return 0
    return max(0, min(before.occupied - given.occupied, given.idle - before.idle))


def with_places(given: Numbers, places: int, said: SaidOfPlace) -> Numbers:
    """Return the numbers to report: what is being prepared counts as vacant, and is closed until it is ready."""
    return given if said.becomes is Becomes.KEPT else replace(given, accepting=given.accepting + places)


def prepare(
    session: Session, unit: Unit, places: int, until: date, given: Numbers, *, by: Actor, now: datetime
) -> None:
    """Let nobody be placed, until a date, where the places that somebody has left are being prepared.

    A closure limits what is vacant only together with the places that are not to be had anyway: it is made as large
    as those that no closure covers on some night until then. So never more is offered than is ready.
    """
    day = today(now)
    closures = session.scalars(
        select(Closure).where(Closure.unit_id == unit.id, Closure.cancelled_at.is_(None), not_over(Closure.end_on, day))
    ).all()
    covered = least_closed(closures, Period(day, until), given.maximum)
    close_places(
        session, unit, start_on=day, end_on=until, places=min(given.maximum, places + max(0, given.idle - covered)),
        reason=PREPARING, by=by, now=now,
    )  # fmt: skip


def least_closed(closures: Sequence[Closure], nights: Period, maximum: int) -> int:
    """Return how many places are closed at least on each of some nights."""
    turns = {turn for each in closures for turn in (each.start_on, each.end_on) if turn and nights.holds(turn)}
    return min(
        sum(each.places or maximum for each in closures if Period(each.start_on, each.end_on).holds(night))
        for night in {nights.start, *turns}
    )
