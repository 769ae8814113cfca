from hypothesis import given
from hypothesis import strategies as st

from placement.reports.bands import MOST, band_of, bands

COUNTS = st.lists(st.integers(1, 100).map(lambda number: 5 * number), max_size=30)


@given(COUNTS)
def test_every_count_falls_into_one_of_at_most_four_classes_and_none_is_empty(counts):
    known = bands(counts)
    numbers = [band.number for band in known]

    assert len(known) <= MOST
    assert numbers == list(range(MOST - len(known) + 1, MOST + 1))
    for count in counts:
        assert next(band for band in known if band.number == band_of(count, known)).low <= count
    assert {band_of(count, known) for count in counts} == set(numbers)


@given(COUNTS)
def test_a_greater_count_is_never_in_a_lighter_class(counts):
    known = bands(counts)
    numbers = [band_of(count, known) for count in sorted(counts)]

    assert numbers == sorted(numbers)


def test_one_great_count_does_not_put_all_others_into_one_class():
    assert [(band.low, band.high) for band in bands([10, 10, 15, 15, 20, 20, 90])] == [(10, 10), (15, 15), (20, 90)]
    assert bands([]) == ()
