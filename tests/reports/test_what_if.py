"""A result leaves with its small numbers protected, all at once, and nights and pounds only beside what is told."""

from __future__ import annotations

from dataclasses import asdict

from hypothesis import given, settings
from hypothesis import strategies as st

from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.outcomes import as_it_was, as_lived, shifts, totals
from placement.planning.scenarios import CHANGED, SAME, WAS
from placement.records.scenarios import ScenarioResult
from placement.reports.small_numbers import FEWEST, MARK, STEP
from placement.reports.what_if import COLUMNS, OUTCOME_LABELS, WORLD_LABELS, headline, rows_of, told_result
from tests.planning.replay.histories import a_random_history

DAYS = 70


def a_result(was, same, changed, groups):
    """Return a stored result: (in city, by choice, not by choice, still, nowhere, late) a world, and its groups."""
    names = ("in_city", "by_choice", "not_by_choice", "still", "nowhere", "late")
    worlds = {}
    for slug, counts in ((WAS, was), (SAME, same), (CHANGED, changed)):
        sums = dict(zip(names, counts, strict=True))
        worlds[slug] = sums | {"people": sum(counts[:5]), "waited": 1234, "away": 567, "pence": 7_123_456_00}
    rows = [dict(zip(("by", "group", "people", "better", "worse"), each, strict=True)) for each in groups]
    return ScenarioResult(worlds=worlds, shifts=rows, made=[], headline="")


LARGE = (
    (200, 20, 60, 20, 100, 150),
    (220, 20, 50, 20, 90, 120),
    (270, 20, 20, 10, 80, 90),
    [("kind", "Crisis", 300, 40, 10), ("kind", "Planned", 100, 40, 20), ("age", "Under 65", 400, 80, 30),
     ("gender", "Woman", 400, 80, 30), ("need", "Autism", 150, 30, 15)],
)  # fmt: skip


def test_large_counts_are_told_to_the_nearest_five_with_what_belongs_to_them():
    told = told_result(a_result(*LARGE), DAYS)
    assert [world.went["not_by_choice"] for world in told.worlds] == [60, 50, 20]
    assert (told.everybody.people, told.everybody.better, told.everybody.worse) == (400, 80, 30)
    assert [(each.label, each.better) for each in told.of("kind")] == [("Crisis", 40), ("Planned", 40)]
    assert [(world.waited, world.away, world.weekly_pounds) for world in told.worlds] == [(1230, 570, 712_300)] * 3
    assert headline(told) == "Outside, not by choice: about 20 with the changes, about 50 without them"


def test_a_small_count_is_a_mark_and_so_is_what_would_tell_it():
    groups = [("kind", "Crisis", 297, 78, 30), ("kind", "Planned", 103, 2, 0), *LARGE[3][2:]]
    told = told_result(a_result(*LARGE[:3], groups), DAYS)
    crisis, planned = told.of("kind")
    assert (planned.better, planned.worse) == (None, 0)
    assert crisis.better is None, "it and the sum would tell the other"
    cells = {row.label: [column.value(row) for column in COLUMNS] for row in rows_of(told)}
    assert cells["Planned"][:2] == ["Kind of referral", "Planned"]
    assert cells["Planned"][-2:] == [MARK, 0]
    assert cells["In the city"][2:] == [200, 220, 270, "", "", ""]


def test_nothing_is_told_beside_a_count_that_is_held_back():
    few = (3, 0, 1, 0, 0, 1)
    told = told_result(a_result(few, few, few, [("kind", "Crisis", 4, 0, 0)]), DAYS)
    assert [(world.waited, world.away, world.weekly_pounds) for world in told.worlds] == [(None, None, None)] * 3
    assert headline(told) == f"Outside, not by choice: {MARK} with the changes, {MARK} without them"


def test_a_period_in_which_nobody_asked_is_told_as_that():
    nobody = (0, 0, 0, 0, 0, 0)
    told = told_result(a_result(nobody, nobody, nobody, []), DAYS)
    assert (told.everybody.people, told.groups) == (0, [])
    assert headline(told) == "Outside, not by choice: nobody with the changes, nobody without them"


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_count_from_1_to_7_is_told_of_any_history(seed):
    history = a_random_history(seed)
    same = as_lived(history, LivedDays(history).live())
    was = as_it_was(history)
    result = ScenarioResult(
        worlds={name: asdict(totals(rows)) for name, rows in ((WAS, was), (SAME, same), (CHANGED, was))},
        shifts=[asdict(each) for each in shifts(same, was)],
        made=[],
        headline="",
    )
    for row in rows_of(told_result(result, history.days)):
        counts = [row.values.get(label) for label in (*WORLD_LABELS.values(), *OUTCOME_LABELS.values())]
        if not row.label.startswith(("Nights", "£")):
            assert all(count is None or count == 0 or (count >= FEWEST and count % STEP == 0) for count in counts)
