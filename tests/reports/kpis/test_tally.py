"""Counting for measures: what is told is the plain count of people, and no small number follows from all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from placement.reports.kpis.tally import ALL, Cut, PeopleBook, mean, middle
from placement.reports.small_numbers import rounded
from tests.exploring import tried
from tests.reports.kpis.worlds import asked_for

COLOURS, SIZES = ("red", "blue", "green"), ("big", "small")
SPOTS = ("inside", "outside")


@dataclass(frozen=True)
class Visit:
    thing_id: int
    person_id: int
    on: date
    spot: str
    colour: str
    size: str
    price: int | None = 10


CUTS = [
    Cut(
        name="colours",
        rows=[(each, each.title()) for each in COLOURS],
        row_of=lambda visit: visit.colour,
        cell_of=lambda visit: visit.spot,
        spots={spot: (spot,) for spot in SPOTS},
        columns={ALL: SPOTS, **{spot: (spot,) for spot in SPOTS}},
    ),
    Cut(
        name="sizes",
        rows=[(each, each.title()) for each in SIZES],
        row_of=lambda visit: visit.size,
        cell_of=lambda visit: visit.spot,
        spots={"outside": ("outside",)},
        columns={ALL: ("outside",)},
    ),
]


def a_book(visits, slug="year"):
    return PeopleBook(visits, asked_for(slug), CUTS, spot_of=lambda visit: visit.spot)


def some_visits(seed):
    chance, start = Random(seed), asked_for().year.start
    return [
        Visit(
            number,
            chance.randint(1, 120),
            start + timedelta(days=chance.randint(0, 364)),
            chance.choice(("inside", "inside", "outside")),
            chance.choice((*COLOURS, "blue", "blue")),
            chance.choice(SIZES),
        )
        for number in range(chance.randint(40, 220))
    ]


def newest(visits):
    return {each.person_id: each for each in sorted(visits, key=lambda each: (each.on, each.thing_id))}.values()


@tried(10)
@given(seed=st.integers(0, 10**6))
def test_every_figure_is_the_plain_count_of_people_to_the_nearest_5_or_is_held_back(seed):
    visits = some_visits(seed)
    people = newest(visits)
    for span in asked_for().spans:
        tally = a_book(visits, span.slug)["colours"]
        for row, column in product((ALL, *COLOURS), (ALL, *SPOTS)):
            count = sum(
                span.period.holds(each.on) and row in (ALL, each.colour) and column in (ALL, each.spot)
                for each in people
            )
            told = tally.told(row, column)
            assert told is None or told == rounded(count)
            assert told is None or not 0 < count < 8


def test_the_newest_of_somebody_counts_and_what_lies_outside_the_year_does_not():
    start = asked_for().year.start
    again = [
        Visit(n, n % 10, start + timedelta(days=n), "inside", "red" if n < 10 else "blue", "big") for n in range(20)
    ]
    before = [Visit(99 + n, 99 + n, start - timedelta(days=1), "inside", "red", "big") for n in range(20)]
    tally = a_book([*again, *before])["colours"]

    assert (tally.told("blue"), tally.told("red"), tally.told(ALL)) == (10, 0, 10)
    assert [row.label for row in tally.lines(lambda row: (tally.told(row),))] == ["Blue", "All"]


def test_what_goes_with_a_count_is_told_only_where_the_count_is_and_enough_of_it_is_known():
    on = asked_for().year.start
    visits = [Visit(n, n, on, "inside", "red", "big", price=n if n > 12 else None) for n in range(20)]
    visits += [Visit(50 + n, 50 + n, on, "inside", "blue", "big") for n in range(6)]
    visits += [Visit(90 + n, 90 + n, on, "inside", "green", "big") for n in range(30)]
    tally = a_book(visits)["colours"]

    assert tally.values("red", ALL, lambda visit: visit.price) == [], "seven prices"
    assert tally.values("blue", ALL, lambda visit: visit.price) == [], "six people"
    assert tally.values("green", ALL, lambda visit: visit.price) == [10] * 30


def test_shares_follow_from_what_is_told():
    on = asked_for().year.start
    visits = [Visit(n, n, on, SPOTS[n >= 22], "red", "big") for n in range(44)]
    tally = a_book(visits)["colours"]

    assert (tally.told("red"), tally.told("red", "inside")) == (45, 20)
    assert tally.share("red", "inside") == 44, "20 of 45; half of them are inside"
    assert tally.share("blue", "inside") is None
    assert tally.share_of_all("red", "outside") == 100


def test_who_has_no_row_has_one_of_their_own():
    on = asked_for().year.start
    tally = a_book([Visit(n, n, on, "inside", "pink", "big") for n in range(9)])["colours"]
    assert [row.label for row in tally.lines(lambda row: (tally.told(row),))] == ["Not recorded", "All"]


def test_averages_of_nothing_are_nothing():
    assert (mean([]), middle([])) == (None, None)
    assert (mean([1, 2, 6]), middle([1, 2, 6])) == (3, 2)


@tried(4)
@given(seed=st.integers(0, 10**6))
def test_nobody_can_work_out_a_small_number_from_all_tables_and_all_spans_together(seed):
    visits = some_visits(seed)
    model, of, counts = _attacked(visits)
    for cell, unknown in of.items():
        if 0 < counts[cell] < 8:
            harder = model.clone()
            harder.add(unknown >= 8)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            assert solver.solve(harder) in (cp_model.OPTIMAL, cp_model.FEASIBLE), cell


def _attacked(visits):
    """Return a model of all that is told: an unknown for each quarter, spot and row of each table."""
    model, of, counts = cp_model.CpModel(), {}, {}
    quarters = asked_for().quarters
    rows = {"colours": (COLOURS, SPOTS), "sizes": (SIZES, ("outside",))}
    for name, (slugs, spots) in rows.items():
        for quarter, row, spot in product(quarters, slugs, spots):
            key = (name, quarter.slug, row, spot)
            of[key] = model.new_int_var(0, 400, str(key))
            counts[key] = sum(
                quarter.period.holds(each.on) and spot == each.spot and row in (each.colour, each.size)
                for each in newest(visits)
            )
    for quarter in quarters:  # both tables are of the same people outside
        both = [sum(of[n, quarter.slug, row, "outside"] for row in slugs) for n, (slugs, _) in rows.items()]
        model.add(both[0] == both[1])
    for span in asked_for().spans:
        book = a_book(visits, span.slug)
        for name, (slugs, spots) in rows.items():
            columns = (ALL, *spots) if name == "colours" else (ALL,)
            for row, column in product((ALL, *slugs), columns):
                cells = [
                    key
                    for key in of
                    if key[0] == name
                    and span.slug in ("year", key[1])
                    and row in (ALL, key[2])
                    and column in (ALL, key[3])
                ]
                _published(model, sum(of[key] for key in cells), book[name].told(row, column))
    return model, of, counts


def _published(model, figure, told):
    if told is None:
        model.add(figure >= 0)
    elif told == 0:
        model.add(figure == 0)
    else:
        model.add_linear_constraint(figure, max(8, told - 2), told + 2)
