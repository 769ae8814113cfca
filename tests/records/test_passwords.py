from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.errors import Invalid
from placement.records.passwords import require_good

WHO = {"email": "jo.bellweather@example.org", "name": "Jo Bellweather"}


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 8"),
        ("x" * 201, "at most 200"),
        ("password123", "easy to guess"),
        ("Passw0rd!", "easy to guess"),
        ("qwertyuiop", "easy to guess"),
        ("liverpool1", "easy to guess"),
        ("aaaaaaaaaaaaaaa", "easy to guess"),
        ("Coventry2026!", "without your name"),
        ("c0ventry-2026", "without your name"),
        ("Placement1!", "without your name"),
        ("find a place", "without your name"),
        ("FindAPlace99", "without your name"),
        ("Bellweather7", "without your name"),
        ("jo.bellweather@example.org", "without your name"),
        ("broker-broker", "without your name"),
        ("coventry-demo", "without your name"),
    ],
)
def test_what_somebody_would_try_first_is_refused_with_what_to_do(password, why):
    with pytest.raises(Invalid, match=why) as refused:
        require_good(password, **WHO)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "long enough", "x7Kp2mQzL9", "coventry rain on a bicycle", "täglich ein Öhrchen"],
)
def test_good_ones_are_taken_whatever_they_are_made_of(password):
    require_good(password, **WHO)


@given(st.text(min_size=8, max_size=200))
def test_every_text_is_either_taken_or_refused_with_a_reason(password):
    with suppress(Invalid):
        require_good(password, **WHO)
