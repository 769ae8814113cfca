"""A sheet of vacancy numbers as rows that can be judged: by our own columns, or by those of the national tracker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid, UnusableFile
from placement.domain.people import Actor
from placement.market.imports.vacancies.columns import LABELS, NUMBERS, counted, own_places
from placement.market.imports.vacancies.current import units_now
from placement.market.imports.vacancies.finding import UnitIndex
from placement.market.imports.vacancies.plan import NOT_ALL, VacancyImport, VacancyRow, asked, judge
from placement.market.imports.vacancies.tracker import tracker_rows
from placement.market.imports.vacancies.tracker_columns import tracker_columns
from placement.market.numbers import Numbers
from placement.records.tracker import categories_of, column_map
from placement.sheets.sheet import Sheet, SheetRow

_NAMES = ("reference", "cqc_id", "service", "unit")


def plan_vacancies(session: Session, sheet: Sheet, *, actor: Actor, now: datetime) -> VacancyImport:
    """Return what storing a sheet's numbers would do. Raises UnusableFile where its columns are not known."""
    words = column_map(session, actor.council)
    extract = tracker_columns(sheet.headings, words)
    units = units_now(session, actor=actor, on=today(now))
    if extract is not None:
        categories = categories_of(session, [each.unit.id for each in units])
        rows, others = tracker_rows(sheet, extract, words, units, categories)
        judge(rows, [""] * len(rows))
    else:
        places, others = own_places(sheet.headings), 0
        require_columns(places)
        index = UnitIndex(units)
        rows = [_read(row, places, index) for row in sheet.rows]
        judge(rows, [_cell(row, places, "mark") for row in sheet.rows])
    return VacancyImport(rows=tuple(rows), others=others, questions=asked(session, rows, units, now=now))


def require_columns(places: dict[str, int]) -> None:
    """Raise UnusableFile, naming what is missing, unless the four numbers and a unit can be read."""
    lacking = [f"“{LABELS[each]}”" for each in NUMBERS if each not in places]
    if not any(each in places for each in _NAMES):
        lacking.append(f"“{LABELS['reference']}” or “{LABELS['service']}”")
    if lacking:
        raise UnusableFile(
            f"These columns are missing: {', '.join(lacking)}. Use the file with your numbers.", field="file"
        )


def _read(row: SheetRow, places: dict[str, int], index: UnitIndex) -> VacancyRow:
    found = VacancyRow(number=row.number, cells=row.cells)
    try:
        found.now = index.unit(*(_cell(row, places, name) for name in _NAMES))
    except Invalid as error:
        found.problems[error.field or "reference"] = str(error)
    said = {name: _cell(row, places, name) for name in NUMBERS}
    if any(cell.strip() for cell in said.values()):
        found.given = _numbers(found, said)
    return found


def _numbers(row: VacancyRow, said: dict[str, str]) -> Numbers | None:
    read = {}
    for name, cell in said.items():
        try:
            read[name] = counted(cell) if cell.strip() else None
        except Invalid as error:
            row.problems[name] = str(error)
            continue
        if read[name] is None:
            row.problems[name] = NOT_ALL
    if row.problems.keys() & said.keys():
        return None
    return Numbers(**{name: number for name, number in read.items() if number is not None})


def _cell(row: SheetRow, places: dict[str, int], field: str) -> str:
    place = places.get(field)
    return row.cells[place] if place is not None and place < len(row.cells) else ""
