import pytest

from placement.domain.errors import PlacementError
from placement.geography.errors import MalformedPostcode
from placement.geography.postcodes import area, normalise


@pytest.mark.parametrize(
    "typed",
    [
        "CV1 5RR",
        "cv15rr",
        "  cv1   5rr ",
        "CV1\u00a05RR",
        "c v 1 5 r r",
        "ＣＶ１　５ＲＲ",
        "CV1\u200b5RR",
        "CV1-5RR",
        "CV1 5RR.",
        "'CV1 5RR'",
        "CV1\t5RR\n",
    ],
)
def test_spelling_is_put_right(typed):
    assert normalise(typed) == "CV1 5RR"


@pytest.mark.parametrize("postcode", ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "GIR 0AA"])
def test_every_published_shape_is_a_postcode(postcode):
    assert normalise(postcode) == postcode


@pytest.mark.parametrize(
    ("typed", "possible"),
    [
        ("CVI 5RR", ("CV1 5RR",)),
        ("CV1O 1AN", ("CV10 1AN",)),
        ("CV1 OAA", ("CV1 0AA",)),
        ("CVl 1AA", ("CV1 1AA",)),
        ("0X1 2JD", ("OX1 2JD",)),
    ],
)
def test_a_letter_for_a_digit_is_advised_on_and_not_guessed(typed, possible):
    with pytest.raises(MalformedPostcode) as refused:
        normalise(typed)

    assert refused.value.suggestions == possible
    assert refused.value.advice == f"Did you mean {possible[0]}?"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a postcode"),
        (" \u00a0", "Enter a postcode"),
        ("CV1", "only the first half"),
        ("СV1 5RR", "characters that no postcode has"),
        ("12345", "not a full"),
        ("QV1 5RR", "not a full"),
        ("CV1 5RR CV2 1AA", "not a full"),
        ("CV1 5CR", "not a full"),
        ("x" * 100_000, "not a full"),
        ("CV1 5RR'; drop table ward", "not a full"),
        ("\x00", "Enter a postcode"),
    ],
)
def test_what_cannot_be_a_postcode_is_refused_in_words(typed, said):
    with pytest.raises(MalformedPostcode, match=said) as refused:
        normalise(typed)

    assert isinstance(refused.value, PlacementError)
    assert refused.value.status == 422
    assert refused.value.field == "postcode"
    assert refused.value.advice


def test_an_area_is_the_letters_in_front():
    assert [area(each) for each in ("CV1 5RR", "B1 1AA", "WS1 1AA")] == ["CV", "B", "WS"]
