"""CQC ratings of the services in which people were placed, in the city and outside it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureTable, Sort, StrategyMeasure
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import IN_CITY, OUTSIDE, WHO_COUNTS
from placement.reports.kpis.tally import ALL

COLUMNS = (
    MeasureColumn(words="People placed", sort=Sort.COUNT),
    MeasureColumn(words="Of a hundred", sort=Sort.PERCENT),
    MeasureColumn(words="In the city", sort=Sort.COUNT),
    MeasureColumn(words="Of a hundred in the city", sort=Sort.PERCENT),
    MeasureColumn(words="Outside the city", sort=Sort.COUNT),
    MeasureColumn(words="Of a hundred outside", sort=Sort.PERCENT),
)


def rating_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return the people who were placed, by the rating of the service."""
    tally = stay_book(session, asked)["ratings"]

    def values(row: str) -> tuple[int | None, ...]:
        return tuple(
            value
            for column in (ALL, IN_CITY, OUTSIDE)
            for value in (tally.told(row, column), tally.share_of_all(row, column))
        )

    rows = tally.lines(values)
    return [
        MeasureTable(caption="People placed, by CQC rating of the service", about="Rating", columns=COLUMNS, rows=rows)
    ]


CQC_RATINGS = StrategyMeasure(
    slug="cqc-ratings",
    title="CQC ratings of the places people took",
    definition="People whose stay began in the period, by the overall CQC rating of the service, as it is today.",
    source="CQC’s ratings, as they were last imported.",
    caveats=(
        WHO_COUNTS,
        "The rating of the day on which somebody moved in is not held, so that a service that is rated anew moves all "
        "its people of the past.",
        "Supported living that needs no registration is not rated.",
        "A rating that the council gives by itself is not held; what it has decided of providers stands under "
        "embargoes and contracts.",
    ),
    tables=rating_tables,
)
