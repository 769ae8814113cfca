from hypothesis import given
from hypothesis import strategies as st

from placement.reports.bands import band_of, bands

COUNTS = st.lists(st.integers(0, 500), max_size=30)


@given(COUNTS)
def test_every_count_falls_into_one_of_at_most_five_classes(counts):
    known = bands(counts)

    assert len(known) <= 5
    assert [band.number for band in known] == list(range(len(known)))
    for count in counts:
        assert 0 <= band_of(count, known) < len(known)
        assert (band_of(count, known) == 0) == (count == 0)
        assert known[band_of(count, known)].low <= count


@given(COUNTS)
def test_a_greater_count_is_never_in_a_lighter_class(counts):
    known = bands(counts)
    numbers = [band_of(count, known) for count in sorted(counts)]

    assert numbers == sorted(numbers)
