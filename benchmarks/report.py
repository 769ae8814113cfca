"""The document from the results: goals first, then what each section measured. It only tells; it measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.audit import Audit
from benchmarks.goals import GOALS, Goal
from benchmarks.sections import SECTIONS

Results = Mapping[str, dict[str, Any]]

NOT_MET = "**no**"
HEAD = """# Benchmarks

Made by `python -m benchmarks`; every figure below was measured by the command that stands over it, on the machine that
is named there, on synthetic cities from a seed (`benchmarks/generator.py`). Figures of one table come from one run.
Timings never decide a test. The raw figures are in `docs/benchmarks/`.

## Goals
"""


def render(results: Results) -> str:
    """Return the document in Markdown, for results by section."""
    lines = [HEAD, *_goals(results), *_missed(results)]
    for section in [name for name in SECTIONS if name in results]:
        lines += ["", *_section(results[section])]
    return "\n".join(lines) + "\n"


def _goals(results: Results) -> Iterator[str]:
    yield from _table(("what", "goal", "reached", "met"), [_goal(goal, results) for goal in GOALS])


def _missed(results: Results) -> Iterator[str]:
    """Tell what was tried for the goals that these results miss."""
    told = [goal for goal in GOALS if goal.tried and _goal(goal, results)[-1] == NOT_MET]
    if told:
        yield from ["", "## What is missed, and what was tried"]
    for goal in told:
        yield from ["", f"**{goal.what}.** {goal.tried}"]


def _goal(goal: Goal, results: Results) -> list[Any]:
    figures = [figure for result in results.values() for figure in result["figures"] if figure["goal"] == goal.slug]
    if goal.slug == "every_plan" and results:
        figures = [_audited(results)]
    if not figures:
        return [goal.what, goal.asked, "not measured", "–"]
    if any(result["quick"] for result in results.values()):
        return [goal.what, goal.asked, "not measured: small sizes among the results", "–"]
    told = "<br>".join(f"{figure['figure']}{'' if figure['met'] else ' **(missed)**'}" for figure in figures)
    return [goal.what, goal.asked, told, "yes" if all(figure["met"] for figure in figures) else NOT_MET]


def _audited(results: Results) -> dict[str, Any]:
    audit = Audit()
    for result in results.values():
        audit.add(result["audit"])
    figure = f"{audit.plans:,} plans: {audit.violations} violations, {audit.differing} with differing values"
    return {"figure": figure, "met": audit.plans > 0 and audit.violations == audit.differing == 0}


def _section(result: dict[str, Any]) -> Iterator[str]:
    yield f"## {result['section']}"
    yield ""
    machine, versions = result["machine"], result["versions"]
    yield f"`{result['command']}` · {result['seconds']:,} s · {machine['cores']} cores of {machine['processor']},"
    yield f"{machine['memory_gib']} GiB · " + ", ".join(f"{name} {version}" for name, version in versions.items())
    if result["quick"]:
        yield ""
        yield "**Small sizes: this shows that the section works and measures nothing.**"
    for table in result["tables"]:
        yield from ["", f"**{table['caption']}**", ""]
        yield from _table(table["columns"], table["rows"])
    for plot in result["plots"]:
        yield from ["", f"![{plot.removesuffix('.svg').replace('-', ' ')}](benchmarks/{plot})"]
    for note in result["notes"]:
        yield from ["", note]


def _table(columns: Any, rows: Any) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(_cell(value) for value in row) + " |"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("|", "\\|")
