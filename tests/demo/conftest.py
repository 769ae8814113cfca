"""One seeded city for each engine and for the whole run: seeding takes long enough to do it once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from placement.demo.seeding import Summary, seed
from placement.geography.gazetteer import Gazetteer, build_gazetteer
from placement.records.sessions import Store, open_url
from tests.conftest import ENGINES, NOW, fresh_database


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
) -> Iterator[dict[str, City]]:
    """The same day seeded on both engines."""
    with contextlib.ExitStack() as stack:
        yield {engine: _city(stack, engine, request, tmp_path_factory.mktemp(engine), gazetteer) for engine in ENGINES}


def _city(
    stack: contextlib.ExitStack, engine: str, request: pytest.FixtureRequest, folder: Path, gazetteer: Gazetteer
) -> City:
    store = open_url(stack.enter_context(fresh_database(engine, request, folder)).url)
    stack.callback(store.engine.dispose)
    return City(store, seed(store, now=NOW, gazetteer=gazetteer))


@pytest.fixture(params=ENGINES)
def city(request: pytest.FixtureRequest, cities: dict[str, City]) -> City:
    return cities[request.param]
