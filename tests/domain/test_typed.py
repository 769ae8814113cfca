import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.typed import pence, whole_number


@given(st.integers(-999_999_999, 999_999_999))
def test_a_number_reads_as_itself_with_or_without_commas(number):
    assert whole_number(str(number)) == whole_number(f" {number:,} ") == number


@given(st.integers(0, 99_999_999))
def test_an_amount_reads_as_its_pence_however_it_is_written(amount):
    written = f"{amount // 100:,}.{amount % 100:02}"
    assert pence(written) == pence(f"£{written}") == pence(written.replace(",", "")) == amount


@given(st.text("0123456789,.", min_size=1, max_size=9))
def test_a_comma_counts_only_between_thousands(text):
    read = whole_number(text)
    assert read is None or text in (str(read), f"{read:,}") or text.lstrip("0,") in ("", str(read), f"{read:,}")
    money = pence(text)
    if money is not None and "," in text:
        assert text.partition(".")[0].lstrip("0,") in ("", f"{money // 100:,}")


@pytest.mark.parametrize(
    "text", ["850,50", "1,4", "12,00", ",5", "5,", "1,,000", "1,0000", "1 200", "¹²", "٣", "", "x"]
)
def test_what_is_not_written_like_a_number_is_none(text):
    assert whole_number(text) is None
    assert pence(text) is None


def test_what_is_beyond_belief_is_no_number():
    assert whole_number("1234567890") is None
    assert pence("1,000,000") is None
    assert pence("999999.99") == 99_999_999
    assert whole_number("-1,200") == -1200
    assert pence("-5") is None
