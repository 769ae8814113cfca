"""What is said for and against a match."""

import pytest

from placement.matching.judging.occupancy import stay_of
from placement.matching.judging.reasons import counted, pounds, reasons
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Current
from tests.matching.builders import ELSEWHERE, a_need, a_unit, an_instance


def said(need, unit, start=0):
    setting = Setting(an_instance([unit], [need]))
    return reasons(stay_of(setting, need.id, unit.id, start), setting)


def test_a_plain_match_in_the_city_says_what_is_known_of_it():
    assert said(a_need(), a_unit()) == (
        "in the city", "not rated", "starts on the earliest night", "price not known", "vacancy updated just now",
    )  # fmt: skip


def test_what_speaks_against_it_is_said_too():
    need = a_need(essential=frozenset({"pbs"}), desirable=frozenset({"hoist"}), latest=4)
    unit = a_unit(
        authority=ELSEWHERE, offers=frozenset({"pbs"}), quality=1, status="caution", reply_hours=2, age_hours=50
    )
    told = said(need, unit, start=2)

    assert {"out of the city", "1 of 1 must-haves", "0 of 1 wishes", "requires improvement"} <= set(told)
    assert {"provider status: caution", "answers within 2 hours", "vacancy updated 2 days ago"} <= set(told)
    assert "starts two nights after the earliest" in told


def test_what_was_proposed_before_is_said_last():
    assert said(a_need(current=Current(unit="U1", start=0)), a_unit())[-1] == "the same as the current proposal"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "no nights"), (1, "one night"), (9, "nine nights"), (10, "10 nights")]
)
def test_small_numbers_are_words(count, words):
    assert counted(count, "night") == words


@pytest.mark.parametrize(("pence", "words"), [(80_000, "£800"), (90_050, "£900.50"), (123_456_700, "£1,234,567")])
def test_pence_are_told_where_there_are_some(pence, words):
    assert pounds(pence) == words
