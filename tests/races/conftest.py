"""Two teams of racers, started once and kept for all races."""

from collections.abc import Iterator

import pytest

from tests.races.racing import Racers

FEW, MANY = 6, 20


@pytest.fixture(scope="package")
def few() -> Iterator[Racers]:
    racers = Racers(FEW)
    yield racers
    racers.stop()


@pytest.fixture(scope="package")
def many() -> Iterator[Racers]:
    racers = Racers(MANY)
    yield racers
    racers.stop()


@pytest.fixture
def racers(request: pytest.FixtureRequest) -> Racers:
    """The many for a full-size proof, the few otherwise."""
    team = "many" if request.node.get_closest_marker("prove") else "few"
    found: Racers = request.getfixturevalue(team)
    return found
