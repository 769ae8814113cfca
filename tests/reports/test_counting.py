import pytest

from placement.reports.counting import Counting
from placement.reports.small_numbers import protected


def a_book():
    """Twenty people, twelve of them in the north, and the sum of both told."""
    book = Counting()
    book.whole(("ground",), range(20))
    book.parts(("ground",), {("north",): range(12), ("south",): range(12, 20)})
    book.sum(("all",), [("north",), ("south",)])
    return book


def test_only_sums_and_parts_are_told_and_the_rest_of_a_group_never():
    book = a_book()
    book.part(("all",), ("some",), range(9))
    figures = book.figures()

    assert figures.counts["rest", "all", "without", "some"] == 11
    assert protected(figures) == {("all",): 20, ("some",): 10}


def test_what_is_not_told_counts_in_the_protection_of_what_is():
    book = Counting()
    book.whole(("ground",), range(20))
    book.parts(("ground",), {("a",): range(17), ("b",): range(17, 20)})
    book.sum(("all",), [("ground",)])
    book.sum(("those of a",), [("a",)])

    told = protected(book.figures())

    assert told["all",] is None or told["those of a",] is None or told["all",] + 2 - told["those of a",] + 2 >= 8


def test_a_group_stands_once_and_with_the_same_people():
    book = a_book()
    book.sum(("all",), [("ground",)])
    assert book.people(("all",)) == set(range(20))
    with pytest.raises(ValueError, match="other people"):
        book.sum(("all",), [("north",)])


def test_refuses_what_is_no_part_and_parts_that_leave_somebody_out_or_count_somebody_twice():
    book = a_book()
    with pytest.raises(ValueError, match="make up"):
        book.part(("all",), ("others",), range(15, 25))
    with pytest.raises(ValueError, match="make up"):
        book.parts(("all",), {("a",): range(10), ("b",): range(10, 19)})
    with pytest.raises(ValueError, match="make up"):
        book.parts(("all",), {("c",): range(10), ("d",): range(9, 20)})
    with pytest.raises(ValueError, match="make up"):
        book.sum(("twice",), [("north",), ("ground",)])
