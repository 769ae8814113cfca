"""The document and the plots, from results made here, and one quick run with real solves."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.__main__ import main
from benchmarks.findings import Findings
from benchmarks.goals import GOALS
from benchmarks.plot import log_log, slope
from benchmarks.report import render
from benchmarks.results import read, write


def a_result(section="day", *, quick=False, **given):
    findings = Findings()
    findings.audit.plans = 3
    context = {
        "section": section,
        "quick": quick,
        "command": f"python -m benchmarks {section}",
        "machine": {"processor": "A processor", "cores": 2, "memory_gib": 8},
        "versions": {"placement": "1"},
        "seconds": 1.5,
    }
    return {**context, **findings.to_dict(), **given}


def row_of(text, what):
    return next(line for line in text.splitlines() if line.startswith(f"| {what} |"))


def test_there_is_a_row_for_every_goal_and_what_is_not_measured_says_so():
    text = render({})

    for goal in GOALS:
        assert row_of(text, goal.what).endswith("| not measured | – |")


def test_one_missed_figure_misses_the_goal_and_is_marked():
    figures = [{"goal": "day", "figure": "fast", "met": True}, {"goal": "day", "figure": "slow", "met": False}]
    row = row_of(render({"day": a_result(figures=figures)}), "day")

    assert "fast<br>slow **(missed)** | **no** |" in row


def test_what_was_tried_is_told_of_missed_goals_only():
    goal = next(goal for goal in GOALS if goal.slug == "day")
    texts = [
        render({"day": a_result(figures=[{"goal": "day", "figure": "slow", "met": met}])}) for met in (True, False)
    ]

    assert [goal.tried in text for text in texts] == [False, True]


def test_figures_of_several_sections_meet_one_goal_together():
    results = {
        "day": a_result(figures=[{"goal": "day", "figure": "fast", "met": True}]),
        "side-rules": a_result("side-rules", figures=[{"goal": "day", "figure": "steady", "met": True}]),
    }

    assert "fast<br>steady | yes |" in row_of(render(results), "day")
    assert "6 plans: 0 violations" in row_of(render(results), "every plan")


def test_a_violation_anywhere_misses_the_first_goal():
    results = {"day": a_result(audit={"plans": 2, "violations": 1, "differing": 0})}

    assert row_of(render(results), "every plan").endswith("| **no** |")


def test_small_sizes_are_held_against_no_goal():
    results = {"day": a_result(quick=True, figures=[{"goal": "day", "figure": "fast", "met": True}])}

    assert "fast" not in row_of(render(results), "day")
    assert "measures nothing" in render(results)


def test_tables_and_plots_are_told():
    table = {"caption": "A day", "columns": ["method", "ms"], "rows": [["engine", 1234.5], ["a|b", None]]}
    text = render({"day": a_result(tables=[table], plots=["day-time.svg"])})

    assert "| engine | 1,234.5 |" in text
    assert "| a\\|b | – |" in text
    assert "![day time](benchmarks/day-time.svg)" in text


def test_what_is_written_is_read_and_plots_are_files(tmp_path):
    write(tmp_path, a_result(plots={"day.svg": "<svg/>"}))

    assert read(tmp_path)["day"]["plots"] == ["day.svg"]
    assert (tmp_path / "benchmarks" / "day.svg").read_text() == "<svg/>"


def test_the_slope_is_the_power():
    assert slope([(x, 3 * x**2) for x in (1, 10, 100, 1000)]) == pytest.approx(2)
    assert slope([(x, 5 / x) for x in (2, 30, 700)]) == pytest.approx(-1)


def test_a_plot_is_sound_xml_with_its_points_inside_the_frame():
    drawing = log_log("Time", "columns", "seconds", {"engine": [(10, 0.01), (1000, 1.0)], "other": [(10, 1), (90, 2)]})
    tree = ElementTree.fromstring(drawing)
    circles = [node for node in tree.iter() if node.tag.endswith("circle")]

    assert len(circles) == 4
    assert all(64 <= float(circle.get("cx")) <= 576 and 64 <= float(circle.get("cy")) <= 356 for circle in circles)
    assert "engine: slope 1.00" in drawing


def test_a_quick_run_solves_checks_and_tells(tmp_path, capsys):
    assert main(["quarter", "side-rules", "--quick", "--into", str(tmp_path)]) == 0
    results = read(tmp_path)

    assert {name: result["quick"] for name, result in results.items()} == {"quarter": True, "side-rules": True}
    for result in results.values():
        assert result["audit"]["plans"] > 0
        assert (result["audit"]["violations"], result["audit"]["differing"]) == (0, 0)
    assert any("finished 5 of 5 objectives; on 5 of them" in note for note in results["quarter"]["notes"])
    assert "## quarter" in (tmp_path / "benchmarks.md").read_text()


def test_a_section_that_there_is_not_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["yesterday"])
    assert "no such section: yesterday" in capsys.readouterr().err
