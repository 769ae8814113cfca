"""Every report that can be downloaded: the pages' links, the CSV files and the tests iterate over this table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.kinds import KIND
from placement.domain.services import SERVICE_TYPE
from placement.geography.attribution import ATTRIBUTION
from placement.geography.wards import WardSet
from placement.reports import gaps, living_outside
from placement.reports.asked import Asked, Level
from placement.reports.exports import Column, csv_file
from placement.reports.facets import FACETS, FacetGroup
from placement.reports.small_numbers import FEWEST, MARK, STEP

HOW_TOLD = (
    f"Counts of people of {FEWEST} or more are rounded to the nearest {STEP}, so they do not add up; {MARK} is fewer "
    f"than {FEWEST} people, none among them, or a count held back so that nobody can work such a count out"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A question that is answered by a table."""

    slug: str
    title: str
    function: Callable[[Session, Asked], Sequence[Any]]
    columns: tuple[Column, ...]
    is_filtered: bool = False


REPORTS = (
    Report(slug="gaps", title="Gap map", function=gaps.gap_rows, columns=gaps.COLUMNS, is_filtered=True),
    Report(
        slug="out_of_city",
        title="People who live outside the city",
        function=living_outside.outside_rows,
        columns=living_outside.OUTSIDE_COLUMNS,
    ),
    Report(
        slug="out_of_city_quarters",
        title="Stays begun outside the city by quarter",
        function=living_outside.quarter_rows,
        columns=living_outside.QUARTER_COLUMNS,
    ),
)
REPORT = {report.slug: report for report in REPORTS}


def report_file(session: Session, report: Report, asked: Asked) -> bytes:
    """Return a report as CSV with its vintage and credits in the last line."""
    rows = report.function(session, asked)
    return csv_file(report.columns, rows, last_line=f"{titled(report, asked)}. {imprint(asked)}")


def titled(report: Report, asked: Asked) -> str:
    """Return what a report is called, with the filters that it was asked with."""
    return ", ".join([report.title, *filters_in_words(asked).values()]) if report.is_filtered else report.title


def filters_in_words(asked: Asked) -> dict[str, str]:
    """Return each filter in force by its name in an address, as people call it."""
    need = next((each.label for each in FACETS if each.group is FacetGroup.NEED and each.marks == set(asked.needs)), "")
    found = {
        "need": need,
        "type": SERVICE_TYPE[asked.service_type].label if asked.service_type else "",
        "kind": KIND[asked.kind].label if asked.kind else "",
        "period": "" if asked.is_now else asked.when,
        "level": "" if asked.level is Level.WARD else "By locality",
    }
    return {name: words for name, words in found.items() if words}


def imprint(asked: Asked) -> str:
    """Return what a file says of itself: the day, the wards it counts by, who owns what, and how people are counted."""
    return ". ".join([f"As of {today(asked.now).isoformat()}", vintage(asked), *ATTRIBUTION, HOW_TOLD]) + "."


def vintage(asked: Asked) -> str:
    """Return which wards and localities the figures are by, and that they are approximate or assumed where so."""
    name = asked.ward_set.name
    if asked.ward_set.is_approximate and "approximate" not in name:
        name += " (approximate)"
    return f"By {name}{_valid(asked.ward_set)}" + (
        "; which ward lies in which locality is assumed" if asked.localities.is_assumed else ""
    )


def _valid(wards: WardSet) -> str:
    """Return from when until when wards are in force, as far as it is known and not in their name."""
    ends = (("from", wards.valid_from), ("until", wards.valid_to))
    told = [f"{word} {day.isoformat()}" for word, day in ends if day and str(day.year) not in wards.name]
    return f" (in force {' '.join(told)})" if told else ""
