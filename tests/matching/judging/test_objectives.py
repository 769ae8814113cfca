"""What one match adds to each objective, and that the order of the objectives is their priority."""

from hashlib import sha256

import pytest

from placement.matching.judging.objectives import OBJECTIVES, standing, tie
from placement.matching.judging.points import fit
from placement.matching.judging.setting import Setting
from tests.matching.builders import ELSEWHERE, a_need, a_unit, an_instance


def adds(need, unit, start=0):
    setting = Setting(an_instance([unit], [need]))
    return {objective.slug: objective.value(need, unit, start, setting) for objective in OBJECTIVES}


def test_the_city_comes_first_then_a_place_then_its_fit_then_its_cost_then_the_lot():
    assert [(objective.slug, objective.sense) for objective in OBJECTIVES] == [
        ("in_city", "max"), ("placed", "max"), ("fit", "max"), ("cost", "min"), ("tie", "min"),
    ]  # fmt: skip


@pytest.mark.parametrize(("authority", "wants_out", "met"), [(ELSEWHERE, False, 0), (ELSEWHERE, True, 110)])
def test_elsewhere_counts_in_the_city_only_for_who_wants_to_be_there(authority, wants_out, met):
    found = adds(a_need(weight=100, waited_days=10, wants_out_of_city=wants_out), a_unit(authority=authority))

    assert (found["in_city"], found["placed"]) == (met, 110)


@pytest.mark.parametrize(("start", "nights", "pounds"), [(0, 7, 999), (0, 3, 428), (6, 7, 571), (0, None, 1428)])
def test_the_cost_is_that_of_the_nights_within_the_horizon_in_whole_pounds(start, nights, pounds):
    need = a_need(nights=nights, latest=9)

    assert adds(need, a_unit(weekly_pence=99_999), start)["cost"] == pounds
    assert adds(need, a_unit(), start)["cost"] == 0


def test_the_lot_is_the_first_20_bits_of_the_digest():
    assert tie("N1", "U1", 3) == int(sha256(b"N1|U1|3").hexdigest()[:5], 16)


def test_a_match_stands_above_another_by_the_first_objective_that_differs():
    near, far = a_unit("U1"), a_unit("U2", authority=ELSEWHERE, quality=3)
    need = a_need()
    setting = Setting(an_instance([near, far], [need]))

    assert fit(need, far, 0, setting) > fit(need, near, 0, setting)
    assert standing(need, near, 0, setting) > standing(need, far, 0, setting)
