"""Each rule refuses what it says and only that; what it does not know it does not refuse, but for limits."""

from dataclasses import replace

import pytest

from placement.domain.states import BARRED, Status
from placement.matching.judging.rules import GENDERS_TAKEN, RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import CapFacts, Nights, Price, Resident, ServiceNights, Span, SupportPrice
from tests.matching.builders import a_need, a_unit, an_instance

NIGHT = (SupportPrice("night", 101),)
HERE, AWAY = {"lat": 52.4, "lon": -1.5}, {"lat": 52.6, "lon": -1.5}


def refused(need, unit, **given):
    return [rule.slug for rule in refusals(need, unit, Setting(an_instance([unit], [need], **given)))]


def test_they_are_told_in_this_order():
    assert [rule.slug for rule in RULES] == [
        "kind", "kept", "age", "gender", "essential", "status", "budget", "distance", "avoid", "type", "alone",
        "declined", "notice", "nights", "pool", "crises", "register", "home", "booked", "apart", "solo", "same_gender",
        "hold",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "need", "unit"),
    [
        ("kind", {"kind": "respite"}, {"kinds": frozenset({"crisis"})}),
        ("kept", {"kind": "crisis"}, {"crisis_places": 0}),
        ("crises", {"kind": "crisis", "nights": 3}, {"crisis_places": 1, "crises": (Nights(2, 9),)}),
        ("age", {"age": 17}, {"min_age": 18}),
        ("age", {"age": None}, {"max_age": 149}),
        ("gender", {"gender": "man"}, {"gender": "women"}),
        ("gender", {"gender": None}, {"gender": "men"}),
        ("essential", {"essential": frozenset({"pbs"})}, {"offers": frozenset({"hoist"})}),
        ("status", {}, {"status": "paused"}),
        ("budget", {"budget_weekly_pence": 100}, {"weekly_pence": 101}),
        ("budget", {"budget_weekly_pence": 100}, {"weekly_pence": None}),
        ("budget", {"budget_weekly_pence": 100, "support": "night"}, {"weekly_pence": 90, "support_pence": NIGHT}),
        ("distance", {"max_miles": 5.0, **HERE}, AWAY),
        ("distance", {"max_miles": 5.0}, HERE),
        ("avoid", {"avoid_services": frozenset({"SU1"})}, {}),
        ("type", {"ruled_out": frozenset({"nursing"})}, {"offers": frozenset({"nursing"})}),
        ("alone", {"alone": True}, {"places": 2}),
        ("alone", {"alone": True}, {"places": None}),
        ("solo", {"nights": 3}, {"places": 2, "solo": (Nights(2, 9),)}),
        ("declined", {"declined_units": frozenset({"U1"})}, {}),
        ("notice", {"reply_within_hours": 4}, {"reply_hours": 5}),
        ("nights", {"nights": 3}, {"free": [(0, 2, 1)]}),
        ("register", {"nights": 3}, {"registered_until": 2}),
        ("register", {"nights": None}, {"registered_until": 500}),
        ("home", {"nights": 3, "home_nights": (ServiceNights("SU1", 2, 9),)}, {}),
        ("booked", {"nights": 3, "booked_on": (2,)}, {}),
        ("booked", {"nights": None, "booked_on": (400,)}, {}),
        ("apart", {"nights": 3, "apart_nights": (ServiceNights("SU1", 0, 1),)}, {}),
        ("same_gender", {"gender": "man"}, {"gender": "same", "residents": (Resident(9, 10, "woman"),)}),
        ("same_gender", {"gender": None}, {"gender": "same", "residents": (Resident(9, 10, None),)}),
    ],
)
def test_each_refuses_what_it_says(slug, need, unit):
    assert refused(a_need(**need), a_unit(**unit)) == [slug]


@pytest.mark.parametrize(
    ("need", "unit"),
    [
        ({"kind": "respite"}, {"kinds": None}),
        ({"kind": "respite"}, {"crisis_places": 0}),
        ({"kind": "respite", "nights": 3}, {"crisis_places": 1, "crises": (Nights(0, 9),)}),
        ({"kind": "crisis", "nights": 3}, {"crisis_places": 1, "crises": (Nights(3, 9),)}),
        ({"kind": "crisis", "nights": 3}, {"crisis_places": 2, "crises": (Nights(0, 9),)}),
        ({"age": 18}, {"min_age": 18, "max_age": 18}),
        ({"gender": "other"}, {"gender": "same"}),
        ({"essential": frozenset({"pbs"}), "unknown": frozenset({"pbs"})}, {}),
        ({}, {"status": "restricted"}),
        ({"budget_weekly_pence": 100}, {"weekly_pence": 100}),
        ({"budget_weekly_pence": 100, "support": "shared"}, {"weekly_pence": 90, "support_pence": NIGHT}),
        ({"budget_weekly_pence": 101, "support": "night"}, {"weekly_pence": None, "support_pence": NIGHT}),
        ({"max_miles": 14.0, **HERE}, AWAY),
        ({"alone": True}, {"places": 1}),
        ({"alone": False}, {"places": 2}),
        ({"nights": 3}, {"places": 2, "solo": (Nights(3, 9),)}),
        ({"reply_within_hours": 4}, {"reply_hours": 4}),
        ({"nights": 3, "latest": 7}, {"free": [(7, 10, 1)]}),
        ({"nights": None, "earliest": 8, "latest": 8}, {"free": [(8, 10, 1)]}),
        ({"nights": 3, "latest": 7}, {"registered_until": 3}),
        ({"nights": 3, "latest": 7, "home_nights": (ServiceNights("SU1", 2, 7),)}, {}),
        ({"nights": 3, "home_nights": (ServiceNights("SU1", 3, 9), ServiceNights("SU2", 0, 9))}, {}),
        ({"nights": 3, "apart_nights": (ServiceNights("SU1", 3, 9),)}, {}),
        ({"nights": 3, "booked_on": (3,)}, {}),
        ({"nights": 3, "earliest": 4, "booked_on": (3,)}, {}),
        ({"gender": "man", "nights": 3}, {"gender": "same", "residents": (Resident(3, 10, "woman"),)}),
        ({"gender": "man"}, {"gender": "any", "residents": (Resident(0, 10, "woman"),)}),
        ({"gender": "man"}, {"gender": "same", "residents": (Resident(0, 10, "man"),)}),
    ],
)
def test_none_refuses_what_just_passes(need, unit):
    assert refused(a_need(**need), a_unit(**unit)) == []


def test_a_place_is_held_back_where_every_start_costs_more_than_the_need_may_spend():
    prices = (Price(unit="U1", start=0, end=2, points=5),)

    assert refused(a_need(nights=1, latest=1, hold_above=4), a_unit(), prices=prices) == ["hold"]
    assert refused(a_need(nights=1, latest=2, hold_above=4), a_unit(), prices=prices) == []
    assert refused(a_need(nights=1, hold_above=4), a_unit(free=[]), prices=prices) == ["nights"]


def test_a_full_pool_is_told_as_a_pool_and_only_on_the_nights_on_which_it_is_full():
    unit = a_unit(shared=frozenset({"C1", "C2"}))
    roomy = CapFacts(id="C2", places=3)
    full = CapFacts(id="C1", places=0)
    full_at_first = CapFacts(id="C1", free=(Span(4, 10, 1),))

    assert refused(a_need(nights=2, latest=9), unit, shared_caps=(full, roomy)) == ["pool"]
    assert refused(a_need(nights=2, latest=3), unit, shared_caps=(full_at_first, roomy)) == ["pool"]
    assert refused(a_need(nights=2, latest=4), unit, shared_caps=(full_at_first, roomy)) == []


def test_of_the_rules_about_starts_the_first_that_leaves_none_refuses_and_it_alone():
    unit = a_unit(free=[(0, 3, 1)], shared=frozenset({"C1"}), registered_until=1)
    full = CapFacts(id="C1", free=(Span(2, 10, 1),))
    need = a_need(nights=2, latest=3, home_nights=(ServiceNights("SU1", 0, 10),), hold_above=0)

    assert refused(need, unit, shared_caps=(full,)) == ["pool"]
    assert refused(replace(need, earliest=2), unit, shared_caps=(full,)) == ["nights"]


@pytest.mark.parametrize("status", list(Status))
def test_a_provider_is_barred_here_exactly_where_the_domain_bars_it(status):
    assert (refused(a_need(), a_unit(status=status.value)) == ["status"]) is (status in BARRED)


def test_every_gender_of_a_unit_says_whom_it_takes():
    assert set(GENDERS_TAKEN["any"]) == {"woman", "man", "other", None}
    assert (GENDERS_TAKEN["women"], GENDERS_TAKEN["men"]) == ({"woman"}, {"man"})
