"""A store of one's own for each test: what a job does is committed and seen by other processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from placement.records.sessions import Store, open_url
from tests.conftest import Database


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    opened = open_url(database.url)
    yield opened
    opened.engine.dispose()
