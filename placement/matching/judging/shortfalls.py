"""By how much a unit falls short of a need: for each rule the fact, in words, and whether a call might mend it.

The words go on after the name of a place: “full until 10 December”, “£75 a week over the limit of £1,230”.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from placement.domain.features import feature_words
from placement.domain.kinds import KIND
from placement.domain.states import Status
from placement.domain.text import amount
from placement.domain.unit_words import answers_within, listed, takes_ages, takes_gender
from placement.matching.judging.reasons import pounds
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Need, UnitFacts

NEAR_PRICE = 1.15  # of the limit: what is over it by less is worth a talk
NEAR_MILES = 1.5
NEAR_NIGHTS = 28
STALE_HOURS = 7 * 24
NEVER_HOURS = 365 * 24
"""From here on numbers were never confirmed, or are in doubt: the translation of records gives no greater age."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One fact against a unit. `is_near`: a little more of something, or a telephone call, might do."""

    words: str
    is_near: bool = False


_STANDINGS = {standing.value: f"is {standing.label.lower()}" for standing in Status}
_STANDINGS[Status.HANDED_BACK.value] = "has handed its contract back"
Short = Callable[[Need, UnitFacts, Setting], Shortfall]


def plain(words: str) -> Short:
    """Return what says the same of every unit, and is never near."""
    return lambda _, __, ___: Shortfall(words)


def kind(need: Need, _: UnitFacts, __: Setting) -> Shortfall:
    """Say which kind of referral it does not take."""
    label = KIND[need.kind].label.lower() if need.kind in KIND else need.kind
    return Shortfall(f"does not take {label} referrals")


def age(need: Need, unit: UnitFacts, _: Setting) -> Shortfall:
    """Say whom it takes and how old the person is on the first night."""
    if need.age is None:
        return Shortfall(f"{takes_ages(unit.min_age, unit.max_age)}; the person’s age is not recorded", True)
    away = max(unit.min_age - need.age, need.age - unit.max_age)
    return Shortfall(f"{takes_ages(unit.min_age, unit.max_age)}; this person is {need.age}", away <= 1)


def gender(need: Need, unit: UnitFacts, _: Setting) -> Shortfall:
    """Say whom it takes."""
    return Shortfall(takes_gender(unit.gender) + ("; the person’s gender is not recorded" if not need.gender else ""))


def essential(need: Need, unit: UnitFacts, _: Setting) -> Shortfall:
    """Name what is not recorded; what nobody has recorded may be there all the same."""
    missing = sorted(need.must_haves - unit.offers)
    return Shortfall(f"no {listed([feature_words(slug) for slug in missing], 'or')} recorded", len(missing) == 1)


def status(_: Need, unit: UnitFacts, __: Setting) -> Shortfall:
    """Say what the provider is."""
    return Shortfall(f"the provider {_STANDINGS.get(unit.status, f'is {unit.status}')}")


def budget(need: Need, unit: UnitFacts, _: Setting) -> Shortfall:
    """Say how much a week is too much."""
    limit, price = need.budget_weekly_pence or 0, unit.price_for(need.support)
    if price is None:
        return Shortfall(f"no price recorded; the limit is {pounds(limit)} a week", True)
    over = pounds(price - limit)
    return Shortfall(f"{over} a week over the limit of {pounds(limit)}", price <= NEAR_PRICE * limit)


def distance(need: Need, unit: UnitFacts, setting: Setting) -> Shortfall:
    """Say how far it is, to a tenth of a mile; what is over the limit by less says so."""
    miles, limit = setting.miles(need, unit), need.max_miles or 0
    if miles is None:
        return Shortfall("the distance is not known")
    by = f"{miles - limit:.1f} miles" if miles - limit >= 0.05 else "less than a tenth of a mile"
    return Shortfall(f"{miles:.1f} miles away, {by} over the limit", miles <= NEAR_MILES * limit)


def ruled_out(need: Need, unit: UnitFacts, _: Setting) -> Shortfall:
    """Say what it is that will not do."""
    types = [feature_words(slug) for slug in sorted(need.ruled_out & unit.offers)]
    return Shortfall(f"it is of a type that is ruled out for this person: {listed(types, 'and')}")


def alone(_: Need, unit: UnitFacts, __: Setting) -> Shortfall:
    """Say for how many people it is."""
    if unit.places is None:
        return Shortfall("the person must live alone, and its number of places is not known", True)
    return Shortfall(f"the person must live alone, and it has {amount(unit.places, 'place')}")


def notice(need: Need, unit: UnitFacts, _: Setting) -> Shortfall:
    """Say how long it takes to answer and how long there is."""
    there_is = amount(round(need.reply_within_hours or 0), "hour")
    return Shortfall(f"{answers_within(unit.reply_hours)}; this referral has {there_is}", True)


def nights(need: Need, unit: UnitFacts, setting: Setting) -> Shortfall:
    """Say from when it has room, until when, or that nobody knows."""
    if not unit.free and unit.age_hours >= STALE_HOURS:
        known = "its numbers are in doubt or were never confirmed"
        if unit.age_hours < NEVER_HOURS:
            known = f"its numbers were last confirmed {amount(int(unit.age_hours // 24), 'day')} ago"
        return Shortfall(f"nothing is known to be free: {known}", True)
    return _full(need, unit, setting, setting.has_place, "full", "has no free place")


def pool(need: Need, unit: UnitFacts, setting: Setting) -> Shortfall:
    """Say from when the places that it shares are free."""
    return _full(
        need, unit, setting, setting.has_pool, "its shared places are taken", "has none of its shared places free"
    )


def crises(need: Need, unit: UnitFacts, setting: Setting) -> Shortfall:
    """Say how many places it has for crises and from when one is free; the others it keeps for planned breaks."""
    places = unit.crisis_places or 0
    its = f"its {amount(places, 'place')} for crises {'is' if places == 1 else 'are'} taken"
    none = f"has none of its {amount(places, 'place')} for crises free"
    return _full(need, unit, setting, setting.has_crisis_place, its, none, "has a place for a crisis only")


def register(_: Need, unit: UnitFacts, setting: Setting) -> Shortfall:
    """Say when it leaves the register."""
    return Shortfall(f"leaves the register on {day(setting, unit.registered_until or 0)}")


def booked(need: Need, _: UnitFacts, setting: Setting) -> Shortfall:
    """Say when the person's next stay begins."""
    ahead = [night for night in need.booked_on if night >= need.earliest] or [0]
    return Shortfall(f"the person has another stay booked from {day(setting, min(ahead))}")


def day(setting: Setting, night: int) -> str:
    """Return a night's day in words, with its year where it is not one of the next 300."""
    on = setting.instance.first_night + timedelta(days=night)
    return f"{on.day} {on:%B}" + (f" {on.year}" if _is_far(on, setting.instance.first_night) else "")


def _is_far(on: date, today: date) -> bool:
    return abs((on - today).days) > 300


def _full(
    need: Need,
    unit: UnitFacts,
    setting: Setting,
    has_room: Callable[[UnitFacts, int, int], bool],
    full: str,
    never: str,
    only: str = "free only",
) -> Shortfall:
    later = range(need.latest + 1, setting.horizon)
    start = next((night for night in later if has_room(unit, night, setting.end(need, night))), None)
    if start is not None:
        return Shortfall(f"{full} until {day(setting, start)}", start - need.latest <= NEAR_NIGHTS)
    until = max((_last(unit, night, setting, has_room) for night in range(need.earliest, need.latest + 1)), default=0)
    if until > need.latest:
        return Shortfall(f"{only} until {day(setting, until)}", until - need.latest >= NEAR_NIGHTS)
    return Shortfall(f"{never} in the next {amount(setting.horizon, 'night')}")


def _last(unit: UnitFacts, start: int, setting: Setting, has_room: Callable[[UnitFacts, int, int], bool]) -> int:
    """Return the night on which the room that begins here ends; the start itself where there is none."""
    end = start
    while end < setting.horizon and has_room(unit, start, end + 1):
        end += 1
    return end
