"""A plan in words for a person, and whole as JSON values for a machine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from placement.market.imports.changes import LABELS, Action, FieldChange, ImportPlan, LeftOut, RegisterChange
from placement.market.imports.cqc.rows import Problem

FIRST = 20
_QUIET = {"lat", "lon", "lsoa", "former_ids"}  # they follow from what is shown
_BY_WEIGHT = (Action.DEREGISTERED, Action.DORMANT, Action.MOVED, Action.UPDATED, Action.ADDED)
_SUBJECTS = {"service": "Services", "provider": "Providers"}


def as_values(plan: ImportPlan, *, rows_read: int, is_dry_run: bool) -> dict[str, Any]:
    """Return all of a plan as values that JSON can hold; dates are ISO dates."""
    return {
        "is_dry_run": is_dry_run,
        "rows_read": rows_read,
        "counts": {subject: plan.counts(subject) for subject in _SUBJECTS} | {"unchanged": plan.unchanged},
        "left_out_counts": dict(sorted(Counter(each.reason.value for each in plan.left_out).items())),
        "changes": [_plain(asdict(each)) for each in plan.changes],
        "left_out": [_plain(asdict(each)) for each in plan.left_out],
        "notes": [asdict(each) for each in plan.notes],
        "problems": [asdict(each) for each in plan.problems],
    }


def as_text(plan: ImportPlan, *, rows_read: int, is_dry_run: bool) -> str:
    """Return a plan for people: the counts, the first changes and notes, and every problem."""
    heading = "Nothing was written: this is what the import would do." if is_dry_run else "Imported."
    parts: Sequence[Iterable[str]] = (
        [f"{heading} {rows_read:,} rows were read."],
        _counts(plan),
        _listed("Left out", [f"{count:,} {reason}" for reason, count in _left_out(plan)], all_of_them=True),
        _listed("Of these", [f"{_place(each.file, each.row)}{each.cqc_id}: {each.words}." for each in _told(plan)]),
        _listed("Changes", [_change(each) for each in sorted(plan.changes, key=_weight)]),
        _listed("Notes", [f"{_place(each.file, each.row)}{each.cqc_id}: {each.words}." for each in plan.notes]),
        _listed("Problems", list(_problems(plan.problems)), all_of_them=True),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


def _counts(plan: ImportPlan) -> Iterator[str]:
    for subject, words in _SUBJECTS.items():
        counted = [f"{count:,} {action}" for action, count in plan.counts(subject).items() if count]
        if subject == "service":
            counted.append(f"{plan.unchanged:,} unchanged")
        yield f"{words}: {', '.join(counted) or 'nothing to change'}"


def _left_out(plan: ImportPlan) -> list[tuple[str, int]]:
    return Counter(each.reason.value for each in plan.left_out).most_common()


def _told(plan: ImportPlan) -> list[LeftOut]:
    return [each for each in plan.left_out if each.words]


def _listed(heading: str, lines: Sequence[str], *, all_of_them: bool = False) -> Iterator[str]:
    if not lines:
        return
    shown = len(lines) if all_of_them else FIRST
    yield f"{heading}:"
    yield from (f"  {line}" for line in lines[:shown])
    if len(lines) > shown:
        yield f"  and {len(lines) - shown:,} more: --json has them all"


def _weight(change: RegisterChange) -> tuple[bool, int]:
    """Sort what matters most to the top: services before providers, an end before a beginning."""
    return change.subject != "service", _BY_WEIGHT.index(change.action)


def _change(change: RegisterChange) -> str:
    told = [each for each in change.fields if each.field not in _QUIET]
    if change.row_id is None:
        places = f", {change.unit.capacity} places" if change.unit else ""
        unlisted = "" if change.values.get("is_listed", True) else ", not listed"
        return f"{change.cqc_id} {change.name}: {change.action}{places}{unlisted}"
    return f"{change.cqc_id} {change.name}: {change.action}; {', '.join(map(_field, told)) or 'earlier location ids'}"


def _field(each: FieldChange) -> str:
    return f"{LABELS[each.field]} {_value(each.old)} → {_value(each.new)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " + ".join(value) or "none"
    return "none" if value in (None, "") else str(value)


def _problems(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield a line for each reason in each file, with all its rows; many neighbours are written as a range."""
    rows: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for each in problems:
        rows[each.file, each.reason, each.is_row_used].append(each.row)
    for (file, reason, is_used), numbers in sorted(rows.items()):
        rest = " (the rest of the row was used)" if is_used else ""
        many = f" ({len(numbers):,} rows)" if len(numbers) > 1 else ""
        yield f"{_place(file, *sorted(set(numbers)))}{reason.rstrip('.')}.{rest}{many}"


def _place(file: str, *rows: int) -> str:
    if not file:
        return ""
    numbered = [row for row in rows if row]
    return f"{file}, row {', '.join(_ranges(numbered))}: " if numbered else f"{file}: "


def _ranges(rows: Sequence[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        together = [row for _, row in run]
        yield str(together[0]) if len(together) == 1 else f"{together[0]}–{together[-1]}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
