"""By how much a place falls short: facts that are true, told for every rule, and near where little is missing."""

from datetime import timedelta

import pytest

from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import CapFacts, Nights, Price, Resident, ServiceNights
from tests.matching.builders import FIRST_NIGHT, a_need, a_small_instance, a_unit, an_instance

CRISIS = {"kind": "crisis", "nights": 3}
TOLD = [
    ("kind", {"kind": "crisis"}, {"kinds": frozenset({"respite"})}, "does not take crisis referrals", False),
    ("age", {"age": 17}, {"min_age": 18, "max_age": 64}, "takes people aged 18 to 64; this person is 17", True),
    ("age", {"age": 70}, {"min_age": 18, "max_age": 64}, "takes people aged 18 to 64; this person is 70", False),
    (
        "age",
        {"age": None},
        {"min_age": 18, "max_age": 64},
        "takes people aged 18 to 64; the person’s age is not recorded",
        True,
    ),
    ("gender", {"gender": "man"}, {"gender": "women"}, "takes women only", False),
    ("gender", {"gender": None}, {"gender": "men"}, "takes men only; the person’s gender is not recorded", False),
    ("essential", {"essential": frozenset({"pressure_care"})}, {}, "no pressure care recorded", True),
    (
        "essential",
        {"essential": frozenset({"pressure_care", "peg", "hoist"})},
        {"offers": frozenset({"hoist"})},
        "no PEG feeding or pressure care recorded",
        False,
    ),
    ("status", {}, {"status": "suspended"}, "the provider is suspended", False),
    ("status", {}, {"status": "handed_back"}, "the provider has handed its contract back", False),
    (
        "budget",
        {"budget_weekly_pence": 123_000},
        {"weekly_pence": 130_500},
        "£75 a week over the limit of £1,230",
        True,
    ),
    ("budget", {"budget_weekly_pence": 100_000}, {"weekly_pence": 150_000}, "£500 a week over the limit", False),
    ("budget", {"budget_weekly_pence": 100_000}, {"weekly_pence": None}, "no price recorded", True),
    (
        "distance",
        {"max_miles": 5.0, "lat": 52.4, "lon": -1.5},
        {"lat": 52.5, "lon": -1.5},
        "6.9 miles away, 1.9 miles over the limit",
        True,
    ),
    ("distance", {"max_miles": 5.0}, {"lat": 52.5, "lon": -1.5}, "the distance is not known", False),
    ("avoid", {"avoid_services": frozenset({"SU1"})}, {}, "is a service to avoid", False),
    (
        "type",
        {"ruled_out": frozenset({"nursing"})},
        {"offers": frozenset({"nursing", "hoist"})},
        "a type that is ruled out for this person: nursing home",
        False,
    ),
    ("alone", {"alone": True}, {"places": 3}, "the person must live alone, and it has 3 places", False),
    ("alone", {"alone": True}, {"places": None}, "its number of places is not known", True),
    ("solo", {"nights": 3}, {"solo": (Nights(0, 9),)}, "does not take anybody else", False),
    ("kept", {"kind": "crisis"}, {"crisis_places": 0}, "keeps its places for planned breaks", False),
    (
        "crises",
        {"kind": "crisis", "nights": 3},
        {"crisis_places": 1, "crises": (Nights(0, 5),)},
        "its 1 place for crises is taken until 28 November",
        True,
    ),
    (
        "crises",
        {"kind": "crisis", "nights": 3},
        {"crisis_places": 2, "crises": (Nights(0, 10), Nights(0, 10))},
        "has none of its 2 places for crises free in the next 10 nights",
        False,
    ),
    (
        "crises",
        {"kind": "crisis", "nights": 3},
        {"crisis_places": 1, "crises": (Nights(2, 10),)},
        "has a place for a crisis only until 25 November",
        False,
    ),
    ("declined", {"declined_units": frozenset({"U1"})}, {}, "has declined this person, or was ruled out", False),
    (
        "notice",
        {"reply_within_hours": 2},
        {"reply_hours": 48},
        "answers within 48 hours; this referral has 2 hours",
        True,
    ),
    ("nights", CRISIS, {"free": [(0, 2, 1), (5, 10, 1)]}, "full until 28 November", True),
    ("nights", CRISIS, {"free": [(0, 2, 1)]}, "free only until 25 November", False),
    ("nights", CRISIS, {"free": []}, "has no free place in the next 10 nights", False),
    ("nights", CRISIS, {"free": [], "age_hours": 300}, "were last confirmed 12 days ago", True),
    ("nights", CRISIS, {"free": [], "age_hours": 365 * 24}, "in doubt or were never confirmed", True),
    ("register", {"nights": 3}, {"registered_until": 2}, "leaves the register on 25 November", False),
    ("register", {"nights": None}, {"registered_until": 500}, "leaves the register on 6 April 2028", False),
    ("home", {"nights": 3, "home_nights": (ServiceNights("SU1", 2, 9),)}, {}, "stays already", False),
    ("booked", {"nights": 3, "booked_on": (2,)}, {}, "another stay booked from 25 November", False),
    ("apart", {"nights": 3, "apart_nights": (ServiceNights("SU1", 0, 1),)}, {}, "must be kept apart", False),
    (
        "same_gender",
        {"gender": "man"},
        {"gender": "same", "residents": (Resident(0, 9, "woman"),)},
        "takes one gender at a time",
        False,
    ),
]


def told(need, unit, **given):
    instance = an_instance([unit], [need], **given)
    (rule,) = refusals(need, unit, Setting(instance))
    return rule.slug, rule.short(need, unit, Setting(instance))


@pytest.mark.parametrize(("slug", "need", "unit", "words", "is_near"), TOLD)
def test_a_refusal_says_the_fact(slug, need, unit, words, is_near):
    rule, short = told(a_need(**need), a_unit(**unit))
    assert rule == slug
    assert words in short.words
    assert short.is_near is is_near


def test_what_is_shared_or_held_back_says_so():
    unit = a_unit(shared=frozenset({"C1"}))
    slug, short = told(a_need(nights=3), unit, shared_caps=(CapFacts(id="C1", free=((6, 10, 1),)),))
    assert (slug, short.words) == ("pool", "its shared places are taken until 29 November")
    held = a_need(nights=1, hold_above=0)
    slug, short = told(held, a_unit(), prices=(Price(unit="U1", start=0, end=5, points=2),))
    assert (slug, short.words) == ("hold", "is held back for people still to come")


def test_every_rule_has_its_fact_and_none_says_what_the_rule_demands():
    shown = {slug for slug, *_ in TOLD} | {"pool", "hold"}
    assert shown == {rule.slug for rule in RULES}
    for seed in range(60):
        instance = a_small_instance(seed)
        setting = Setting(instance)
        for need in instance.needs:
            for unit in instance.units:
                for rule in refusals(need, unit, setting):
                    words = rule.short(need, unit, setting).words
                    assert words
                    assert words != rule.sentence


def test_full_until_names_the_first_day_on_which_the_stay_finds_room():
    asked = 0
    for seed in range(120):
        instance = a_small_instance(seed)
        setting = Setting(instance)
        for need in instance.needs:
            for unit in instance.units:
                for rule in refusals(need, unit, setting):
                    if rule.slug != "nights" or not (words := rule.short(need, unit, setting).words).startswith("full"):
                        continue
                    days = {f"full until {on.day} {on:%B}": n for n in range(instance.nights) for on in [day(n)]}
                    first = days[words]
                    rooms = [n for n in range(instance.nights) if setting.has_place(unit, n, setting.end(need, n))]
                    assert first == min(n for n in rooms if n > need.latest)
                    asked += 1
    assert asked


def day(night):
    return FIRST_NIGHT + timedelta(days=night)
