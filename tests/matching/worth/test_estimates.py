"""What duals say that one more place would add: right for most kinds, and never too little in the city."""

from __future__ import annotations

import pytest

from placement.matching.worth.values import values
from tests.matching.builders import (
    an_undated_day,
)


def test_the_duals_rank_and_the_output_says_how_well():
    """Over all kinds of an undated market: most are right to the point, and none promises too little in the city."""
    instance = an_undated_day(5, needs=20, units=12)
    found = values(instance, top=10_000)
    rates = found.agreement()["in_city"]

    assert len(found.places) == found.kinds
    assert rates["equal"] == pytest.approx(
        sum(place.agrees["in_city"] for place in found.places) / len(found.places), abs=0.001
    )
    assert rates["equal"] > 0.5
    assert rates["correlation"] > 0.5
    for place in found.places:
        assert place.estimate["in_city"] >= place.gains[0].adds["in_city"]
