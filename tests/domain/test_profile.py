from placement.domain.features import FEATURES
from placement.domain.profile import ASKED, PROFILE, PROFILE_SECTION, SECTION_OF, is_about

LONGEST = 10  # rows on a phone's page of about 1,600 pixels


def test_every_feature_is_asked_in_one_section_and_no_section_is_long():
    assert sorted(each.slug for features in ASKED.values() for each in features) == sorted(f.slug for f in FEATURES)
    assert {slug for slug, features in ASKED.items() if not 0 < len(features) <= LONGEST} == set()
    assert len(PROFILE_SECTION) == len(PROFILE)
    assert ASKED.keys() <= PROFILE_SECTION.keys()


def test_a_section_is_about_its_own_features_and_none_is_about_all():
    assert all(
        is_about(None, feature.slug) and is_about(SECTION_OF[feature.slug], feature.slug) for feature in FEATURES
    )
    assert not is_about("price", "pbs")
    assert not is_about("clinical", "of no table")
