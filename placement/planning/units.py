"""The supply side of a snapshot: stored units and shared caps as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from placement.domain.councils import Council
from placement.domain.features import with_covered
from placement.domain.likeness import band_of
from placement.domain.people import Gender, age_on
from placement.matching.problem.facts import (
    ONE_AT_A_TIME,
    CapFacts,
    Neighbour,
    Nights,
    Resident,
    Span,
    SupportPrice,
    UnitFacts,
)
from placement.planning.facts import StoredUnit, World
from placement.planning.hours import hours_since, reply_hours
from placement.planning.keys import service_key, unit_key
from placement.planning.living import Living
from placement.records.tallies import Steps

# A year without a confirmed report reads like any older one; the engine's formula stops counting far below it.
NEVER_REPORTED_HOURS = 24 * 365
GENDER_SAID: Mapping[str, str] = {"women": Gender.WOMAN.value, "men": Gender.MAN.value}


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
            free=_spans(unit.free, world.day, horizon) if unit.free else (),
            kinds=unit.kinds or None,
            min_age=unit.min_age,
            max_age=unit.max_age,
            gender=unit.gender,
            offers=with_covered(unit.features | unit.asks_first) | {unit.service_type},
            weekly_pence=unit.weekly_pence,
            quality=unit.quality,
            reply_hours=reply_hours(unit.reply_hours, unit.emergencies_until, now),
            status=unit.status.value,
            acceptance=_acceptance(unit),
            age_hours=_age_hours(unit, now),
            shared=frozenset(f"C{cap}" for cap in unit.caps),
            registered_until=(unit.leaves_on - world.day).days if unit.leaves_on else None,
            places=unit.places,
            solo=_solo(unit, world.living, world.day, horizon),
            company=_company(unit, world.living, world.day, horizon),
            crisis_places=unit.crisis_places,
            support_pence=tuple(SupportPrice(*each) for each in sorted(unit.support_pence.items())),
            crises=_crises(unit, world.living, world.day, horizon) if unit.crisis_places else (),
            residents=_residents(unit, world.living, world.day, horizon) if unit.gender == ONE_AT_A_TIME else (),
        )
        for unit in world.units
    )


def _age_hours(unit: StoredUnit, now: datetime) -> float:
    """Return how old the numbers are; those in doubt count as the oldest that there are, and are not hidden."""
    if unit.reported_at is None or unit.is_doubted:
        return NEVER_REPORTED_HOURS
    return hours_since(unit.reported_at, now)


def caps_of(world: World, horizon: int) -> tuple[CapFacts, ...]:
    """Return what is left under each cap, night by night."""
    left = sorted(world.left.items())
    return tuple(CapFacts(id=f"C{cap}", free=_spans(steps, world.day, horizon)) for cap, steps in left)


def _spans(steps: Steps, day: date, horizon: int) -> tuple[Span, ...]:
    """Return a number for every night as spans up to the horizon, whose last night stands for all nights after it."""
    end, last = day + timedelta(days=horizon), day + timedelta(days=horizon - 1)
    ahead = {last} if steps.dates[-1] > last else set()
    cuts = sorted({day, end, *(cut for cut in {*steps.dates, *ahead} if day < cut < end)})
    spans = (
        Span((start - day).days, (stop - day).days, steps.least(start, None) if start == last else steps.on(start))
        for start, stop in pairwise(cuts)
    )
    return tuple(span for span in spans if span.places)


def _solo(unit: StoredUnit, living: Living, day: date, horizon: int) -> tuple[Nights, ...]:
    """The nights on which somebody is in the unit who must live alone."""
    stays = (stay for stay in living.of_unit.get(unit.id, ()) if stay.alone)
    found = {Nights(*nights) for stay in stays if (nights := stay.nights.counted_from(day, horizon))}
    return tuple(sorted(found))


def _company(unit: StoredUnit, living: Living, day: date, horizon: int) -> tuple[Neighbour, ...]:
    """Who lives in the unit, as company for others: of their age no more than its band. One alone is none."""
    there = [
        Neighbour(*nights, band_of(age_on(stay.born_on, day)) if stay.born_on else None, stay.support)
        for stay in living.of_unit.get(unit.id, ())
        if (nights := stay.nights.counted_from(day, horizon))
    ]
    return tuple(sorted(there, key=str)) if len(there) > 1 else ()


def _crises(unit: StoredUnit, living: Living, day: date, horizon: int) -> tuple[Nights, ...]:
    """The nights of each who is in the unit in a crisis: two may have the same ones."""
    stays = (stay for stay in living.of_unit.get(unit.id, ()) if stay.unplanned)
    return tuple(sorted(Nights(*nights) for stay in stays if (nights := stay.nights.counted_from(day, horizon))))


def _residents(unit: StoredUnit, living: Living, day: date, horizon: int) -> tuple[Resident, ...]:
    """Who is in the unit: our own stays on their nights, and whom the provider says to have, with no end known."""
    there = [
        Resident(*nights, stay.gender)
        for stay in living.of_unit.get(unit.id, ())
        if (nights := stay.nights.counted_from(day, horizon))
    ]
    said = GENDER_SAID.get(unit.gender_now or "")
    return tuple(sorted({*there, *([Resident(0, horizon, said)] if said else [])}, key=str))


def _acceptance(unit: StoredUnit) -> float | None:
    """Share of answers that were yes, with one of each added so that a single answer is no verdict."""
    return round((unit.yes + 1) / (unit.yes + unit.no + 2), 3) if unit.yes or unit.no else None
