"""What was stored of an organisation's numbers, in words for the next page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from placement.domain.reasons import KEEPING
from placement.market.organisation import UnitNumbers
from placement.market.vacated import Becomes
from placement.web.formatting import day
from placement.web.forms.vacancies import NUMBERS
from placement.web.pages.provider.board import ServiceRow, UnitRow

MOST_TOLD = 3  # a notice that lists more changes than this is not read


def told_of(rows: Sequence[ServiceRow], told: Mapping[int, UnitNumbers], *, is_all: bool) -> str:
    """Return “Ash House is up to date. Ground floor: occupied from 3 to 4.”; without `is_all` others may be due."""
    services = [row for row in rows if any(unit.id in told for unit in row.units)]
    is_one = len(services) == 1
    lines = [
        ("" if is_one else f"{row.name}, ") + words
        for row in services
        for unit in row.units
        if unit.id in told and (words := _changes(unit, told[unit.id]))
    ]
    name = services[0].name if is_one else f"{len(services)} services"
    is_whole = all(unit.id in told for row in services for unit in row.units)
    head = f"{name} {'is' if is_one else 'are'} up to date" if is_all or is_whole else "Your changes are saved"
    if not lines:
        return f"{head}: nothing has changed."
    more = f" And {len(lines) - MOST_TOLD} more." if len(lines) > MOST_TOLD else ""
    return f"{head}. {' '.join(lines[:MOST_TOLD])}{more}"


def _changes(unit: UnitRow, told: UnitNumbers) -> str:
    """Return “Ground floor: occupied from 3 to 4.”, or nothing where nothing has changed."""
    given = told.reported
    if told.before is None:
        return f"{unit.name}: {given.accepting} vacant and accepting."
    changes = [
        f"{label.lower()} from {getattr(told.before, name)} to {getattr(given, name)}"
        for name, label in NUMBERS.items()
        if getattr(told.before, name) != getattr(given, name)
    ]
    if told.said and told.said.becomes is Becomes.PREPARING and told.said.until:
        changes.append(f"nobody new before {day(told.said.until)}")
    if told.said and told.said.reason:
        changes.append(f"kept: {KEEPING[told.said.reason].label.lower()}")
    return f"{unit.name}: {', '.join(changes)}." if changes else ""
