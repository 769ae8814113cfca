"""The auditor catches every kind of tampering with a good plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from placement.matching.judging.check import check
from placement.matching.problem.facts import CapFacts, Price
from placement.matching.problem.plan import Match, Unmatched
from placement.matching.tiers.solving import solve
from tests.matching.builders import ELSEWHERE, a_day, a_need, a_unit, an_instance

TIGHT = a_day(5, needs=20, units=40, nights=30, tight=0.3)
PLAN = solve(TIGHT)


def slugs(instance, plan):
    return {violation.slug for violation in check(instance, plan).violations}


def with_matches(instance, *matches):
    return replace(solve(instance), matches=tuple(Match(need=n, unit=u, start=s) for n, u, s in matches))


def test_passes_the_plan_of_the_solver():
    verdict = check(TIGHT, PLAN)

    assert verdict.violations == ()
    assert [verdict.objectives[outcome.slug] for outcome in PLAN.objectives] == [o.value for o in PLAN.objectives]


def test_refuses_a_plan_of_another_instance():
    assert slugs(replace(TIGHT, city=ELSEWHERE), PLAN) >= {"instance"}


@pytest.mark.parametrize("change", [{"need": "N777"}, {"unit": "U777"}, {"start": 30}, {"start": -1}])
def test_refuses_a_match_that_leads_nowhere(change):
    first, *others = PLAN.matches

    assert "reference" in slugs(TIGHT, replace(PLAN, matches=(replace(first, **change), *others)))


def test_refuses_a_need_matched_twice():
    assert "once" in slugs(TIGHT, replace(PLAN, matches=(*PLAN.matches, PLAN.matches[0])))


def test_refuses_a_start_outside_the_window():
    instance = an_instance([a_unit()], [a_need(earliest=1, latest=2, nights=1)])

    assert "nights" in slugs(instance, with_matches(instance, ("N1", "U1", 3)))


def test_refuses_a_night_without_a_place():
    instance = an_instance([a_unit(free=[(0, 2, 1), (4, 10, 1)])], [a_need(latest=4)])

    assert "nights" in slugs(instance, with_matches(instance, ("N1", "U1", 1)))


def test_refuses_nights_priced_above_what_a_need_may_spend():
    prices = (Price(unit="U1", start=0, end=5, points=3),)
    instance = an_instance([a_unit()], [a_need(latest=9, hold_above=3)], prices=prices)

    assert "hold" in slugs(instance, with_matches(instance, ("N1", "U1", 0)))


def test_refuses_a_full_unit():
    instance = an_instance([a_unit()], [a_need("N1"), a_need("N2")])

    assert "capacity" in slugs(instance, with_matches(instance, ("N1", "U1", 0), ("N2", "U1", 0)))


def test_refuses_a_full_shared_cap():
    units = [a_unit("U1", shared=frozenset({"C"})), a_unit("U2", shared=frozenset({"C"}))]
    caps = (CapFacts(id="C", places=1),)
    instance = an_instance(units, [a_need("N1"), a_need("N2")], shared_caps=caps)

    assert "shared_cap" in slugs(instance, with_matches(instance, ("N1", "U1", 0), ("N2", "U2", 0)))


def test_refuses_people_to_be_kept_apart_in_one_service_whichever_of_them_says_so():
    units = [a_unit("U1", service="S"), a_unit("U2", service="S")]
    for named in ("N1", "N2"):
        other = {"N1": "N2", "N2": "N1"}[named]
        needs = [a_need(id, apart=frozenset({other}) if id == named else frozenset()) for id in ("N1", "N2")]
        instance = an_instance(units, needs)
        assert "apart" in slugs(instance, with_matches(instance, ("N1", "U1", 0), ("N2", "U2", 0)))


@pytest.mark.parametrize(("one", "other", "may"), [
    ("woman", "woman", True), ("other", "other", True), ("woman", "man", False), ("woman", None, False),
    (None, None, False),
])  # fmt: skip
def test_a_unit_for_one_gender_holds_one_and_those_not_known_alone(one, other, may):
    needs = [a_need("N1", gender=one), a_need("N2", gender=other)]
    instance = an_instance([a_unit(gender="same", free=[(0, 10, 2)])], needs)
    plan = with_matches(instance, ("N1", "U1", 0), ("N2", "U1", 0))

    assert ("same_gender" not in slugs(instance, plan)) is may
    assert (len(solve(instance).matches) == 2) is may


@pytest.mark.parametrize("given", [
    {"kinds": frozenset({"respite"})}, {"max_age": 40}, {"gender": "men"}, {"offers": frozenset()},
    {"status": "closing"}, {"weekly_pence": None}, {"lat": 53.9}, {"service": "S9"}, {"id": "U2"}, {"reply_hours": 3},
])  # fmt: skip
def test_refuses_what_a_rule_refuses(given):
    good = {
        "id": "U1", "service": "S1", "max_age": 60, "offers": frozenset({"pbs"}), "weekly_pence": 1000,
        "lat": 52.4, "lon": -1.5, "reply_hours": 1,
    }  # fmt: skip
    need = a_need(
        age=50, gender="woman", essential=frozenset({"pbs"}), budget_weekly_pence=2000, lat=52.4, lon=-1.5, max_miles=5,
        avoid_services=frozenset({"S9"}), declined_units=frozenset({"U2"}), reply_within_hours=2,
    )  # fmt: skip
    assert solve(an_instance([a_unit(**good)], [need])).matches
    instance = an_instance([a_unit(**{**good, **given})], [need])
    unit = instance.units[0].id

    assert solve(instance).matches == ()
    assert slugs(instance, with_matches(instance, ("N1", unit, 0))) & {
        "kind", "age", "gender", "essential", "status", "budget", "distance", "avoid", "declined", "notice",
    }  # fmt: skip


@pytest.mark.parametrize("tier", range(5))
def test_refuses_a_value_that_is_not_so_and_a_bound_that_is_beaten(tier):
    outcome = PLAN.objectives[tier]
    sign = -1 if outcome.slug in ("cost", "tie") else 1

    lies = {
        "value": replace(outcome, value=outcome.value + 1),
        "bound": replace(outcome, bound=outcome.bound - sign),
        "status": replace(outcome, bound=outcome.bound + sign),
    }
    for slug, lie in lies.items():
        objectives = (*PLAN.objectives[:tier], lie, *PLAN.objectives[tier + 1 :])
        assert slug in slugs(TIGHT, replace(PLAN, objectives=objectives))


def test_refuses_objectives_left_out():
    assert slugs(TIGHT, replace(PLAN, objectives=PLAN.objectives[1:])) == {"objectives"}


def test_refuses_a_list_of_unmatched_that_leaves_out_adds_or_misnames():
    first, *others = PLAN.unmatched
    matched = Unmatched(need=PLAN.matches[0].need)

    assert slugs(TIGHT, replace(PLAN, unmatched=tuple(others))) == {"unmatched"}
    assert slugs(TIGHT, replace(PLAN, unmatched=(*PLAN.unmatched, first))) == {"unmatched"}
    assert slugs(TIGHT, replace(PLAN, unmatched=(*PLAN.unmatched, matched))) == {"unmatched"}
    flipped = replace(first, met_out_of_city=not first.met_out_of_city)
    assert slugs(TIGHT, replace(PLAN, unmatched=(flipped, *others))) == {"unmatched"}


def test_refuses_a_match_that_does_not_ask_what_is_not_known():
    instance = an_instance([a_unit()], [a_need(unknown=frozenset({"hoist"}))])
    plan = solve(instance)

    assert plan.matches[0].ask == ("hoist",)
    assert slugs(instance, replace(plan, matches=(replace(plan.matches[0], ask=()),))) == {"ask"}
