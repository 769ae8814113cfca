"""Why a match is a good one: short sentences for people, one row each."""

from __future__ import annotations

from collections.abc import Callable

from placement.domain.states import Status
from placement.domain.text import amount
from placement.matching.judging.company import is_of_like_age, is_of_like_support
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.facts import Current

QUALITY = {0: "inadequate", 1: "requires improvement", 2: "good", 3: "outstanding", None: "not rated"}


def reasons(stay: MatchedStay, setting: Setting) -> tuple[str, ...]:
    """Return what speaks for (and honestly against) this match."""
    found = (reason(stay, setting) for reason in REASONS)
    return tuple(sentence for sentence in found if sentence)


def counted(count: int, noun: str) -> str:
    """Return a count with its noun in the right number: small numbers as words."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    number = words[count] if 0 <= count < len(words) else f"{count:,}"
    return f"{number} {noun}{'' if count == 1 else 's'}"


def pounds(pence: int) -> str:
    """Return an amount in pounds, pence only where there are some."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}" if rest == 0 else f"£{whole:,}.{rest:02}"


def _where(stay: MatchedStay, setting: Setting) -> str:
    if setting.in_city(stay.unit):
        return "in the city"
    return "out of the city, as wished" if stay.need.wants_out_of_city else "out of the city"


def _must_haves(stay: MatchedStay, _: Setting) -> str:
    wanted = stay.need.must_haves
    return f"{len(wanted & stay.unit.offers)} of {len(wanted)} must-haves" if wanted else ""


def _wishes(stay: MatchedStay, _: Setting) -> str:
    wanted = stay.need.wishes
    return f"{len(wanted & stay.unit.offers)} of {len(wanted)} wishes" if wanted else ""


def _miles(stay: MatchedStay, setting: Setting) -> str:
    miles = setting.miles(stay.need, stay.unit)
    return "" if miles is None else f"{miles:.1f} miles"


def _updated(stay: MatchedStay, _: Setting) -> str:
    minutes = round(stay.unit.age_hours * 60)
    if minutes < 1:
        return "vacancy updated just now"
    if minutes < 60:
        ago = amount(minutes, "minute")
    elif minutes < 48 * 60:
        ago = amount(minutes // 60, "hour")
    else:
        ago = amount(minutes // (24 * 60), "day")
    return f"vacancy updated {ago} ago"


def _answers(stay: MatchedStay, _: Setting) -> str:
    hours = stay.unit.reply_hours
    return f"answers within {hours:g} hour{'' if hours == 1 else 's'}" if hours else ""


def _start(stay: MatchedStay, _: Setting) -> str:
    delay = stay.start - stay.need.earliest
    return f"starts {counted(delay, 'night')} after the earliest" if delay else "starts on the earliest night"


def _price(stay: MatchedStay, _: Setting) -> str:
    price = stay.unit.price_for(stay.need.support)
    return "price not known" if price is None else f"{pounds(price)} a week"


def _kept(stay: MatchedStay, _: Setting) -> str:
    kept = stay.need.current == Current(unit=stay.unit.id, start=stay.start)
    return "the same as the current proposal" if kept else ""


def _status(stay: MatchedStay, _: Setting) -> str:
    return "" if stay.unit.status == Status.NONE else f"provider status: {stay.unit.status}"


def _company(stay: MatchedStay, _: Setting) -> str:
    """Say what is alike, and neither who nor how many."""
    age = is_of_like_age(stay.need, stay.unit, stay.start)
    support = is_of_like_support(stay.need, stay.unit, stay.start)
    if age and support:
        return "people of about this age and with a like level of support live there"
    if age:
        return "people of about this age live there"
    return "people with a like level of support live there" if support else ""


REASONS: tuple[Callable[[MatchedStay, Setting], str], ...] = (
    _where,
    _must_haves,
    _wishes,
    _miles,
    lambda stay, _: QUALITY[stay.unit.quality],
    _start,
    _price,
    _answers,
    _updated,
    _status,
    _kept,
    _company,
)
