import pytest

from placement.domain.contacts import dialled, is_email, is_telephone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("024 7655 0100", "02476550100"),
        ("+44 (0)24 7655 0100", "+4402476550100"),
        ("01632 960012 ext 45", "01632960012"),
        ("01632-960.012x4", "01632960012"),
        ("999999", "999999"),
    ],
)
def test_a_telephone_number_is_taken_as_people_write_it_and_dialled(text, number):
    assert is_telephone(text)
    assert dialled(text) == number


@pytest.mark.parametrize(
    "text", ["", "12345", "ring the bell", "024 7655 O100", "0" * 16, "+", "tel:024 7655 0100", "٠٢٤٧٦٥٥٠"]
)
def test_anything_else_is_none(text):
    assert not is_telephone(text)


def test_an_address_has_two_sides_and_no_blanks():
    assert is_email("places@example.org")
    for wrong in ("", "places", "@example.org", "places@", "a@b@c", "a b@c", "a\u200b@c", "x" * 250 + "@c.uk"):
        assert not is_email(wrong)
