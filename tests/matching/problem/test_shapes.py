"""Readers of JSON values: what they take they return typed; what they refuse they refuse at its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.problem.errors import MalformedDocument
from placement.matching.problem.shapes import (
    MOST_WHOLE,
    Field,
    day,
    flag,
    listed,
    mapped,
    names,
    natural,
    nullable,
    number,
    parsed,
    record,
    row,
    text,
    whole,
)
from tests.exploring import tried

READERS = (text, whole, natural, number, flag, day, names, listed(whole), nullable(text), mapped(whole))
scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@tried(200)
@given(scraps, st.sampled_from(READERS))
def test_whatever_is_there_is_read_or_refused_at_that_place(value, reader):
    place = ""
    try:
        reader(json.loads(json.dumps(value)), "here")
    except MalformedDocument as error:
        place = error.place
    assert not place or place.startswith("here")


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (whole, True),
        (whole, 2.0),
        (whole, MOST_WHOLE + 1),
        (natural, -1),
        (number, "2"),
        (number, float("nan")),
        (flag, 1),
        (text, ""),
        (text, "\ud800"),
        (day, "2026-2-3"),
        (day, "20260203"),
        (names, [1]),
        (row(list, whole, whole), [1]),
    ],
)
def test_what_only_looks_like_it_is_refused(reader, value):
    with pytest.raises(MalformedDocument):
        reader(value, "here")


def test_a_record_has_its_keys_and_no_others_and_fills_in_what_may_be_left_out():
    read = record(dict, {"id": Field(text), "places": Field(natural, 1)})

    assert read({"id": "C1"}, "caps[0]") == {"id": "C1", "places": 1}
    with pytest.raises(MalformedDocument, match=r"caps\[0\]: lacks the key 'id'"):
        read({}, "caps[0]")
    with pytest.raises(MalformedDocument, match="unknown key 'colour'"):
        read({"id": "C1", "colour": "red"}, "caps[0]")


def test_a_key_given_twice_is_refused_where_the_object_stands():
    with pytest.raises(MalformedDocument, match=r"^units\[0\]: gives the key 'id' twice"):
        record(dict, {"id": Field(text)})(parsed('{"id": "a", "id": "b"}'), "units[0]")


def test_the_place_of_an_item_says_its_number_and_that_of_an_entry_its_key():
    with pytest.raises(MalformedDocument) as caught:
        mapped(listed(whole))({"U1": [1, 2, "3"]}, "extra")
    assert caught.value.place == "extra.U1[2]"
