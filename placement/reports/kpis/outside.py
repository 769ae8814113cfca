"""Placed outside the city, by reason: how many people, how far, and at what price."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureTable, Sort, StrategyMeasure
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.prices import in_pounds
from placement.reports.kpis.stays import WHO_COUNTS
from placement.reports.kpis.tally import ALL, mean, middle

COLUMNS = (
    MeasureColumn(words="People placed outside", sort=Sort.COUNT),
    MeasureColumn(words="Miles, median", sort=Sort.NUMBER),
    MeasureColumn(words="Price a week, average", sort=Sort.POUNDS),
)


def outside_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return the people who were placed outside the city, by the reason that was recorded."""
    tally = stay_book(session, asked)["reasons"]
    rows = tally.lines(
        lambda row: (
            tally.told(row),
            middle(tally.values(row, ALL, lambda stay: stay.miles)),
            in_pounds(mean(tally.values(row, ALL, lambda stay: stay.weekly_pence))),
        )
    )
    return [MeasureTable(caption="People placed outside the city", about="Reason", columns=COLUMNS, rows=rows)]


OUTSIDE = StrategyMeasure(
    slug="out-of-city-reasons",
    title="Placed outside the city, by reason",
    definition="People whose stay outside the city began in the period, by the first reason that was recorded.",
    source="The reason that a broker gives for a place outside the city, signed off by a manager where it is not the "
    "person’s choice.",
    caveats=(
        WHO_COUNTS,
        "Miles: from where the person wants to live to the service, as it was when the place was taken.",
        "Who lives outside the city now, and since when, stands under Out of city.",
    ),
    tables=outside_tables,
)
