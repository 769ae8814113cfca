"""Fee levels: what the places that people took cost a week, by type of service, and in bands."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles

from sqlalchemy.orm import Session

from placement.reports.kpis.intervals import ENOUGH
from placement.reports.kpis.measure import (
    MeasureAsked,
    MeasureColumn,
    MeasureTable,
    MeasureValue,
    Sort,
    StrategyMeasure,
)
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import IN_CITY, OUTSIDE, WHO_COUNTS
from placement.reports.kpis.tally import ALL, middle

TYPE_COLUMNS = (
    MeasureColumn(words="People placed", sort=Sort.COUNT),
    MeasureColumn(words="£ a week, median", sort=Sort.POUNDS),
    MeasureColumn(words="A quarter pay less than", sort=Sort.POUNDS),
    MeasureColumn(words="A quarter pay more than", sort=Sort.POUNDS),
)
BAND_COLUMNS = (
    MeasureColumn(words="People placed", sort=Sort.COUNT),
    MeasureColumn(words="Of a hundred", sort=Sort.PERCENT),
    MeasureColumn(words="In the city", sort=Sort.COUNT),
    MeasureColumn(words="Outside the city", sort=Sort.COUNT),
)


def price_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return prices by type of service, and people by band of price."""
    book = stay_book(session, asked)
    types, bands = book["types"], book["bands"]

    def of_type(row: str) -> tuple[MeasureValue, ...]:
        prices = types.values(row, ALL, lambda stay: stay.weekly_pence)
        low, _, high = quantiles(prices, n=4) if len(prices) >= ENOUGH else (None, None, None)
        return types.told(row), in_pounds(middle(prices)), in_pounds(low), in_pounds(high)

    def of_band(row: str) -> tuple[MeasureValue, ...]:
        return (
            bands.told(row),
            bands.share_of_all(row, ALL),
            bands.told(row, IN_CITY),
            bands.told(row, OUTSIDE),
        )

    return [
        MeasureTable(caption="By type of service", about="Type", columns=TYPE_COLUMNS, rows=types.lines(of_type)),
        MeasureTable(caption="By price a week", about="Price", columns=BAND_COLUMNS, rows=bands.lines(of_band)),
    ]


def in_pounds(pence: float | None) -> int | None:
    """Return pence to the nearest pound; None of nothing."""
    return None if pence is None else 100 * round(pence / 100)


PRICES = StrategyMeasure(
    slug="fee-levels",
    title="Fee levels",
    definition="What the places cost a week that people took in the four quarters, as agreed when each was taken: the "
    "median by type of service, and people by band.",
    source="The weekly price of each stay. The strategy compares fee rates with the West Midlands average.",
    caveats=(
        WHO_COUNTS,
        "The average of the West Midlands is not held, so that nothing stands here to compare with.",
        "A price that is not known is left out of medians. Medians are told of 8 known prices or more, quarters of "
        f"{ENOUGH} or more.",
        "Prices hold all that the service gives: of two places the dearer one may give more.",
    ),
    tables=price_tables,
    is_quarterly=False,
)
