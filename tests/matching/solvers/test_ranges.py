"""How great an unknown figure can be: by hand, and that one question leaves nothing behind for the next."""

import pytest

from placement.matching.solvers.ranges import BEYOND, Ranges, Tie

TOTAL = Tie(whole=2, parts=(0, 1))


def test_a_part_reaches_what_the_greatest_total_leaves_beside_the_least_other_part():
    reached = Ranges([1, 8, 18], [BEYOND, 12, 22], [TOTAL]).greatest([0])

    assert reached.values[0] == pytest.approx(14)
    assert set(reached.binding) >= {1, 2}


def test_a_second_question_is_answered_as_if_it_were_the_first():
    ranges = Ranges([1, 1, 18], [BEYOND, BEYOND, 22], [TOTAL])

    assert ranges.greatest([0]).values[0] == pytest.approx(21)
    assert ranges.greatest([1]).values[1] == pytest.approx(21)


def test_a_part_of_a_total_that_nobody_knows_has_no_end():
    assert Ranges([1, 8, 0], [BEYOND, 12, BEYOND], [TOTAL]).greatest([0]).values[0] > 1000


def test_figures_that_cannot_add_up_are_refused():
    with pytest.raises(ValueError, match="no figures keep"):
        Ranges([5, 5, 0], [6, 6, 3], [TOTAL]).greatest([0])
