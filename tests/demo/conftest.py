"""The seeded city, once an engine for the whole run: seeding takes long enough to do it once.

`make test` looks at it on SQLite, which takes half as long to fill; `make prove` looks at it on both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from placement.demo.seeding import Summary, seed
from placement.geography.gazetteer import Gazetteer, build_gazetteer
from placement.records.sessions import Store, open_url
from tests.conftest import NOW, fresh_database


@dataclass(frozen=True)
class City:
    """A seeded database and what the seeding said about it."""

    store: Store
    summary: Summary


@pytest.fixture(scope="package")
def gazetteer() -> Gazetteer:
    return build_gazetteer(on=NOW.date())


@pytest.fixture(scope="package")
def cities(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer
) -> Iterator[Callable[[str], City]]:
    """A function that returns the city of an engine, seeded when it is first asked for."""
    with contextlib.ExitStack() as stack:

        @cache
        def city_on(engine: str) -> City:
            url = stack.enter_context(fresh_database(engine, request, tmp_path_factory.mktemp(engine))).url
            store = open_url(url)
            stack.callback(store.engine.dispose)
            return City(store, seed(store, now=NOW, gazetteer=gazetteer))

        yield city_on


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.prove)])
def city(request: pytest.FixtureRequest, cities: Callable[[str], City]) -> City:
    return cities(request.param)
