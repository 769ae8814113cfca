from datetime import UTC, date, datetime

import pytest

from placement.domain.periods import Period
from placement.reports.kpis.catalogue import MEASURES
from placement.reports.kpis.measure import measure_question, spans_on
from tests.conftest import NOW


def test_the_spans_are_the_last_four_quarters_that_are_over_and_all_of_them():
    spans = spans_on(NOW)

    assert [span.slug for span in spans] == ["year", "2026-q3", "2026-q2", "2026-q1", "2025-q4"]
    assert spans[0].period == Period(date(2025, 10, 1), date(2026, 10, 1))
    assert spans[2].words == "April to June 2026"


def test_a_quarter_is_over_at_midnight_in_london():
    before, after = (datetime(2026, 6, 30, hour, 30, tzinfo=UTC) for hour in (22, 23))
    assert spans_on(before)[1].slug == "2026-q1"
    assert spans_on(after)[1].slug == "2026-q2"


def test_what_came_after_the_four_quarters_is_not_past():
    asked = measure_question(NOW)
    assert asked.is_past(datetime(2026, 9, 30, 22, tzinfo=UTC))
    assert not asked.is_past(datetime(2026, 9, 30, 23, 30, tzinfo=UTC))


def test_another_span_cannot_be_asked_for():
    with pytest.raises(KeyError):
        measure_question(NOW, "2019-q1")


def test_every_measure_says_what_it_counts_where_it_is_from_and_what_it_does_not_say():
    assert len({measure.slug for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.definition.endswith(".")
        assert measure.source.endswith(".")
        assert measure.caveats
        assert all(caveat.endswith(".") for caveat in measure.caveats)
