"""The supply side of a snapshot: stored units and shared caps as the engine sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from placement.domain.clocks import today
from placement.domain.features import with_covered
from placement.domain.states import PlacementState, Status
from placement.matching.problem.facts import CapFacts, Span, UnitFacts
from placement.planning.hours import hours_since, reply_hours
from placement.planning.keys import service_key, unit_key
from placement.planning.living import Living
from placement.records import providers
from placement.records.availability import Availability, Steps, newest_reports
from placement.records.councils import council_of
from placement.records.placements import Placement
from placement.records.referrals import Decline
from placement.records.standings import standings_on

# A year without a confirmed report reads like any older one; the engine's formula stops counting far below it.
NEVER_REPORTED_HOURS = 24 * 365
# These say nothing about how readily a unit says yes.
NOT_THE_UNITS_NO = ("person_declined", "family_declined")
UNIT_GENDER = {"woman": "women", "man": "men"}


def listed_units(day: date) -> Select[providers.Unit]:
    """Return the units of every service that is in the register on a day."""
    return (
        select(providers.Unit)
        .join(providers.Unit.service)
        .where(providers.registered_on(day))
        .options(
            selectinload(providers.Unit.service),
            selectinload(providers.Unit.features),
            selectinload(providers.Unit.shared_caps),
        )
        .order_by(providers.Unit.id)
    )


def units_of(
    session: Session,
    units: Sequence[providers.Unit],
    free: Availability,
    there: Living,
    horizon: int,
    now: datetime,
) -> tuple[UnitFacts, ...]:
    """Return stored units as the engine sees them, with what is free on the nights up to the horizon."""
    day = today(now)
    reports, standings = newest_reports(session), standings_on(session, day)
    chances, council = _acceptance(session), council_of(session)
    return tuple(
        UnitFacts(
            id=unit_key(unit.id),
            service=service_key(unit.service_id),
            provider=f"P{unit.service.provider_id}",
            authority=council.code if council.has(unit.service.authority) else unit.service.authority,
            lat=unit.service.lat,
            lon=unit.service.lon,
            free=_open_spans(unit, free.free.get(unit.id), there, day, horizon),
            kinds=frozenset(unit.kinds.split()) or None,
            min_age=unit.min_age,
            max_age=unit.max_age,
            gender=_gender(unit, there.genders(unit.id)),
            offers=with_covered(feature.slug for feature in unit.features),
            weekly_pence=unit.weekly_pence,
            quality=unit.service.quality,
            reply_hours=reply_hours(unit, now),
            status=(
                standings[unit.service.provider_id].status if unit.service.provider_id in standings else Status.NONE
            ).value,
            acceptance=chances.get(unit.id),
            age_hours=hours_since(reports[unit.id].reported_at, now) if unit.id in reports else NEVER_REPORTED_HOURS,
            shared=frozenset(f"C{cap.id}" for cap in unit.shared_caps),
        )
        for unit in units
    )


def caps_of(units: Sequence[providers.Unit], free: Availability, day: date, horizon: int) -> tuple[CapFacts, ...]:
    """Return the caps, each one number for all nights: the least that is left, so that it never promises too much."""
    used = sorted({cap.id for unit in units for cap in unit.shared_caps})
    end = day + timedelta(days=horizon)
    return tuple(CapFacts(id=f"C{cap}", places=free.left[cap].least(day, end)) for cap in used)


def _open_spans(unit: providers.Unit, steps: Steps | None, there: Living, day: date, horizon: int) -> tuple[Span, ...]:
    """The free places, up to the night on which the service leaves the register."""
    if steps is None or (unit.gender == "same" and there.genders(unit.id) - set(UNIT_GENDER)):
        # Nobody is known to be of the gender of somebody whose own is not recorded, and no unit is for another one.
        return ()
    leaves_on = unit.service.deregistered_on
    return _spans(steps, day, horizon, min(horizon, (leaves_on - day).days) if leaves_on else horizon)


def _spans(steps: Steps, day: date, horizon: int, until: int) -> tuple[Span, ...]:
    end, last = day + timedelta(days=until), day + timedelta(days=horizon - 1)
    ahead = {last} if steps.dates[-1] > last else set()
    cuts = sorted({day, end, *(cut for cut in {*steps.dates, *ahead} if day < cut < end)})
    spans = (
        Span((start - day).days, (stop - day).days, steps.least(start, None) if start == last else steps.on(start))
        for start, stop in pairwise(cuts)
    )
    return tuple(span for span in spans if span.places)


def _gender(unit: providers.Unit, living: set[str | None]) -> str:
    """A one-gender-at-a-time unit where somebody lives takes that person's gender only."""
    if unit.gender != "same":
        return unit.gender
    if unit.gender_now in ("women", "men"):
        return unit.gender_now
    return UNIT_GENDER.get(next(iter(living)) or "", "same") if len(living) == 1 else "same"


def _acceptance(session: Session) -> dict[int, float]:
    """Share of answers that were yes, with one of each added so that a single answer is no verdict."""
    no = select(Decline.unit_id, func.count()).where(Decline.reason.not_in(NOT_THE_UNITS_NO))
    said_no = _counts(session, no.group_by(Decline.unit_id))
    answered = (PlacementState.CONFIRMED, PlacementState.ACTIVE, PlacementState.ENDED)
    yes = select(Placement.unit_id, func.count()).where(Placement.state.in_(answered)).group_by(Placement.unit_id)
    said_yes = _counts(session, yes)
    return {
        unit: round((said_yes.get(unit, 0) + 1) / (said_yes.get(unit, 0) + said_no.get(unit, 0) + 2), 3)
        for unit in said_yes.keys() | said_no.keys()
    }


def _counts(session: Session, rows: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(rows)}
