"""Every report that can be downloaded: the pages' links, the CSV files and the tests iterate over this table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.geography.attribution import ATTRIBUTION
from placement.reports import gaps, out_of_city
from placement.reports.asked import Asked
from placement.reports.exports import Column, csv_file

NOT_FOR_PUBLICATION = "Contains small numbers: for use inside the council, do not publish."


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A question that is answered by a table."""

    slug: str
    title: str
    function: Callable[[Session, Asked], Sequence[Any]]
    columns: tuple[Column, ...]


REPORTS = (
    Report(slug="gaps", title="Gap map", function=gaps.gap_rows, columns=gaps.COLUMNS),
    Report(
        slug="out_of_city",
        title="Out-of-city register",
        function=out_of_city.register_rows,
        columns=out_of_city.REGISTER_COLUMNS,
    ),
    Report(
        slug="out_of_city_reasons",
        title="Out-of-city placements by reason",
        function=out_of_city.reason_rows,
        columns=out_of_city.REASON_COLUMNS,
    ),
    Report(
        slug="out_of_city_months",
        title="Out-of-city placements by month",
        function=out_of_city.month_rows,
        columns=out_of_city.MONTH_COLUMNS,
    ),
)
REPORT = {report.slug: report for report in REPORTS}


def report_file(session: Session, report: Report, asked: Asked) -> bytes:
    """Return a report as CSV with its vintage and credits in the last line."""
    rows = report.function(session, asked)
    return csv_file(report.columns, rows, last_line=f"{report.title}. {imprint(asked)}")


def imprint(asked: Asked) -> str:
    """Return what a file says of itself: the day, the wards it counts by, who owns what, and that it is not public."""
    sentences = [f"As of {today(asked.now).isoformat()}", vintage(asked), *ATTRIBUTION]
    return ". ".join(sentences) + f". {NOT_FOR_PUBLICATION}"


def vintage(asked: Asked) -> str:
    """Return which wards and localities the figures are by, and that they are approximate or assumed where so."""
    name = asked.ward_set.name
    if asked.ward_set.is_approximate and "approximate" not in name:
        name += " (approximate)"
    return f"By {name}" + ("; which ward lies in which locality is assumed" if asked.localities.is_assumed else "")
