"""Two stays overlap where some night has both."""

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.stays import MatchedStay
from tests.exploring import tried
from tests.matching.builders import a_need, a_unit

spans = st.tuples(st.integers(0, 9), st.integers(1, 5)).map(lambda span: (span[0], sum(span)))


@tried(100)
@given(spans, spans)
def test_stays_overlap_exactly_where_they_share_a_night(one, other):
    first, second = (MatchedStay(a_need(), a_unit(), *span) for span in (one, other))

    assert first.overlaps(second) == second.overlaps(first) == bool(set(range(*one)) & set(range(*other)))
