"""What is said of a malformed document: where, why, and on one line."""

import pytest

from placement.matching.problem.errors import MalformedDocument, MalformedInstance, MalformedPlan, one_line


@pytest.mark.parametrize(("place", "said"), [("units[3].free[1]", "units[3].free[1]: is empty"), ("", "is empty")])
def test_a_message_names_the_place_where_there_is_one(place, said):
    assert str(MalformedDocument(place, "is empty")) == said


def test_no_name_breaks_a_message_up_or_forges_another_line():
    assert one_line("N1\nerror: \x1b[2J") == "N1\\nerror: \\x1b[2J"
    assert "\n" not in str(MalformedInstance("needs[0].id", "is no name: a\nb"))


@pytest.mark.parametrize("kind", [MalformedInstance, MalformedPlan])
def test_a_command_that_catches_malformed_documents_catches_both_kinds(kind):
    with pytest.raises(MalformedDocument) as caught:
        raise kind("needs", "are missing")
    assert (caught.value.place, caught.value.reason) == ("needs", "are missing")
