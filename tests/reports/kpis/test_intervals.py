from math import comb
from random import Random
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from placement.reports.kpis.intervals import ENOUGH, median_interval, share_interval


@given(every=st.integers(8, 2000), part=st.floats(0, 1))
def test_the_interval_of_a_share_holds_it_and_narrows_with_more_people(every, part):
    some = round(every * part)
    low, high = share_interval(some, every)
    lower, higher = share_interval(some * 10, every * 10)

    assert 0 <= low <= 100 * some / every <= high <= 100
    assert higher - lower <= high - low + 1


def test_the_published_example_of_a_share():
    assert share_interval(81, 263) == (25, 37), "Newcombe 1998: 0.2553 to 0.3662"
    assert share_interval(0, 20) == (0, 17), "Newcombe 1998: 0 to 0.1611"


def test_its_ends_are_where_the_share_is_1_96_standard_deviations_off():
    for some, every in ((15, 148), (30, 40), (100, 250)):
        low, high = share_interval(some, every)
        for end, is_out in ((low - 1, True), (high + 1, True), (low + 1, False), (high - 1, False)):
            truth = end / 100
            off = abs(some / every - truth) / (truth * (1 - truth) / every) ** 0.5
            assert (off > 1.96) is is_out, (some, every, end)


@given(values=st.lists(st.integers(0, 60), min_size=ENOUGH, max_size=80))
def test_the_interval_of_a_median_holds_it(values):
    low, high = median_interval(values)
    assert low <= median(values) <= high


def test_by_its_ranks_it_misses_the_median_5_times_of_100_at_most_by_the_binomial_distribution():
    for count in (20, 33, 50, 100, 401):
        low, high = median_interval(range(1, count + 1))
        missed = sum(comb(count, k) for k in range(count + 1) if not low <= k < high) / 2**count
        assert missed <= 0.055, count


def test_of_few_there_is_none():
    assert median_interval(list(range(ENOUGH - 1))) is None


def test_of_many_samples_about_95_of_100_hold_the_median():
    chance, held = Random(7), 0
    for _ in range(400):
        low, high = median_interval([chance.expovariate(1) for _ in range(60)])
        held += low <= 0.6931 <= high
    assert held >= 0.92 * 400
