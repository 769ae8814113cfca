"""The command that tells whether two versions of the engine answer alike."""

import subprocess
import sys

from benchmarks.fingerprints import HOMES, digest, engine, fingerprints
from placement.matching.problem.documents import write_instance
from tests.matching.builders import a_need, a_unit, an_instance


def test_every_name_is_found_in_this_engine():
    assert [name for name in HOMES if not callable(engine(name))] == []


def test_seconds_and_versions_leave_no_mark_but_everything_else_does():
    plan = {"seconds": 0.1, "versions": {"ortools": "9"}, "matches": []}

    assert digest(plan) == digest({**plan, "seconds": 7, "versions": {}})
    assert digest(plan) != digest({**plan, "matches": ["N1"]})


def test_a_changed_wish_changes_the_plan_and_running_again_does_not():
    units = [a_unit("U1", offers=frozenset({"hoist"})), a_unit("U2")]
    before = an_instance(units, [a_need("N1")])
    after = an_instance(units, [a_need("N1", desirable=frozenset({"hoist"}))])

    assert fingerprints(before) == fingerprints(before)
    assert fingerprints(before)["plan"] != fingerprints(after)["plan"]


def test_the_command_prints_a_line_for_each_file_and_one_for_all(tmp_path):
    document = tmp_path / "one.json"
    document.write_text(write_instance(an_instance([a_unit("U1")], [a_need("N1")])))
    command = [sys.executable, "-m", "benchmarks.fingerprints", str(document)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    assert [line.split(":")[0] for line in printed] == ["one.json", "all"]
