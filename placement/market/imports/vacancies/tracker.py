"""An extract of the national tracker as rows that can be judged: which unit each category is, and its four numbers.

Its vacancies include places that nobody can be admitted to; ours are vacant and accepting. So maximum is its maximum,
occupied its used beds, and accepting what is left of its vacancies without what the council's map says they include.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from placement.domain.errors import Invalid
from placement.domain.tracker import BED_CATEGORIES
from placement.market.imports.vacancies.current import UnitNow
from placement.market.imports.vacancies.plan import VacancyRow
from placement.market.imports.vacancies.tracker_cells import TrackerEntry, cell_of, entry_of, is_empty, names_of
from placement.market.imports.vacancies.tracker_columns import TrackerColumns
from placement.market.numbers import Numbers
from placement.records.tracker import ColumnMap
from placement.sheets.sheet import Sheet, SheetRow

WHICH_UNIT = "Say which unit is “{category}”: under Services, “Capacity Tracker”"
SEVERAL_UNITS = "Several units here are counted as “{category}”: enter the numbers of each yourself"
NO_CATEGORY = "This home has several units: the row must name its bed category"
NOT_KNOWN = (
    "Not known, as sent: “{said}”. An administrator of the council can say what that means; until then enter these "
    "numbers yourself"
)
NOTHING_SAID = "The file does not say whether this home is open to admissions"
AGAIN = "Another row of this file is about the same beds: keep one"
TOO_MANY = "{occupied} used beds and {vacancies} vacancies are more than {maximum} places"
WITH_ANOTHER = "Row {number} is about the same unit, and has to be put right first"


@dataclass(slots=True)
class _Unit:
    """What the file says of one unit: of all its categories together."""

    now: UnitNow
    entries: list[TrackerEntry] = field(default_factory=list)
    wrong: list[VacancyRow] = field(default_factory=list)


def tracker_rows(
    sheet: Sheet, columns: TrackerColumns, words: ColumnMap, units: Sequence[UnitNow], categories: dict[int, str]
) -> tuple[list[VacancyRow], int]:
    """Return a row for each unit that an extract has numbers of, and for each that has to be mended; and how many rows
    of it are about homes of other organisations.
    """
    homes: defaultdict[str, list[UnitNow]] = defaultdict(list)
    for each in units:
        homes[(each.service.cqc_location_id or "").upper()].append(each)
    others = 0
    found: dict[int, _Unit] = {}
    apart: list[VacancyRow] = []
    for row in sheet.rows:
        home = homes.get(cell_of(row, columns.shared, "cqc_id").upper() or "?", [])
        others += not home
        if home:
            apart += _take(row, columns, words, home, categories, found)
    rows = [line for each in found.values() for line in _rows(each, words)]
    return sorted([*rows, *apart], key=lambda row: row.number), others


def _take(
    row: SheetRow,
    columns: TrackerColumns,
    words: ColumnMap,
    home: Sequence[UnitNow],
    categories: dict[int, str],
    found: dict[int, _Unit],
) -> list[VacancyRow]:
    """Add what a row says to the units that it is about; return what is about none."""
    apart = []
    for category, places in columns.groups().items():
        if category is not None and is_empty(row, places):
            continue
        try:
            entry = entry_of(row, category, places, words)
            unit = _meant(entry.category, home, categories)
            _add(found.setdefault(unit.unit.id, _Unit(unit)), entry)
        except Invalid as error:
            wrong = VacancyRow(number=row.number, cells=row.cells, problems={error.field or "category": str(error)})
            only = home[0] if len(home) == 1 else None
            if only is None:
                apart.append(wrong)
            else:
                wrong.now = only
                found.setdefault(only.unit.id, _Unit(only)).wrong.append(wrong)
    return apart


def _add(unit: _Unit, entry: TrackerEntry) -> None:
    if any(each.category == entry.category for each in unit.entries):
        raise Invalid(AGAIN, field="category")
    unit.entries.append(entry)


def _meant(category: str | None, home: Sequence[UnitNow], categories: dict[int, str]) -> UnitNow:
    if len(home) == 1:
        return home[0]
    if category is None:
        raise Invalid(NO_CATEGORY, field="category")
    meant = [each for each in home if categories.get(each.unit.id) == category]
    label = BED_CATEGORIES[category]
    if not meant:
        raise Invalid(WHICH_UNIT.format(category=label), field="category")
    if len(meant) > 1:
        raise Invalid(SEVERAL_UNITS.format(category=label), field="category")
    return meant[0]


def _rows(each: _Unit, words: ColumnMap) -> list[VacancyRow]:
    if not each.wrong:
        return [_row(each, words)] if each.entries else []
    first = min(row.number for row in each.wrong)
    # One category alone would be taken for all of the unit.
    waiting = [
        VacancyRow(
            number=entry.row.number, cells=entry.row.cells, now=each.now,
            problems={"category": WITH_ANOTHER.format(number=first)},
        )
        for entry in each.entries
        if entry.row.number != first
    ]  # fmt: skip
    return [*each.wrong, *waiting]


def _row(each: _Unit, words: ColumnMap) -> VacancyRow:
    entries, first = each.entries, each.entries[0]
    row = VacancyRow(number=first.row.number, cells=first.row.cells, now=each.now, notes=list(_notes(entries)))
    for entry in entries:
        if entry.is_accepting is None:
            row.problems["admissions"] = NOT_KNOWN.format(said=entry.said[:60]) if entry.said else NOTHING_SAID
        if entry.occupied + entry.vacancies > entry.maximum:
            row.problems["vacancies"] = TOO_MANY.format(
                occupied=entry.occupied, vacancies=entry.vacancies, maximum=entry.maximum
            )
    row.given = _numbers(each.now, entries, words["included"])
    report = each.now.report
    times = [entry.updated_at for entry in entries if entry.updated_at]
    row.is_older = bool(report and times and max(times) < report.reported_at)
    return row


def _numbers(now: UnitNow, entries: Sequence[TrackerEntry], included: Sequence[str]) -> Numbers:
    sent = [entry.reserved for entry in entries if entry.reserved is not None]
    reserved = sum(sent) if sent else (now.numbers.reserved if now.numbers else 0)
    open_ = [entry for entry in entries if entry.is_accepting]
    accepting = sum(entry.vacancies - (entry.closed if "closed" in included else 0) for entry in open_)
    if "reserved" in included and open_:
        accepting -= reserved
    return Numbers(
        maximum=sum(entry.maximum for entry in entries),
        occupied=sum(entry.occupied for entry in entries),
        reserved=reserved,
        accepting=max(0, accepting),
    )


def _notes(entries: Sequence[TrackerEntry]) -> list[str]:
    """Say what stood in the file, and whether it adds up."""
    maximum = sum(entry.maximum for entry in entries)
    occupied = sum(entry.occupied for entry in entries)
    vacancies = sum(entry.vacancies for entry in entries)
    missing = maximum - occupied - vacancies
    adds_up = "it adds up" if not missing else f"{missing} of them are neither"
    said = "; ".join(dict.fromkeys(entry.said for entry in entries if entry.said))
    names = names_of(entries)
    notes = [f"{names}: as sent" if names else "As sent"]
    notes[0] += f", {maximum} places, {occupied} used, {vacancies} vacant: {adds_up}. Admissions: “{said}”."
    return notes
