"""No count of 1 to 7 can be worked out: an attacker in whole numbers, who knows all that is published, tries it.

The attacker is written from the people up and shares nothing with the code that protects: one unknown a finest cell,
each published figure a sum of them within its rounding, and for each small count the greatest value that is possible.
"""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from placement.reports.small_numbers import HELD_BACK, Figures, protected, rounded, spoken
from tests.exploring import tried

MANY = 400
SOME = (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 20, 34)


def a_table(chance, *, rows, columns):
    """Return counts with totals of both ways: cells, row totals, column totals and the total of all."""
    cells = {key: chance.choice(SOME) for key in product(rows, columns)}
    return with_totals(cells, rows, columns)


def with_totals(cells, rows, columns):
    counts, sums, made_of = dict(cells), [], {key: [key] for key in cells}

    def add(key, parts):
        counts[key] = sum(counts[part] for part in parts)
        made_of[key] = sorted({cell for part in parts for cell in made_of[part]})
        sums.append((key, tuple(parts)))

    for row in rows:
        add((row, "all"), [(row, column) for column in columns])
    for column in columns:
        add(("all", column), [(row, column) for row in rows])
    add(("all", "all"), [("all", column) for column in columns])
    sums.append((("all", "all"), tuple((row, "all") for row in rows)))
    return counts, sums, made_of


def attack(counts, made_of, told):
    """Return what is known of the finest cells for whoever reads what is told, and an unknown for each."""
    model = cp_model.CpModel()
    of = {cell: model.new_int_var(0, MANY, str(cell)) for cells in made_of.values() for cell in cells}
    for key, shown in told.items():
        figure = sum(of[cell] for cell in made_of[key])
        if shown is None:
            model.add(figure >= min(1, counts[key]))
        elif shown == 0:
            model.add(figure == 0)
        else:
            model.add_linear_constraint(figure, max(8, shown - 2), shown + 2)
    return model, of


def could_be(counts, made_of, told, wanted):
    """Return whether a sum of cells can be 8 or more."""
    model, of = attack(counts, made_of, told)
    model.add(sum(of[cell] for cell in wanted) >= 8)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def found_out(counts, made_of, told):
    """Return every small count that can be told to be below 8: of a figure, or of what one figure has over another."""
    cells = {key: frozenset(parts) for key, parts in made_of.items()}
    sets = set(cells.values()) | {big - less for big in cells.values() for less in cells.values() if less < big}
    small = [each for each in sets if 0 < sum(counts[cell] for cell in each) < 8]
    return [sorted(each) for each in small if not could_be(counts, made_of, told, each)]


@tried(40)
@given(seed=st.integers(0, 10**9))
def test_no_small_count_follows_from_rows_columns_and_totals(seed):
    chance = Random(seed)
    rows, columns = ("abcd"[: chance.randint(1, 4)], "xyz"[: chance.randint(1, 3)])
    counts, sums, made_of = a_table(chance, rows=rows, columns=columns)

    told = protected(Figures(counts=counts, sums=sums))

    assert found_out(counts, made_of, told) == []


@tried(25)
@given(seed=st.integers(0, 10**9))
def test_nor_from_areas_within_areas_or_a_quarter_within_a_year_of_which_the_rest_is_not_told(seed):
    chance = Random(seed)
    rows, columns = "abcd", ("quarter", "rest")
    counts, sums, made_of = a_table(chance, rows=rows, columns=columns)
    for name, wards in (("north", "ab"), ("south", "cd")):
        for column in (*columns, "all"):
            parts = tuple((ward, column) for ward in wards)
            counts[name, column] = sum(counts[part] for part in parts)
            made_of[name, column] = [cell for part in parts for cell in made_of[part]]
            sums.append(((name, column), parts))
    hidden = {key for key in counts if key[1] == "rest"}

    told = protected(Figures(counts=counts, sums=sums, hidden=hidden))

    assert not hidden & told.keys()
    assert found_out(counts, made_of, told) == []


@given(before=st.integers(0, 60), came=st.integers(-7, 7).filter(bool))
def test_of_two_days_nobody_can_tell_that_few_came_or_went(before, came):
    if before + came < 0:
        return
    (low, high), (least, most) = (reach(protected(one(count))[KEY]) for count in (before, before + came))

    fewest, most_came = least - high, most - low  # what may have come between the two days
    assert fewest <= 0 <= most_came or most_came >= 8 or fewest <= -8


def span_of(counts, made_of, told, wanted):
    """Return the least and the greatest value that a sum of cells can have for whoever reads what is told."""
    ends = []
    for sign in (1, -1):
        model, of = attack(counts, made_of, told)
        model.minimize(sign * sum(of[cell] for cell in wanted))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        ends.append(sign * round(solver.objective_value))
    return tuple(ends)


@tried(6)
@given(seed=st.integers(0, 10**9))
def test_nor_from_the_same_table_on_two_days_that_few_came_or_went(seed):
    chance = Random(seed)
    rows, columns = "ab", "xyz"
    days = [{key: chance.choice(SOME) for key in product(rows, columns)}]
    days.append({key: max(0, count + chance.choice([0, 0, 1, -1, 3])) for key, count in days[0].items()})
    tables = [with_totals(cells, rows, columns) for cells in days]
    told = [protected(Figures(counts=counts, sums=sums), by_day=True) for counts, sums, _ in tables]

    for key, cells in tables[0][2].items():
        if not 0 < abs(came := tables[1][0][key] - tables[0][0][key]) < 8:
            continue
        (low, high), (least, most) = (
            span_of(counts, made_of, shown, cells) for (counts, _, made_of), shown in zip(tables, told, strict=True)
        )
        fewest, greatest = (least - high, most - low) if came > 0 else (low - most, high - least)
        assert fewest <= 0 or greatest >= 8, (key, fewest, greatest)


KEY = ("all",)


def one(count):
    return Figures(counts={KEY: count})


def reach(shown):
    return (1, MANY) if shown is None else (max(8, shown - 2), shown + 2) if shown else (0, 0)


@given(counts=st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_what_is_told_is_the_count_to_the_nearest_5_and_a_mark_is_never_0(counts):
    named = {(str(place),): count for place, count in enumerate(counts)}
    told = protected(Figures(counts=named))

    for key, count in named.items():
        if count == 0 or count >= 8:
            assert told[key] == rounded(count)
            assert abs(told[key] - count) <= 2
        else:
            assert told[key] is None


def test_where_no_count_is_small_nothing_is_held_back():
    counts, sums, _ = with_totals({("a", "x"): 8, ("a", "y"): 20, ("b", "x"): 0, ("b", "y"): 31}, "ab", "xy")

    assert None not in protected(Figures(counts=counts, sums=sums)).values()


def test_the_one_small_part_of_a_total_takes_another_with_it_if_it_could_be_worked_out():
    counts = {("a",): 4, ("b",): 8, ("c",): 31, ("all",): 43}
    sums = [(("all",), (("a",), ("b",), ("c",)))]

    assert protected(Figures(counts=counts, sums=sums)) == {("a",): None, ("b",): 10, ("c",): 30, ("all",): 45}
    tight = {("a",): 1, ("b",): 11, ("all",): 12}
    told = protected(Figures(counts=tight, sums=[(("all",), (("a",), ("b",)))]))
    assert told == {("a",): None, ("b",): None, ("all",): 10}, "12 less 8 is below 8"


def test_the_people_without_a_need_are_kept_from_sight_as_those_with_it():
    counts = {("has",): 38, ("has not",): 1, ("all",): 39}
    figures = Figures(counts=counts, sums=[(("all",), (("has",), ("has not",)))], hidden={("has not",)})

    told = protected(figures)

    assert "has not" not in {key[0] for key in told}
    assert told[("all",)] is not None
    assert told[("has",)] is None or told[("all",)] + 2 - (told[("has",)] - 2) >= 8


def test_a_nought_is_marked_only_where_nothing_else_would_do():
    counts, sums, _ = with_totals({("a", "x"): 0, ("a", "y"): 5, ("b", "x"): 9, ("b", "y"): 0}, "ab", "xy")

    told = protected(Figures(counts=counts, sums=sums))

    assert told["a", "x"] == told["b", "y"] == 0
    assert told["a", "y"] is told["a", "all"] is told["all", "y"] is None


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="not the sum"):
        protected(Figures(counts={("a",): 9, ("all",): 10}, sums=[(("all",), (("a",),))]))
    with pytest.raises(ValueError, match="below 0"):
        protected(Figures(counts={("a",): -1}))


def test_words():
    assert [spoken(told) for told in (0, 15, 1250, None)] == ["none", "about 15", "about 1,250", HELD_BACK]
