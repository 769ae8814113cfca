"""A plan is a value: two that say the same are equal, and one says nothing that it was not given."""

from dataclasses import replace

from placement.matching.problem.plan import Match, Plan, TierOutcome, Unmatched


def a_plan(**given):
    made = {"instance_sha256": "0", "status": "optimal", "backend": "flow", "seed": 0, "seconds": 0.1}
    return Plan(**{**made, "matches": (), "unmatched": (), "objectives": (), **given})


def test_plans_that_say_the_same_are_equal_and_others_are_not():
    matches = (Match(need="N1", unit="U1", start=0),)

    assert a_plan(matches=matches) == a_plan(matches=(Match(need="N1", unit="U1", start=0),))
    assert a_plan(matches=matches) != a_plan(matches=(Match(need="N1", unit="U1", start=1),))


def test_versions_do_not_tell_plans_apart_in_a_set():
    plan = a_plan(versions={"ortools": "9"})

    assert len({hash(plan), hash(replace(plan, versions={"ortools": "10"}))}) == 1


def test_nobody_is_out_of_the_city_and_nothing_is_asked_unless_it_is_said():
    assert not Unmatched(need="N1").met_out_of_city
    assert Match(need="N1", unit="U1", start=0).ask == ()
    assert TierOutcome(slug="fit", value=-3, bound=4).bound == 4
