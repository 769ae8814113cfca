"""Stays of a series in one service: 30 points each after the first, in the service that most of them are in."""

from __future__ import annotations

import pytest

from placement.matching.judging.series import points_together
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.series import Link
from tests.matching.builders import a_need, a_unit

LINK = Link(needs=("N1", "N1/2", "N1/3", "N1/4"), whole=False)


@pytest.mark.parametrize(
    ("services", "points"),
    [("", 0), ("A", 0), ("AA", 30), ("AB", 0), ("ABA", 30), ("AABB", 30), ("AAAA", 90), ("ABAA", 60)],
)
def test_points_count_in_the_service_that_most_are_in(services, points):
    stays = [
        MatchedStay(a_need(name), a_unit(f"U{number}", service=service), number, number + 1)
        for number, (name, service) in enumerate(zip(LINK.needs, services, strict=False))
    ]

    assert points_together([LINK], stays) == points


def test_a_need_of_its_own_is_worth_nothing_together():
    assert points_together([LINK], [MatchedStay(a_need("N9"), a_unit(), 0, 1)]) == 0
