import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.sheets.hostile import HOSTILE

MOST_SECONDS, MOST_MEGABYTES = 2, 150


@pytest.mark.parametrize("called", HOSTILE)
def test_a_hostile_file_is_refused_at_once_in_little_memory_with_what_to_mend(called, tmp_path, capsys):
    name, made, words = HOSTILE[called]
    path = tmp_path / "file"
    path.write_bytes(made())
    command = [sys.executable, "-m", "tests.sheets.reading_alone", str(path), name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    with capsys.disabled():
        size = path.stat().st_size
        print(f"\n{called}: {size:,} bytes, {found['seconds']} s, {found['megabytes']} MB: {found['said']}", end="")
    assert words in found["said"]
    assert found["seconds"] <= MOST_SECONDS
    assert found["megabytes"] <= MOST_MEGABYTES
