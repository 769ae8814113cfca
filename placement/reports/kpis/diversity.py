"""Diversity: people placed by the ethnic group that they give themselves, in the city and outside it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from placement.domain.settings import census_share
from placement.records.settings import numbers
from placement.reports.kpis.groups import ETHNICITY
from placement.reports.kpis.measure import (
    MeasureAsked,
    MeasureColumn,
    MeasureTable,
    MeasureValue,
    Sort,
    StrategyMeasure,
)
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import IN_CITY, WHO_COUNTS
from placement.reports.kpis.tally import ALL

COLUMNS = (
    MeasureColumn(words="People placed", sort=Sort.COUNT),
    MeasureColumn(words="Of a hundred", sort=Sort.PERCENT),
    MeasureColumn(words="In the city", sort=Sort.COUNT),
    MeasureColumn(words="The Census, of a hundred", sort=Sort.PERCENT),
)


def diversity_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return the people who were placed, by broad ethnic group."""
    table, held = stay_book(session, asked)[ETHNICITY.slug], numbers(session)

    def values(row: str) -> tuple[MeasureValue, ...]:
        census = held.get(census_share(row), 0) or None
        return table.told(row), table.share_of_all(row, ALL), table.told(row, IN_CITY), census

    rows = table.lines(values)
    return [MeasureTable(caption="People placed, by ethnic group", about="Ethnic group", columns=COLUMNS, rows=rows)]


DIVERSITY = StrategyMeasure(
    slug="diversity",
    title="Diversity of people placed",
    definition="People whose stay began in the four quarters, by the ethnic group that they give themselves, in "
    "the broad groups of the Census.",
    source="The person’s own answer, taken down by brokerage in the groups of the Census of England and Wales 2021.",
    caveats=(
        WHO_COUNTS,
        "The answer is optional. Who has not been asked is not recorded; who did not want to answer has a row.",
        "What the Census counts in the city stands where an administrator has entered it under Settings; else it is "
        "not held. It counts people of every age, and of those few need care.",
        "It is never used in matching, and providers never see it.",
    ),
    tables=diversity_tables,
    is_quarterly=False,
)
