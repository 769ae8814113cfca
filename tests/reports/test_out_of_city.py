from placement.domain.states import PlacementState
from placement.reports.out_of_city import BEGUN, choice_label, reason_of


def test_a_reason_that_is_no_longer_in_the_table_is_never_a_choice():
    assert reason_of("an_old_code").label == "an old code"
    assert not reason_of("an_old_code").by_choice
    assert choice_label(reason_of("an_old_code")) == "Not by choice"
    assert choice_label(reason_of("close_to_family")) == "By choice or best interest"


def test_what_was_only_reserved_or_given_back_has_not_begun():
    assert set(PlacementState) - set(BEGUN) == {PlacementState.RESERVED, PlacementState.RELEASED}
