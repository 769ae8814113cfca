"""A list as pages: together they are the list, whatever the order, and each says truly how many there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, literal, select

from placement.records.base import Instant
from placement.records.pages import ROWS, START, Key, PlaceInList, cut, page_of
from placement.records.referrals import Referral
from tests.builders import a_referral
from tests.conftest import NOW

NEVER = literal(NOW + timedelta(days=9999), Instant())
ORDERS = {
    "newest": (Key(column=Referral.id, is_descending=True),),
    "deadline": (Key(column=func.coalesce(Referral.place_by, NEVER)), Key(column=Referral.id)),
    "kind": (Key(column=Referral.kind, is_descending=True), Key(column=Referral.id)),
}


def walk(ask):
    """Return every page of a list forwards, and the same backwards."""
    forwards = [ask(START)]
    while forwards[-1].after is not None:
        forwards.append(ask(PlaceInList(after=forwards[-1].after)))
    backwards = [forwards[-1]]
    while backwards[-1].before is not None:
        backwards.append(ask(PlaceInList(before=backwards[-1].before)))
    return forwards, backwards


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 7, 10, 99])
def test_the_pages_of_a_list_are_the_list(session, order, size):
    for number in range(10):
        late = NOW + timedelta(hours=number % 3) if number % 4 else None
        a_referral(session, place_by=late, kind=("crisis", "respite")[number % 2])
    keys = ORDERS[order]
    whole = session.scalars(select(Referral).order_by(*(key.ordered(forwards=True) for key in keys))).all()

    forwards, backwards = walk(lambda at: page_of(session, select(Referral), *keys, at=at, size=size))

    assert [row for page in forwards for row in page.rows] == whole
    assert {page.total for page in (*forwards, *backwards)} == {10}
    assert [page.first for page in forwards] == list(range(1, 11, size))
    assert all(page.last == page.first + len(page.rows) - 1 for page in forwards)
    seen = [row for page in reversed(backwards) for row in page.rows]
    assert list(dict.fromkeys(seen)) == whole
    assert backwards[-1].first == 1


def test_an_empty_list_and_a_place_that_is_in_no_list_give_the_first_page(session):
    keys = ORDERS["newest"]
    empty = page_of(session, select(Referral), *keys)
    assert (empty.rows, empty.total, empty.first, empty.last) == ([], 0, 0, 0)
    row = a_referral(session)
    for at in (PlaceInList(after=987654), PlaceInList(after=row.id), PlaceInList(before=row.id), PlaceInList(before=0)):
        page = page_of(session, select(Referral), *keys, at=at)
        assert (page.rows, page.first, page.before, page.after) == ([row], 1, None, None)


def test_rows_that_come_meanwhile_shift_nothing(session):
    keys = ORDERS["newest"]
    old = [a_referral(session) for _ in range(4)]
    first = page_of(session, select(Referral), *keys, size=2)
    a_referral(session)
    second = page_of(session, select(Referral), *keys, at=PlaceInList(after=first.after), size=2)
    assert [*first.rows, *second.rows] == old[::-1]
    assert (second.first, second.total) == (4, 5)


@given(st.integers(0, 130), st.integers(1, 60))
def test_what_is_worked_out_is_cut_alike(length, size):
    found = [f"row {number}" for number in range(length)]
    numbers = [number * 7 % 131 for number in range(length)]
    forwards, backwards = walk(lambda at: cut(found, numbers, at=at, size=size))
    assert [row for page in forwards for row in page.rows] == found
    assert all(len(page.rows) <= size and page.total == length for page in (*forwards, *backwards))
    assert backwards[-1].first in (0, 1)
    assert ROWS == 50
