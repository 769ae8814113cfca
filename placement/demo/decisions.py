"""What a broker decided for one referral: the first suitable place in the city, else one outside with a coded reason.

First come, first served, by the engine's own hard rules; that is how the demo's past was worked through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from placement.brokerage.reservations import Decision
from placement.domain.clocks import today
from placement.domain.features import FEATURE
from placement.domain.periods import Period
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.problem.facts import Need, UnitFacts

APPROVERS = ("Duty manager", "Brokerage manager", "Head of service")
NEAREST_TAKEN, OVERRIDE_REASONS = 0.86, ("Closer to family", "The person liked it on a visit", "Known staff team")
REASON_WHEN_ONLY = (
    (frozenset({"nights"}), "no_vacancy"),
    (frozenset({"nights", "notice"}), "emergency"),
    (frozenset({"nights", "budget"}), "cost"),
    (frozenset({"nights", "status"}), "no_vacancy"),
    (frozenset({"nights", "gender", "age", "distance"}), "no_vacancy"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookablePlace:
    """One place that a broker could choose: its unit, its rank in the list and the first night."""

    unit: UnitFacts
    rank: int
    start: int


Taken = Mapping[str, Sequence[tuple[int, int]]]
"""Nights [start, end) of stays that were booked after the instance was made, by unit."""


def options(
    need: Need, setting: Setting, random: Random, *, not_before: int, declined: Collection[str], taken: Taken
) -> list[BookablePlace]:
    """Return the places that every rule allows, in the order in which this broker would try them.

    In the city first (unless the person chose otherwise), then the nearest; now and then the broker overrides it.
    """
    allowed = [unit for unit in setting.units.values() if unit.id not in declined and _is_allowed(need, unit, setting)]
    allowed.sort(key=lambda unit: (_is_second_best(need, unit, setting), setting.miles(need, unit) or 0.0, unit.id))
    found = [
        BookablePlace(unit=unit, rank=rank, start=start)
        for rank, unit in enumerate(allowed, start=1)
        if (start := _first_start(need, unit, setting, not_before, taken.get(unit.id, ()))) is not None
    ]
    if len(found) > 2 and random.random() > NEAREST_TAKEN and setting.in_city(found[1].unit):
        found.insert(0, found.pop(random.choice((1, 2))))
    return found


def choice(
    option: BookablePlace, need: Need, setting: Setting, random: Random, reason: str | None, evidence: str
) -> Decision:
    """Return the decision to take this place; `reason` says why outside the city, if it is."""
    start_on = setting.instance.first_night + timedelta(days=option.start)
    in_city = setting.in_city(option.unit)
    row = OUT_OF_CITY_REASON[reason] if reason and not in_city else None
    return Decision(
        start_on=start_on,
        end_on=Period.lasting(start_on, need.nights).end,
        rank=option.rank,
        reason="Best of the places that are free" if option.rank == 1 else random.choice(OVERRIDE_REASONS),
        out_of_city_reason=row.slug if row else None,
        out_of_city_evidence=evidence if row else "",
        approved_by=random.choice(APPROVERS) if row and not row.by_choice else "",
        ends_current=need.kind in ("move_on", "planned"),
    )


def why_not_in_city(need: Need, setting: Setting, declined: Collection[str]) -> tuple[str, str]:
    """Return the coded reason for leaving the city, and the evidence, from what ruled the city's units out."""
    units = [unit for unit in setting.units.values() if setting.in_city(unit)]
    if any(unit.id in declined for unit in units):
        return "provider_declined", "Every provider in the city that could have taken the person has declined."
    refused = [{rule.slug for rule in refusals(need, unit, setting)} for unit in units]
    for rules, slug in REASON_WHEN_ONLY:
        if count := sum(each <= rules for each in refused):
            return slug, f"{count} units in the city suit but cannot take the person: {OUT_OF_CITY_REASON[slug].label}."
    missing = min((need.must_haves - unit.offers for unit in units), key=lambda each: (len(each), sorted(each)))
    slug = "environment" if missing and all(FEATURE[each].group == "environment" for each in missing) else "no_skills"
    labels = ", ".join(FEATURE[each].label for each in sorted(missing)) or "the combination"
    return slug, f"No unit in the city offers {labels} together with the other essential needs."


def night_of(day: date, setting: Setting) -> int:
    """Return a date as a night of the instance."""
    return (day - setting.instance.first_night).days


def day_of(at: datetime, setting: Setting) -> int:
    """Return the night of an instant's day."""
    return night_of(today(at), setting)


def _is_allowed(need: Need, unit: UnitFacts, setting: Setting) -> bool:
    return all(rule.test(need, unit, setting) for rule in RULES)


def _is_second_best(need: Need, unit: UnitFacts, setting: Setting) -> bool:
    return setting.in_city(unit) is need.wants_out_of_city


def _first_start(
    need: Need, unit: UnitFacts, setting: Setting, not_before: int, taken: Sequence[tuple[int, int]]
) -> int | None:
    starts = (start for start in starts_of(need, unit, setting) if start >= not_before)
    return next((start for start in starts if _is_left(unit, start, setting.end(need, start), taken)), None)


def _is_left(unit: UnitFacts, start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether more places are free than stays booked since touch these nights; the database has the last word."""
    free = min(places for first, last, places in unit.free if first < end and start < last)
    return free > sum(first < end and start < last for first, last in taken)
