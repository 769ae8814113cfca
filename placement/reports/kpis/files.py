"""A measure as a file: a line for each figure, so that any table of any measure has the same columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from placement.domain.clocks import today
from placement.reports.kpis.measure import MeasureAsked, MeasureTable, MeasureValue, Sort, StrategyMeasure
from placement.reports.small_numbers import MARK, MARK_MEANS
from placement.sheets.sheet import Cell
from placement.sheets.texts import csv_bytes
from placement.sheets.xlsx_writing import xlsx_bytes

HEADINGS = ("Measure", "Period", "Table", "Row", "Figure", "Value", "What the value is")
UNITS = {
    Sort.COUNT: "people, to the nearest 5",
    Sort.NUMBER: "number",
    Sort.PERCENT: "per cent",
    Sort.POUNDS: "pounds",
    Sort.WORDS: "words",
}
FORMATS = {
    "csv": ("text/csv", csv_bytes),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes),
}
"""How a file is written, by the end of its name: its media type, and what makes it of rows."""


def measure_rows(measure: StrategyMeasure, asked: MeasureAsked, tables: Sequence[MeasureTable]) -> list[Sequence[Cell]]:
    """Return the headings, a row for each figure, and below what it means and where it is from."""
    day = today(asked.now).isoformat()
    period = asked.span.words if measure.is_dated else f"As of {day}"
    notes = (measure.definition, measure.source, *measure.caveats, MARK_MEANS, f"As of {day}.")
    return [HEADINGS, *_figures(measure.title, period, tables), *((note,) for note in notes)]


def _figures(title: str, period: str, tables: Sequence[MeasureTable]) -> Iterator[Sequence[Cell]]:
    for table in tables:
        for row in table.rows:
            for column, value in zip(table.columns, row.values, strict=True):
                cell = in_file(value, column.sort)
                yield (title, period, table.caption, row.label, column.words, cell, UNITS[column.sort])


def in_file(value: MeasureValue, sort: Sort) -> Cell:
    """Return a value as a file tells it: pounds in whole pounds, and a mark for a count that is held back."""
    if value is None:
        return MARK if sort is Sort.COUNT else None
    return value // 100 if sort is Sort.POUNDS and isinstance(value, int) else value
