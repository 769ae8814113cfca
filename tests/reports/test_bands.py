from hypothesis import given
from hypothesis import strategies as st

from placement.reports.bands import band_of, bands

GAPS = st.lists(st.integers(-500, 500), max_size=30)


@given(GAPS)
def test_every_gap_falls_into_one_of_at_most_five_classes(gaps):
    known = bands(gaps)

    assert len(known) <= 5
    assert [band.number for band in known] == list(range(len(known)))
    for gap in gaps:
        assert 0 <= band_of(gap, known) < len(known)
        assert (band_of(gap, known) == 0) == (gap <= 0)


@given(GAPS)
def test_a_greater_gap_is_never_in_a_lighter_class(gaps):
    known = bands(gaps)
    numbers = [band_of(gap, known) for gap in sorted(gaps)]

    assert numbers == sorted(numbers)


def test_the_legend_says_the_range_of_each_class():
    assert [band.label for band in bands([0, 2])] == ["No place missing", "1 place missing", "2 places missing"]
    assert [band.label for band in bands([9])][1:] == [
        "1 to 3 places missing",
        "4 to 6 places missing",
        "7 to 9 places missing",
    ]
