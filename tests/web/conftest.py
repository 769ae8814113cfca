"""One world an engine for all tests that ask for every route; each stays on one test worker."""

from collections.abc import Iterator

import pytest

from tests.conftest import ENGINES, fresh_database
from tests.web.world import World, a_world


@pytest.fixture(
    scope="session",
    params=ENGINES,
)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("world")
    with fresh_database(request.param, request, home) as database:
        found = a_world(database.url, home)
        yield found
        found.engine.dispose()
