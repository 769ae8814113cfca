"""`flask match`: the answer on standard output, one clear message on standard error, an honest exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from placement.matching.problem.documents import read_plan, write_instance, write_plan
from placement.matching.tiers.solving import solve
from placement.web.commands.match import match
from tests.matching.builders import a_day

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def files(tmp_path):
    instance = a_day(1, needs=12, units=20, nights=20, tight=0.2)
    (tmp_path / "instance.json").write_text(write_instance(instance), encoding="utf-8")
    (tmp_path / "plan.json").write_text(write_plan(solve(instance)), encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(match, [str(argument) for argument in arguments])


def test_solve_writes_the_plan_and_nothing_else(files):
    result = run("solve", files / "instance.json", "--seconds", "30", "--seed", "3")

    assert result.exit_code == 0
    assert read_plan(result.stdout).seed == 3


def test_what_solve_writes_passes_check(files):
    (files / "plan.json").write_text(run("solve", files / "instance.json").stdout, encoding="utf-8")
    result = run("check", files / "instance.json", files / "plan.json")

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["in_city", "placed", "fit", "cost", "tie"]


def test_check_prints_one_line_a_violation_and_fails(files):
    plan = json.loads((files / "plan.json").read_text(encoding="utf-8"))
    plan["objectives"][0]["value"] += 1
    plan["matches"][0]["start"] = 99
    (files / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    result = run("check", files / "instance.json", files / "plan.json")

    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) >= 2


def test_explain_tells_of_one_need(files):
    need = read_plan((files / "plan.json").read_bytes()).unmatched[0].need
    result = run("explain", files / "instance.json", files / "plan.json", need)

    assert result.exit_code == 0
    assert json.loads(result.stdout)["need"] == need
    assert run("explain", files / "instance.json", files / "plan.json", "N777").exit_code == 2


def test_compare_sets_first_come_beside_the_plan(files):
    for arguments in ([files / "instance.json"], [files / "instance.json", files / "plan.json"]):
        result = run("compare", *arguments)
        assert result.exit_code == 0
        assert "out of city" in result.stdout


def test_a_plan_of_another_instance_is_not_explained(files):
    (files / "other.json").write_text(write_instance(a_day(2, needs=12, units=20, nights=20)), encoding="utf-8")

    assert run("explain", files / "other.json", files / "plan.json", "N000").exit_code == 1


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x02\x01\x01\xff", b"[]", b'{"format": "placement-plan/1"}'])
@pytest.mark.parametrize("command", ["solve", "check", "explain", "compare", "value"])
def test_malformed_input_is_one_message_on_standard_error_and_exit_2(files, command, content):
    (files / "bad.json").write_bytes(content)
    more = {"check": [files / "plan.json"], "explain": [files / "plan.json", "N000"]}.get(command, [])
    for path in (files / "bad.json", files, files / "missing.json"):
        result = run(command, path, *more)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1
        assert str(path) in result.stderr


def test_the_message_names_the_place_in_the_file(files):
    text = (files / "instance.json").read_text(encoding="utf-8").replace('"kind": ', '"kind": 7, "was": ', 1)
    (files / "bad.json").write_text(text, encoding="utf-8")

    assert "needs[0]" in run("solve", files / "bad.json").stderr


def test_no_name_in_a_plan_can_break_up_a_line(files):
    plan = json.loads((files / "plan.json").read_text(encoding="utf-8"))
    plan["matches"][0]["need"] = "N\n1\x1b[31m"
    (files / "plan.json").write_text(json.dumps(plan), encoding="utf-8")

    assert (
        r"match of N\n1\x1b[31m: reference: no such need"
        in run("check", files / "instance.json", files / "plan.json").stdout
    )
    assert len(run("compare", files / "instance.json", files / "plan.json").stderr.splitlines()) == 1


@pytest.mark.parametrize(("bad", "place"), [
    (b'{"format": "placement-instance/1", "first_night": NaN}', "first_night"), (b"[" * 100_000, "nested too deeply"),
    (b" " * 10_000_000, "is empty"),
])  # fmt: skip
def test_a_process_of_its_own_ends_with_2_and_one_line_too(files, bad, place):
    (files / "bad.json").write_bytes(bad)
    arguments = ["solve", str(files / "bad.json")]
    home = os.environ | {"PLACEMENT_HOME": str(files / "home")}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "match", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=home, capture_output=True, text=True, timeout=60)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [line for line in [ended.stderr.strip()] if place in line]
