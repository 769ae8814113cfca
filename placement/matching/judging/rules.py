"""The hard rules, in the order in which they are told. Each says who may go where; nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from placement.domain.people import Gender
from placement.domain.protected import KEPT
from placement.domain.states import BARRED
from placement.matching.judging import shortfalls
from placement.matching.judging.setting import Setting
from placement.matching.judging.shortfalls import Short
from placement.matching.judging.starts import narrowed
from placement.matching.problem.facts import ONE_AT_A_TIME, Need, UnitFacts

GENDERS_TAKEN: Mapping[str, frozenset[str | None]] = {
    "any": frozenset({*Gender, None}),
    "women": frozenset({Gender.WOMAN}),
    "men": frozenset({Gender.MAN}),
    ONE_AT_A_TIME: frozenset({*Gender, None}),
}
ANY_AGE = (0, 150)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its word in documents, what it demands, and whether a unit passes it for a need.

    `cause` goes on after “1 unit” and after “212 units”: what it means to a broker that the rule refuses. `short` says
    of one unit that is refused by how much, in words.
    """

    slug: str
    sentence: str
    cause: tuple[str, str]
    test: Callable[[Need, UnitFacts, Setting], bool]
    short: Short


def _age(need: Need, unit: UnitFacts, _: Setting) -> bool:
    if need.age is None:
        return (unit.min_age, unit.max_age) == ANY_AGE
    return unit.min_age <= need.age <= unit.max_age


def _budget(need: Need, unit: UnitFacts, _: Setting) -> bool:
    if need.budget_weekly_pence is None:
        return True
    price = unit.price_for(need.support)
    return price is not None and price <= need.budget_weekly_pence


def _distance(need: Need, unit: UnitFacts, setting: Setting) -> bool:
    if need.max_miles is None:
        return True
    miles = setting.miles(need, unit)
    return miles is not None and miles <= need.max_miles


def _leaves_a_start(slug: str) -> Callable[[Need, UnitFacts, Setting], bool]:
    """A rule about starts: of these the first that leaves none refuses, and it alone (see `starts`)."""
    return lambda need, unit, setting: narrowed(need, unit, setting)[1] != slug


RULES = (
    Rule(
        "kind",
        "The unit takes this kind of referral",
        ("does not take this kind of referral", "do not take this kind of referral"),
        lambda need, unit, _: unit.kinds is None or need.kind in unit.kinds,
        shortfalls.kind,
    ),
    Rule(
        "kept",
        "The unit does not keep all its places for planned breaks, where this is a crisis",
        (KEPT, "keep their places for planned breaks"),
        lambda need, unit, _: not need.is_unplanned or unit.crisis_places != 0,
        shortfalls.plain(KEPT),
    ),
    Rule(
        "age",
        "The person's age is within the unit's range",
        ("is not registered for this age", "are not registered for this age"),
        _age,
        shortfalls.age,
    ),
    Rule(
        "gender",
        "The unit takes this gender",
        ("does not take this gender", "do not take this gender"),
        lambda need, unit, _: need.gender in GENDERS_TAKEN[unit.gender],
        shortfalls.gender,
    ),
    Rule(
        "essential",
        "The unit offers every essential need",
        ("lacks an essential need", "lack an essential need"),
        lambda need, unit, _: need.must_haves <= unit.offers,
        shortfalls.essential,
    ),
    Rule(
        "status",
        "The provider is not paused, suspended or closing, and has its contract",
        ("is paused, suspended, closing or without a contract", "are paused, suspended, closing or without a contract"),
        lambda need, unit, _: unit.status not in BARRED,
        shortfalls.status,
    ),
    Rule(
        "budget",
        "The weekly price is within the budget",
        ("costs more than the limit, or has no price", "cost more than the limit, or have no price"),
        _budget,
        shortfalls.budget,
    ),
    Rule(
        "distance",
        "The unit is within the longest acceptable distance",
        ("is too far away", "are too far away"),
        _distance,
        shortfalls.distance,
    ),
    Rule(
        "avoid",
        "It is not a service to avoid",
        ("is in a service to avoid", "are in services to avoid"),
        lambda need, unit, _: unit.service not in need.avoid_services,
        shortfalls.plain("is a service to avoid"),
    ),
    Rule(
        "type",
        "The unit is of no type that is ruled out",
        ("is of a type ruled out for this person", "are of types ruled out for this person"),
        lambda need, unit, _: not need.ruled_out & unit.offers,
        shortfalls.ruled_out,
    ),
    Rule(
        "alone",
        "The unit has one place only, where the person must live alone",
        ("is not for one person alone", "are not for one person alone"),
        lambda need, unit, _: not need.alone or unit.places == 1,
        shortfalls.alone,
    ),
    Rule(
        "declined",
        "The unit has not declined this person, and nobody has ruled it out for them",
        ("has declined this person or was ruled out", "have declined this person or were ruled out"),
        lambda need, unit, _: unit.id not in need.declined_units,
        shortfalls.plain("has declined this person, or was ruled out"),
    ),
    Rule(
        "notice",
        "The unit answers within the time that this referral has",
        ("does not answer in time", "do not answer in time"),
        lambda need, unit, _: need.reply_within_hours is None or unit.reply_hours <= need.reply_within_hours,
        shortfalls.notice,
    ),
    Rule(
        "nights",
        "A place is free on every night of some start in the window",
        ("has no free place on the nights needed", "have no free place on the nights needed"),
        _leaves_a_start("nights"),
        shortfalls.nights,
    ),
    Rule(
        "pool",
        "The places that this unit shares with others are not taken on the nights needed",
        ("shares places taken by others on the nights needed", "share places taken by others on the nights needed"),
        _leaves_a_start("pool"),
        shortfalls.pool,
    ),
    Rule(
        "crises",
        "A place that the unit has for a crisis is left on the nights needed",
        (
            "has no place for a crisis left on the nights needed, and keeps the others for planned breaks",
            "have no place for a crisis left on the nights needed, and keep the others for planned breaks",
        ),
        _leaves_a_start("crises"),
        shortfalls.crises,
    ),
    Rule(
        "register",
        "The service is in the register on every night needed",
        ("leaves the register before the stay would end", "leave the register before the stay would end"),
        _leaves_a_start("register"),
        shortfalls.register,
    ),
    Rule(
        "home",
        "The person does not stay in this service already on the nights needed",
        ("is where the person stays already on these nights", "are where the person stays already on these nights"),
        _leaves_a_start("home"),
        shortfalls.plain("is where the person stays already"),
    ),
    Rule(
        "booked",
        "The stay is over before another one begins that the person has booked",
        ("overlaps another stay booked for the person", "overlap another stay booked for the person"),
        _leaves_a_start("booked"),
        shortfalls.booked,
    ),
    Rule(
        "apart",
        "Nobody stays in this service on the nights needed who is to be kept apart from this person",
        (
            "has somebody there on these nights to be kept apart from the person",
            "have somebody there on these nights to be kept apart from the person",
        ),
        _leaves_a_start("apart"),
        shortfalls.plain("somebody is there who must be kept apart from this person"),
    ),
    Rule(
        "solo",
        "Nobody is in this unit on the nights needed who must live alone",
        ("does not take anybody else on the nights needed", "do not take anybody else on the nights needed"),
        _leaves_a_start("solo"),
        shortfalls.plain("does not take anybody else on the nights needed"),  # why not is nobody's business here
    ),
    Rule(
        "same_gender",
        "Nobody of another gender is in this unit, which takes one gender at a time, on the nights needed",
        (
            "takes one gender at a time and has somebody of another on the nights needed",
            "take one gender at a time and have somebody of another on the nights needed",
        ),
        _leaves_a_start("same_gender"),
        shortfalls.plain("takes one gender at a time, and somebody of another is there"),
    ),
    Rule(
        "hold",
        "The prices of the nights do not exceed the need's limit",
        ("is held back for people still to come", "are held back for people still to come"),
        _leaves_a_start("hold"),
        shortfalls.plain("is held back for people still to come"),
    ),
)
RULE: Mapping[str, Rule] = {rule.slug: rule for rule in RULES}
OUTBID = "outbid"
"""The cause that is no rule: nothing refused, but the places went to other needs."""
OUTBID_CAUSE = (
    "could take the person, but its places go to others",
    "could take the person, but their places go to others",
)
PART_OF_SERIES = "series"
"""The cause of a stay that has room, in a series of which all stays are wanted and another has none."""
SERIES_CAUSE = (
    "has a place for this stay, but not all the stays of the series can be had",
    "have a place for this stay, but not all the stays of the series can be had",
)
CAUSES: Mapping[str, tuple[str, str]] = {
    **{rule.slug: rule.cause for rule in RULES},
    OUTBID: OUTBID_CAUSE,
    PART_OF_SERIES: SERIES_CAUSE,
}


def refusals(need: Need, unit: UnitFacts, setting: Setting) -> tuple[Rule, ...]:
    """Return every rule that refuses this unit for this need, in order."""
    return tuple(rule for rule in RULES if not rule.test(need, unit, setting))
