from statistics import median

from sqlalchemy import text

from placement.reports.kpis.placed import PRICE_BANDS, price_band
from placement.reports.kpis.prices import in_pounds, price_tables
from tests.reports.kpis.test_stays import held, plainly
from tests.reports.kpis.worlds import a_year, asked_for, cells_of, placed, units_of


def told(store):
    with store.reading() as session:
        return [cells_of(table) for table in price_tables(session, asked_for())]


def test_bands_are_what_sql_counts(store):
    with store.writing() as session:
        a_year(session, 1)
    with store.reading() as session:
        people = plainly(session)
    _, bands = told(store)

    for least, words in PRICE_BANDS:
        most = min([low for low, _ in PRICE_BANDS if low > least], default=10**9)
        count = sum(row["weekly_pence"] is not None and least <= row["weekly_pence"] < most for row in people)
        assert held(bands.get((words, "People placed"), 0), count)
    assert held(bands["Not recorded", "People placed"], sum(row["weekly_pence"] is None for row in people))
    assert bands["All", "People placed"]


def test_medians_and_quarters_of_a_type(store):
    with store.writing() as session:
        nursing, residential, *_ = units_of(session)
        for number in range(20):
            placed(session, nursing, days_ago=100, weekly_pence=100_000 + 1_000 * number)
        for _ in range(9):
            placed(session, residential, days_ago=100, weekly_pence=90_000)
        prices = session.scalars(
            text("SELECT p.weekly_pence FROM placement p JOIN unit u ON u.id = p.unit_id WHERE u.id = :unit"),
            {"unit": nursing.id},
        ).all()
    types, _ = told(store)

    assert types["Nursing home", "£ a week, median"] == in_pounds(median(prices)) == 109_500
    assert types["Nursing home", "A quarter pay less than"] == 104_200
    assert types["Nursing home", "A quarter pay more than"] == 114_800
    assert types["Residential home", "£ a week, median"] == 90_000
    assert types["Residential home", "A quarter pay less than"] is None, "nine people"


def test_a_price_lies_in_the_band_that_begins_with_it():
    assert price_band(99_999) == "£500 to £999"
    assert price_band(100_000) == "£1,000 to £1,499"
    assert price_band(None) == ""
