"""What importing a file would do, row by row: it only reads, so it can be shown and thrown away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.answers import DateAnswers, require_dates
from placement.brokerage.around import ASKED_WITH, NOBODY
from placement.brokerage.imports.columns import COLUMNS, NONE, TYPE_COLUMNS
from placement.brokerage.imports.reading import Cells
from placement.brokerage.people import require_adult_by, require_age
from placement.domain.errors import Invalid
from placement.domain.kinds import KIND
from placement.domain.names import are_alike
from placement.geography.gazetteer import Located
from placement.records.referrals import Person, Referral

NONE_OR_SOME = {"risks": "Name the risks, or say none", "legal_status": "Name what is so, or say none"}
Locate = Callable[[str, str], Located]  # a postcode and the column that it stands in


@dataclass(slots=True, kw_only=True)
class ImportRow:
    """One row of a file: its number (the headings are row 1), its cells, what they say, and what is wrong with them.

    `already` is the referral that this row became earlier; `person` the one on record with its case number.
    """

    number: int
    cells: Cells
    said: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    already: str = ""
    person: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether a referral can be begun from it."""
        return not self.problems and not self.already

    @property
    def is_complete(self) -> bool:
        """Whether it says enough to be submitted at once."""
        return self.is_good and all(self.said.get(name) is not None for name in ("earliest_on", "funding"))


@dataclass(frozen=True, slots=True)
class ReferralImport:
    """The rows of a file in their order."""

    rows: tuple[ImportRow, ...]

    @property
    def good(self) -> list[ImportRow]:
        """The rows that referrals are begun from."""
        return [row for row in self.rows if row.is_good]

    @property
    def wrong(self) -> list[ImportRow]:
        """The rows with something to mend."""
        return [row for row in self.rows if row.problems]

    @property
    def already(self) -> list[ImportRow]:
        """The rows that were imported before."""
        return [row for row in self.rows if row.already]


def plan_referrals(session: Session, rows: Sequence[Cells], locate: Locate, *, on: date) -> ReferralImport:
    """Return what importing these rows on a day would do. Three questions to the records, however many rows."""
    found = [_read(number, cells, locate, on) for number, cells in enumerate(rows, start=2)]
    times = Counter(row.said.get("reference") for row in found)
    known = _known_references(session, found)
    numbers, birthdays = _people(session, found)
    first: set[str] = set()
    for row in found:
        reference = row.said.get("reference") or ""
        row.already = known.get(reference, "")
        if times[reference] > 1 and reference in first:
            row.problems["reference"] = "Another row of this file has the same reference: give each its own"
        first.add(reference)
        if not row.problems and not row.already:
            _know(row, numbers, birthdays)
    return ReferralImport(tuple(found))


def _read(number: int, cells: Cells, locate: Locate, on: date) -> ImportRow:
    row = ImportRow(number=number, cells=cells)
    for column in COLUMNS:
        cell = cells.get(column.name, "")
        if cell.strip():
            _say(row, column.name, column.read, cell)
        elif column.is_needed:
            row.problems[column.name] = "Fill this in"
    for name in ("postcode", "near_postcode"):
        if row.said.get(name):
            _say(row, name, locate, row.said[name], name)
    if not row.problems:
        _judge(row, on)
    return row


def _judge(row: ImportRow, on: date) -> None:
    _try(row, "born_on", require_age, row.said["born_on"], on)
    if row.said.get("max_miles") and not row.said.get("near_postcode"):
        row.problems["max_miles"] = "A distance needs a near_postcode to count from"
    _judge_dates(row, on)
    _judge_around(row, on)
    _judge_lists(row)


def _judge_dates(row: ImportRow, on: date) -> None:
    said, kind = row.said, KIND[row.said["kind"]]
    if "earliest_on" in said:
        said.setdefault("latest_on", said["earliest_on"])
        said.setdefault("nights", kind.default_nights)
        dates = DateAnswers(earliest_on=said["earliest_on"], latest_on=said["latest_on"], nights=said["nights"])
        _try(row, "earliest_on", require_dates, kind, dates, on)
        _try(row, "earliest_on", require_adult_by, said["born_on"], said["earliest_on"])
    elif "latest_on" in said or "nights" in said:
        row.problems["earliest_on"] = "Fill this in, or leave all dates empty"


def _judge_around(row: ImportRow, on: date) -> None:
    said, kind = row.said, KIND[row.said["kind"]]
    if said.get("carer_until_on") and said.get("carer") in (None, NOBODY):
        row.problems["carer"] = "A day until which the carer can go on needs a carer"
    elif said.get("carer_until_on") and said["carer_until_on"] < on:
        row.problems["carer_until_on"] = "Enter today or a day to come"
    for name in (name for part, names in ASKED_WITH.items() if part not in kind.asks for name in names):
        if said.get(name):
            row.problems[name] = f"A {kind.label.lower()} referral does not ask this: leave it empty"


def _judge_lists(row: ImportRow) -> None:
    said = row.said
    for name, words in NONE_OR_SOME.items():
        if NONE in said.get(name, ()) and len(said[name]) > 1:
            row.problems[name] = words
    if "legal_status" in said and "risks" not in said:
        # One page asks both, and what is not named there is said not to be.
        row.problems["risks"] = "Name the risks too, or say none: they are asked together with the legal status"
    if said.get("types_only") and said.get("types_wanted"):
        row.problems["types_wanted"] = "Where only some types will do, every other is ruled out: wish for none"
    types = [slug for name in TYPE_COLUMNS for slug in said.get(name, ())]
    if len(set(types)) < len(types):
        row.problems["types_wanted"] = "Name each type of service once, in one of the three columns"
    given = [slug for name in ("essential", "desirable", "unknown") for slug in said.get(name, ())]
    if len(set(given)) < len(given):
        row.problems["essential"] = "Name each need once, in one of the three columns"


def _say(row: ImportRow, column: str, read: Callable[..., Any], *cells: str) -> None:
    row.said[column] = _try(row, column, read, *cells)


def _try(row: ImportRow, column: str, read: Callable[..., Any], *given: Any) -> Any:
    """Return what is read, or None with a problem of the column that the refusal names."""
    try:
        return read(*given)
    except Invalid as error:
        row.problems.setdefault(error.field if error.field in row.cells else column, str(error).rstrip("."))
        return None


def _known_references(session: Session, rows: Sequence[ImportRow]) -> dict[str, str]:
    wanted = [row.said["reference"] for row in rows if "reference" in row.said]
    found = select(Referral.external_reference, Referral.reference).where(Referral.external_reference.in_(wanted))
    return {own: ours or "" for own, ours in session.execute(found) if own}


def _people(session: Session, rows: Sequence[ImportRow]) -> tuple[dict[str, Person], dict[date, list[Person]]]:
    born = {row.said["born_on"] for row in rows if row.is_good}
    numbers = {row.said["case_number"] for row in rows if row.is_good}
    found = session.scalars(select(Person).where(Person.born_on.in_(born) | Person.case_number.in_(numbers))).all()
    birthdays: defaultdict[date, list[Person]] = defaultdict(list)
    for person in found:
        birthdays[person.born_on].append(person)
    return {person.case_number: person for person in found}, birthdays


def _know(row: ImportRow, numbers: dict[str, Person], birthdays: dict[date, list[Person]]) -> None:
    """Find who is meant: somebody with the case number, or nobody on record; never somebody who is only alike."""
    said = row.said
    known = numbers.get(said["case_number"])
    if known is not None and known.born_on != said["born_on"]:
        row.problems["case_number"] = "This case number belongs to somebody with another date of birth"
    elif known is not None:
        row.person = known.id
    elif alike := [each for each in birthdays.get(said["born_on"], ()) if are_alike(each.name, said["name"])]:
        row.problems["case_number"] = (
            f"Somebody with a like name was born on this day and has the case number {alike[0].case_number}. "
            "Give that number if it is the same person, or refer this person by hand"
        )
