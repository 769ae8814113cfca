from placement.domain.ethnicity import BROAD, ETHNIC_GROUPS, broad_group


def test_the_census_of_2021_has_19_groups_in_five_and_nobody_need_answer():
    assert len({row.slug for row in ETHNIC_GROUPS if row.broad != "not_said"}) == 19
    assert {row.broad for row in ETHNIC_GROUPS} == set(BROAD)
    assert len(BROAD) == 5 + 1


def test_what_was_not_answered_or_is_no_answer_is_in_no_group():
    assert broad_group(None) == broad_group("martian") == ""
    assert broad_group("roma") == "white"
