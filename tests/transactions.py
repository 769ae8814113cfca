"""One database an engine for many tests: each test works in one transaction, which is rolled back at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from placement.records.sessions import Store, open_url
from tests.conftest import ENGINES, fresh_database


@pytest.fixture(scope="session", params=ENGINES)
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated, empty database for all tests of one engine that leave nothing behind."""
    with fresh_database(request.param, request, tmp_path_factory.mktemp("shared")) as database:
        store = open_url(database.url)
        yield store
        store.engine.dispose()


@pytest.fixture
def session(shared_store: Store) -> Iterator[Session]:
    """A write unit that is never committed."""
    with shared_store.write() as session:
        yield session
        session.rollback()
