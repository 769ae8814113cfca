"""Who is like whom."""

import pytest

from placement.domain.features import GROUPS, features_in
from placement.domain.likeness import SUPPORT_LEVELS, band_of, is_about, support_level
from placement.domain.people import age_band


@pytest.mark.parametrize(("age", "other", "alike"), [(40, 44, True), (40, 49, True), (44, 35, True), (40, 50, False)])
def test_people_of_one_band_or_of_two_that_touch_are_of_about_the_same_age(age, other, alike):
    assert is_about(age, other) == is_about(other, age) == alike


def test_the_bands_are_those_in_which_a_provider_reads_an_age():
    assert all((age_band(age) == age_band(age + 1)) == (band_of(age) == band_of(age + 1)) for age in range(20, 94))
    assert all(
        is_about(band_of(age), other) == is_about(age, other) for age in range(18, 99) for other in range(18, 99)
    )


def test_every_level_of_support_is_known_and_the_highest_counts():
    known = [slug for slugs in SUPPORT_LEVELS.values() for slug in slugs]
    support = next(group for group in GROUPS if group.slug == "support")
    assert sorted(known) == sorted(feature.slug for feature in features_in(support.slug))
    assert support_level({"sleep_in", "one_to_one", "pbs"}) == "one_to_one"
    assert support_level({"pbs"}) is None
