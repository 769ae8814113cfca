"""The share of fresh numbers, week by week."""

from datetime import timedelta

from placement.reports.freshness import fresh_shares
from tests.builders import a_report, a_service, a_unit
from tests.conftest import NOW

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


def test_numbers_are_fresh_for_seven_days_and_each_unit_counts_once(store):
    with store.writing() as session:
        first, second = a_unit(session), a_unit(session)
        a_unit(session, accepting=None)
        a_unit(session, service=a_service(session, is_listed=False))
        for hours in (1, 2, 3):
            a_report(session, first, reported_at=NOW + hours * HOUR)
        a_report(session, second, reported_at=NOW + WEEK)

        def shares(now, weeks=0):
            return [(share.fresh, share.total) for share in fresh_shares(session, now=now, weeks=weeks)]

        assert shares(NOW - HOUR) == [(0, 3)]
        assert shares(NOW) == [(2, 3)]
        assert shares(NOW + WEEK - HOUR) == [(2, 3)]
        assert shares(NOW + WEEK + 3 * HOUR) == [(1, 3)]
        assert shares(NOW + 2 * WEEK, weeks=3) == [(0, 3), (2, 3), (2, 3), (0, 3)]
        assert [share.percent for share in fresh_shares(session, now=NOW, weeks=1)] == [0, 67]


def test_an_empty_market_has_no_share(store):
    with store.reading() as session:
        assert [share.percent for share in fresh_shares(session, now=NOW)] == [0] * 13
