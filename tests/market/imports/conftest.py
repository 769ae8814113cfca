"""CQC's own files, which are not part of the project, and a small HSCA file made from CQC's own header."""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from placement.geography.gazetteer import Gazetteer, build_gazetteer
from placement.market.imports.cqc.rows import Reading
from placement.records.sessions import Store, open_url
from placement.records.tables import Base
from tests.conftest import ENGINES, NOW, fresh_database

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("PLACEMENT_SHARED_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def cqc_files() -> Path:
    """Return the folder of CQC's files, or skip where somebody does not have them."""
    folder = SHARED / "cqc"
    if not folder.is_dir():
        pytest.skip("CQC's files are absent: set PLACEMENT_SHARED_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def hsca_header(cqc_files) -> list[str]:
    lines = (cqc_files / "hsca_active_locations_headers_oct2026.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line]


@pytest.fixture(scope="session")
def hsca_file(hsca_header):
    """Return a maker of HSCA files: one row for each dict of filled cells."""

    def make(*rows: dict[str, str]) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, hsca_header, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()

    return make


def told(name: str, reading: Reading) -> str:
    """Return what a file gave, in one line, for whoever runs the tests with -s."""
    reasons = Counter(f"{problem.reason} ({'used' if problem.is_row_used else 'lost'})" for problem in reading.problems)
    return (
        f"{name}: {reading.rows_read} rows, {len({each.location_id for each in reading.locations})} locations, "
        f"{len(reading.providers)} providers, {len(reading.ratings)} ratings, problems {dict(reasons)}"
    )


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return build_gazetteer(on=NOW.date())


@pytest.fixture(scope="session")
def postgresql(request, tmp_path_factory) -> Iterator[Store]:
    with fresh_database("postgresql", request, tmp_path_factory.mktemp("imports")) as database:
        store = open_url(database.url)
        yield store
        store.engine.dispose()


@pytest.fixture(params=ENGINES)
def store(request, tmp_path) -> Iterator[Store]:
    """Return an empty database; the one on PostgreSQL is emptied after each test, for making one takes a second."""
    if request.param == "postgresql":
        store = request.getfixturevalue("postgresql")
        yield store
        with store.writing() as session:
            names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            # What is append-only refuses to be emptied, but by whoever owns the whole server.
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        return
    with fresh_database("sqlite", request, tmp_path) as database:
        store = open_url(database.url)
        yield store
        store.engine.dispose()
