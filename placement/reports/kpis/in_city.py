"""In-city share: of the people who were placed, how many in the city, and how many outside it and not by choice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureTable, Sort, StrategyMeasure
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import BY_CHOICE, IN_CITY, NOT_BY_CHOICE, WHO_COUNTS
from placement.reports.kpis.tally import ALL

COLUMNS = (
    MeasureColumn(words="People placed", sort=Sort.COUNT),
    MeasureColumn(words="In the city", sort=Sort.COUNT),
    MeasureColumn(words="Outside, not by choice", sort=Sort.COUNT),
    MeasureColumn(words="Outside, by choice", sort=Sort.COUNT),
    MeasureColumn(words="In-city share", sort=Sort.PERCENT),
)


def in_city_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return where people were placed, by kind of referral."""
    tally = stay_book(session, asked)["kinds"]
    rows = tally.lines(
        lambda row: (
            *(tally.told(row, column) for column in (ALL, IN_CITY, NOT_BY_CHOICE, BY_CHOICE)),
            tally.share(row, IN_CITY),
        )
    )
    return [MeasureTable(caption="People placed, by kind of referral", about="Kind", columns=COLUMNS, rows=rows)]


IN_CITY_SHARE = StrategyMeasure(
    slug="in-city-share",
    title="In-city share",
    definition="Of the people whose stay began in the period, the share whose service stands in the city: its postcode "
    "lies in the council’s area by its local-authority code.",
    source="Stays as brokers record them, with the reason that is recorded for each place outside the city. The "
    "strategy: fewer people placed outside the city for reasons other than choice.",
    caveats=(
        WHO_COUNTS,
        "“By choice” holds the person’s choice and their best interest: close to family, safety, a court’s order, a "
        "specialist NHS service. A reason that was not recorded counts as not by choice.",
        "A reservation that never began does not count.",
    ),
    tables=in_city_tables,
)
