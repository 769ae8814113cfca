"""The supply side of a snapshot: stored units and shared caps as the engine sees them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from placement.domain.councils import Council
from placement.domain.features import with_covered
from placement.matching.problem.facts import CapFacts, Span, UnitFacts
from placement.planning.facts import StoredUnit, World
from placement.planning.hours import hours_since, reply_hours
from placement.planning.keys import service_key, unit_key
from placement.planning.living import Living
from placement.records.availability import Steps

# A year without a confirmed report reads like any older one; the engine's formula stops counting far below it.
NEVER_REPORTED_HOURS = 24 * 365
UNIT_GENDER = {"woman": "women", "man": "men"}


def units_of(world: World, council: Council, horizon: int, now: datetime) -> tuple[UnitFacts, ...]:
    """Return stored units as the engine sees them, with what is free on the nights up to the horizon."""
    return tuple(
        UnitFacts(
            id=unit_key(unit.id),
            service=service_key(unit.service),
            provider=f"P{unit.provider}",
            authority=council.code if council.has(unit.authority) else unit.authority,
            lat=unit.lat,
            lon=unit.lon,
            free=_open_spans(unit, world.living, world.day, horizon),
            kinds=unit.kinds or None,
            min_age=unit.min_age,
            max_age=unit.max_age,
            gender=_gender(unit, world.living.genders(unit.id)),
            offers=with_covered(unit.features),
            weekly_pence=unit.weekly_pence,
            quality=unit.quality,
            reply_hours=reply_hours(unit.reply_hours, unit.emergencies_until, now),
            status=unit.status.value,
            acceptance=_acceptance(unit),
            age_hours=hours_since(unit.reported_at, now) if unit.reported_at else NEVER_REPORTED_HOURS,
            shared=frozenset(f"C{cap}" for cap in unit.caps),
        )
        for unit in world.units
    )


def caps_of(world: World, horizon: int) -> tuple[CapFacts, ...]:
    """Return the caps, each one number for all nights: the least that is left, so that it never promises too much."""
    end = world.day + timedelta(days=horizon)
    return tuple(CapFacts(id=f"C{cap}", places=world.left[cap].least(world.day, end)) for cap in sorted(world.left))


def _open_spans(unit: StoredUnit, there: Living, day: date, horizon: int) -> tuple[Span, ...]:
    """The free places, up to the night on which the service leaves the register."""
    if unit.free is None or (unit.gender == "same" and there.genders(unit.id) - set(UNIT_GENDER)):
        # Nobody is known to be of the gender of somebody whose own is not recorded, and no unit is for another one.
        return ()
    until = min(horizon, (unit.leaves_on - day).days) if unit.leaves_on else horizon
    return _spans(unit.free, day, horizon, until)


def _spans(steps: Steps, day: date, horizon: int, until: int) -> tuple[Span, ...]:
    end, last = day + timedelta(days=until), day + timedelta(days=horizon - 1)
    ahead = {last} if steps.dates[-1] > last else set()
    cuts = sorted({day, end, *(cut for cut in {*steps.dates, *ahead} if day < cut < end)})
    spans = (
        Span((start - day).days, (stop - day).days, steps.least(start, None) if start == last else steps.on(start))
        for start, stop in pairwise(cuts)
    )
    return tuple(span for span in spans if span.places)


def _gender(unit: StoredUnit, living: set[str | None]) -> str:
    """A one-gender-at-a-time unit where somebody lives takes that person's gender only."""
    if unit.gender != "same":
        return unit.gender
    if unit.gender_now in ("women", "men"):
        return unit.gender_now
    return UNIT_GENDER.get(next(iter(living)) or "", "same") if len(living) == 1 else "same"


def _acceptance(unit: StoredUnit) -> float | None:
    """Share of answers that were yes, with one of each added so that a single answer is no verdict."""
    return round((unit.yes + 1) / (unit.yes + unit.no + 2), 3) if unit.yes or unit.no else None
