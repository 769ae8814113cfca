"""The numbers of an organisation as a page shows them: the services that are due first, and the form over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import request

from placement.records.providers import Service
from placement.web.forms.vacancies import NUMBERS, NumbersForm, numbers_form
from placement.web.pages.provider.board import ServiceRow, board
from placement.web.transactions import now

MOST_UNITS = 100
"""On one page, as of any list: nobody looks through more at once."""


def rows_of(services: Sequence[Service], session: Any) -> list[ServiceRow]:
    """Return the services that have units, those that are due first."""
    rows = [row for row in board(services, within=session, is_to_change=True) if row.units]
    return sorted(rows, key=lambda row: (not row.is_due, row.due_at is not None, row.due_at or now(), row.name, row.id))


def first_rows(rows: Sequence[ServiceRow]) -> list[ServiceRow]:
    """Return as many services as a page holds, and never less than one."""
    units = 0
    found: list[ServiceRow] = []
    for row in rows:
        units += len(row.units)
        if found and units > MOST_UNITS:
            break
        found.append(row)
    return found


def sent_rows(rows: Sequence[ServiceRow]) -> Iterator[ServiceRow]:
    """Yield the services and units whose boxes were sent."""
    for row in rows:
        units = [unit for unit in row.units if f"maximum-{unit.id}" in request.form]
        if units:
            yield replace(row, units=units)


def form_over(rows: Sequence[ServiceRow], *, fresh: bool = False) -> NumbersForm:
    """Return the form over the numbers as they should be now."""
    units = {unit.id: unit.name if len(rows) == 1 else f"{row.name}, {unit.name}" for row in rows for unit in row.units}
    data: dict[str, Any] = {"seen": " ".join(row.seen for row in rows if row.seen)}
    for unit in (each for row in rows for each in row.units):
        data[f"maximum-{unit.id}"] = unit.capacity
        if unit.numbers:
            data |= {f"{slug}-{unit.id}": getattr(unit.numbers, slug) for slug in NUMBERS}
    form = numbers_form(units)
    return form(formdata=None, data=data) if fresh else form(data=data)
