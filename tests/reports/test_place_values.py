"""What more places would have been worth: told so that no count of 1 to 7 stands in it or in its order."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from placement.records.valuations import Valuation
from placement.reports.asked import Area
from placement.reports.place_values import COLUMNS, value_lines, value_rows
from placement.reports.small_numbers import MARK
from placement.reports.told_sums import ToldSum
from tests.exploring import tried

AREAS = (Area(code="north", name="North"), Area(code="west", name="West"))
QUARTER = (date(2026, 7, 1), date(2026, 10, 1))


def an_idea(area="north", need="nursing_dementia", *gains, **values):
    of = dict.fromkeys(("outside", "without", "waited", "away", "weekly_pence"), 0)
    told = [{"places": places, **of, **gain} for places, gain in zip((1, 2, 5), gains or [{}] * 3, strict=True)]
    idea = {"area": area, "need": need, "kind": "planned", "service_type": "nursing", "weekly_pence": 123_400}
    return {**idea, "gains": told, **values}


def an_answer(*ideas):
    return Valuation(first_on=QUARTER[0], end_on=QUARTER[1], ideas=list(ideas))


def test_a_line_says_for_what_where_and_how_much():
    gains = ({"outside": 9, "waited": 133, "away": 55, "weekly_pence": -123_456}, {"outside": 3, "away": 640}, {})
    (line,) = value_lines(an_answer(an_idea("north", "nursing_dementia", *gains)), AREAS)
    assert (line.area.name, line.need, line.kind, line.service_type, line.weekly_pounds) == (
        "North", "Nursing dementia", "Planned", "Nursing home", 1250,
    )  # fmt: skip
    one, two, five = line.gains
    assert (one.outside.words, one.without.words, one.waited.value, one.away.value, one.weekly_pounds.value) == (
        10, 0, 140, 60, -1200,
    )  # fmt: skip
    assert (two.outside.words, two.away) == (MARK, ToldSum(value=260, is_more=True))
    assert five.outside.words == 0
    assert (one.helps, two.helps, five.helps) == (True, True, False)
    assert [column.value(value_rows([line])[1]) for column in COLUMNS][6:10] == [MARK, 0, 0, "260 or more"]


def test_an_area_or_a_need_that_is_no_longer_used_is_told_all_the_same():
    (line,) = value_lines(an_answer(an_idea("atlantis", "", service_type="")), AREAS)
    assert (line.area.name, line.need, line.service_type) == (
        "An area that is no longer used", "No special need", "Any type of service",
    )  # fmt: skip


def test_fewer_people_come_before_more_and_both_are_told_by_their_size():
    worse, better = an_idea("north", "autism", *[{"outside": -12}] * 3), an_idea("west", "pbs", *[{"outside": 12}] * 3)
    lines = value_lines(an_answer(worse, better), AREAS)
    assert [line.gains[0].outside.words for line in lines] == [10, -10]


def a_random_answer(seed):
    dice = Random(seed)
    return [
        an_idea(dice.choice(["north", "west"]), need, *[
            {"outside": dice.randint(-8, 12), "without": dice.randint(-3, 9), "waited": dice.randint(-100, 900),
             "away": dice.randint(-100, 900), "weekly_pence": dice.randint(-10**6, 3 * 10**6)}
            for _ in range(3)
        ])
        for need in dice.sample(["autism", "pbs", "dementia", "nurse", ""], dice.randint(1, 5))
    ]  # fmt: skip


@given(seed=st.integers(0, 10**6), other=st.integers(1, 7))
@tried(40)
def test_what_is_told_is_the_same_whichever_of_1_to_7_a_small_count_is(seed, other):
    """Figures and order: nobody can tell from them which of the seven it was, nights and pounds being as they are."""
    ideas = a_random_answer(seed)
    told = value_lines(an_answer(*ideas), AREAS)
    for idea in ideas:
        for gain in idea["gains"]:
            for name in ("outside", "without"):
                if 1 <= abs(gain[name]) <= 7:
                    gain[name] = other if gain[name] > 0 else -other
    assert value_lines(an_answer(*ideas), AREAS) == told
    cells = [column.value(row) for row in value_rows(told) for column in COLUMNS[6:8]]
    assert not {abs(cell) for cell in cells if isinstance(cell, int)} & set(range(1, 8))


def test_a_place_that_leaves_a_few_more_people_without_one_does_not_help_and_says_so():
    (line,) = value_lines(an_answer(an_idea("north", "autism", *[{"without": -1}] * 3)), AREAS)
    assert (line.gains[0].without.words, line.gains[0].helps) == (f"-{MARK}", False)
