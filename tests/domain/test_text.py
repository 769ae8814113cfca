import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from placement.domain.errors import Invalid
from placement.domain.text import code, plain, readable

BLANKS = "\u00a0\u2003\u202f\u3000\u2800\u3164\u115f\uffa0\t\n \u2028\x85"
HIDDEN = "\x00\x07\x1f\x7f\u200b\u200c\u200d\u200e\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u061c\u180e\U000e0041"


@pytest.mark.parametrize("blank", BLANKS, ids=lambda char: f"U+{ord(char):04X}")
def test_a_blank_of_any_alphabet_is_a_blank(blank):
    assert plain(blank * 3) == code(blank) == ""
    assert plain(f"{blank}Ann{blank} Other{blank}") == "Ann Other"


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda char: f"U+{ord(char):04X}")
def test_what_cannot_be_seen_is_refused_and_the_message_says_what_stands_where(hidden):
    with pytest.raises(Invalid, match=rf"U\+{ord(hidden):04X}.*after “Ann”"):
        plain(f"Ann{hidden}Other")
    with pytest.raises(Invalid, match="at the beginning"):
        plain(hidden)
    with pytest.raises(Invalid):
        code(f"C{hidden}1")
    assert readable(f"Ann{hidden}Other") == "Ann Other"


def test_several_lines_stay_several_lines():
    assert plain("One\r\n\r\n  two\u00a0\r", lines=True) == "One\n\n  two"
    assert plain("One\r\ntwo") == "One two"


def test_what_looks_the_same_is_the_same():
    assert plain("Rene\u0301e") == plain("Ren\u00e9e") == "Ren\u00e9e"
    assert code(" ｃ７７\u00a0") == code("C77") == "C77"
    assert plain("I \u2764\ufe0f it") == "I \u2764 it"


@pytest.mark.parametrize("nothing", ["", " ", "\u0301", "\u00a0\u0301 ", "\ufe0f"])
def test_marks_on_nothing_are_nothing(nothing):
    assert plain(nothing) == ""


@pytest.mark.parametrize("number", ["-", "–", "...", "?"])
def test_a_case_number_has_a_letter_or_a_digit(number):
    assert code(number) == ""


@given(st.text(), st.booleans())
@example("\uf900", False)
def test_read_text_is_read_the_same_again_and_has_something_to_see_or_is_empty(text, lines):
    try:
        words = plain(text, lines=lines)
    except Invalid:
        words = readable(text)
    assert plain(words, lines=lines) == words == unicodedata.normalize("NFC", words)
    assert not words or any(unicodedata.category(char)[0] in "LNPS" for char in words)


@given(st.text())
def test_a_code_is_read_the_same_again(text):
    try:
        number = code(text)
    except Invalid:
        return
    assert code(number) == number
