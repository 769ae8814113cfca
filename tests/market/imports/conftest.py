"""CQC's own files, which are not part of the project, and a small HSCA file made from CQC's own header."""

import csv
import io
import os
from collections import Counter
from pathlib import Path

import pytest

from placement.market.imports.cqc.rows import Reading

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
