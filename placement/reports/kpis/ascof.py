"""Inputs to the Adult Social Care Outcomes Framework, measures 2B, 2C and 2E, and what of them is not held."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureTable, Sort, StrategyMeasure
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import WHO_COUNTS
from placement.reports.kpis.tally import ALL

COLUMNS = (MeasureColumn(words="People", sort=Sort.COUNT),)
SHARE_COLUMNS = (*COLUMNS, MeasureColumn(words="Of a hundred", sort=Sort.PERCENT))


def ascof_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return who went into care homes to stay by age, and people with a learning disability by accommodation."""
    book = stay_book(session, asked)
    homes, settled = book["care_homes"], book["settled"]
    return [
        MeasureTable(
            caption="2B and 2C: people placed in a residential or nursing home without an end",
            about="Age",
            columns=COLUMNS,
            rows=homes.lines(lambda row: (homes.told(row),)),
        ),
        MeasureTable(
            caption="2E(1): people aged 18 to 64 with a learning disability who were placed, by accommodation",
            about="Accommodation",
            columns=SHARE_COLUMNS,
            rows=settled.lines(lambda row: (settled.told(row), settled.share_of_all(row, ALL))),
        ),
    ]


ASCOF = StrategyMeasure(
    slug="ascof-inputs",
    title="ASCOF 2B, 2C and 2E: inputs",
    definition="2B and 2C are the numbers of adults aged 18 to 64, and 65 and over, whose long-term support needs are "
    "met by admission to residential and nursing care homes, per 100,000 people. 2E(1) is the share of people aged "
    "18 to 64 with a learning disability who receive long-term support and live in their home or with family. Here "
    "stands what placements add to them.",
    source="Titles as in NHS England’s ASCOF tables of 2024/25. Counts: stays that began, for which the referral asked "
    "for no end, in services that are residential or nursing homes; and learning disability as an essential need.",
    caveats=(
        "Not the official figures. Not held here: people whom nobody placed through this product, people who pay for "
        "themselves, what was decided in reviews, and the population as the denominator.",
        "Official figures are of a year from April to March; these are of the last four quarters that are over.",
        "2E asks for everybody in long-term support, most of whom live at home and were never placed: not held here. "
        "Which types of service count as settled accommodation stands in this product’s table of types.",
        "2E(2a) and 2E(2b), which are of everybody in long-term support, 2A and 2D: not held.",
        WHO_COUNTS,
    ),
    tables=ascof_tables,
    is_quarterly=False,
)
