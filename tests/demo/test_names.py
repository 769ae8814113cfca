"""Nobody in the demo is real: names are held against the published lists of providers and services."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from placement.records.providers import Provider, Service
from tests.conftest import SHARED
from tests.demo.conftest import City


def test_no_name_is_a_real_providers_or_services(cities: Callable[[str], City]):
    if not (SHARED / "cqc").is_dir():
        pytest.skip("the published lists of providers are not here")
    with cities("sqlite").store.reading() as session:
        names = {
            plain(name) for name in (*session.scalars(select(Provider.name)), *session.scalars(select(Service.name)))
        }

    real = published_names()
    assert len(real) > 500
    assert not names & real


def published_names() -> set[str]:
    found: set[str] = set()
    for path in sorted((SHARED / "cqc").glob("*.csv")):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                found |= {plain(value) for key, value in row.items() if key and key.lower().endswith("name") and value}
    for path in sorted((SHARED / "cqc").glob("api_*/*.json")):
        found.add(plain(json.loads(path.read_text("utf-8")).get("name", "")))
    return found - {""}


def plain(name: str) -> str:
    return " ".join(name.lower().replace("limited", "").replace("ltd", "").split())
