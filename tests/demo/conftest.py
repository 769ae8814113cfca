"""One seeded city for each engine and for the whole run: seeding takes long enough to do it once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

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
def cities(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, City]]:
    """The same day seeded on both engines, each in a process of its own: it is work for one core each."""
    with contextlib.ExitStack() as stack:
        urls = [
            stack.enter_context(fresh_database(engine, request, tmp_path_factory.mktemp(engine))).url
            for engine in ENGINES
        ]
        with ProcessPoolExecutor(len(urls), mp_context=get_context("spawn")) as pool:
            summaries = list(pool.map(_seeded, urls))
        stores = [open_url(url) for url in urls]
        for store in stores:
            stack.callback(store.engine.dispose)
        yield {engine: City(*found) for engine, *found in zip(ENGINES, stores, summaries, strict=True)}


def _seeded(url: str) -> Summary:
    store = open_url(url)
    try:
        return seed(store, now=NOW, gazetteer=build_gazetteer(on=NOW.date()))
    finally:
        store.engine.dispose()


@pytest.fixture(params=ENGINES)
def city(request: pytest.FixtureRequest, cities: dict[str, City]) -> City:
    return cities[request.param]
