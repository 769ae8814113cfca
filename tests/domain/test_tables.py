from datetime import date, timedelta

import pytest

from placement.domain.features import FEATURE, FEATURES, GROUPS, features_in, with_covered
from placement.domain.kinds import KINDS
from placement.domain.legal import LEGAL_STATUSES
from placement.domain.people import age_band, age_on, birthday
from placement.domain.risks import RISKS, asked_by
from placement.domain.services import SERVICE_TYPE, TypeWish, types_ruled_out, types_wanted


def test_every_slug_stands_once_and_every_group_has_features():
    assert len(FEATURE) == len(FEATURES)
    assert all(features_in(group.slug) for group in GROUPS)
    assert {covered for feature in FEATURES for covered in feature.covers} <= set(FEATURE)


def test_types_of_service_and_features_share_no_slug_for_the_engine_reads_both_as_what_a_unit_offers():
    assert not SERVICE_TYPE.keys() & FEATURE.keys()


def test_what_a_risk_asks_of_a_place_is_a_feature_and_the_words_fit_their_columns():
    assert {slug for risk in RISKS for slug in risk.asks} <= FEATURE.keys()
    assert asked_by(["seizures", "choking"]) == ("dysphagia", "epilepsy_rescue", "waking_night")
    assert len(" ".join(risk.slug for risk in RISKS)) <= 400
    assert len(" ".join(row.slug for row in LEGAL_STATUSES)) <= 200


def test_only_some_types_will_do_rules_out_every_other_and_a_wish_rules_out_none():
    only = types_ruled_out({"shared_lives": TypeWish.ONLY, "supported_living": TypeWish.ONLY})
    assert only == SERVICE_TYPE.keys() - {"shared_lives", "supported_living"}
    wishes = {"nursing": TypeWish.RULED_OUT, "shared_lives": TypeWish.WANTED}
    assert (types_ruled_out(wishes), types_wanted(wishes)) == ({"nursing"}, {"shared_lives"})


def test_waking_nights_also_serve_who_needs_a_sleep_in_but_not_the_other_way():
    assert "sleep_in" in with_covered({"waking_night"})
    assert "waking_night" not in with_covered({"sleep_in"})
    assert with_covered({"gone_from_the_table"}) == {"gone_from_the_table"}


def test_a_kind_that_must_end_says_why_and_has_a_longest_stay():
    assert all(kind.max_nights and kind.default_nights and kind.must_end_why for kind in KINDS if kind.must_end)


def test_a_kind_that_must_start_soon_says_why():
    assert all(kind.starts_within_why for kind in KINDS if kind.starts_within_days is not None)
    assert [kind.slug for kind in KINDS if kind.starts_within_days is not None] == ["crisis"]


def test_nothing_is_kept_from_people_in_crisis():
    assert [kind.slug for kind in KINDS if not kind.can_be_held_back] == ["crisis"]


@pytest.mark.parametrize(
    ("age", "band"), [(18, "18 to 19"), (19, "18 to 19"), (20, "20 to 24"), (47, "45 to 49"), (97, "95 or over")]
)
def test_an_age_is_shown_as_a_band(age, band):
    assert age_band(age) == band


def test_age_on_the_day_before_a_birthday():
    assert age_on(date(1980, 6, 2), date(2026, 6, 1)) == 45
    assert age_on(date(2004, 2, 29), date(2026, 2, 28)) == 21


@pytest.mark.parametrize(
    ("born", "day"),
    [(date(2008, 2, 29), date(2026, 3, 1)), (date(2009, 5, 2), date(2027, 5, 2))],
)
def test_somebody_is_18_from_the_birthday_on_and_not_the_day_before(born, day):
    assert birthday(born, 18) == day
    assert (age_on(born, day), age_on(born, day - timedelta(days=1))) == (18, 17)
