"""What the future is drawn from: rates by kind, the needs of one person, the home of another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from placement.matching.problem.facts import Current
from placement.matching.worth.futures import Arrival, History, futures
from tests.matching.builders import a_need

DAYS = 200


def a_history(days: int = DAYS) -> History:
    """Three in crisis every two days, who need one thing, and one respite every four days, who needs another."""
    crisis = [
        Arrival(
            day=day,
            need=a_need(f"C{day}.{number}", kind="crisis", essential=frozenset({"pbs"}), nights=14, lat=52.0, lon=day),
        )
        for day in range(0, days, 2)
        for number in range(3)
    ]
    respite = [
        Arrival(
            day=day,
            need=a_need(f"R{day}", kind="respite", essential=frozenset({"hoist"}), earliest=5, latest=9, nights=3),
        )
        for day in range(0, days, 4)
    ]
    return History(days=days, arrivals=(*crisis, *respite))


def test_each_kind_keeps_its_rate_and_its_needs():
    needs = [need for future in futures(a_history(), DAYS, seed=1, count=8) for need in future]
    counts = Counter(need.kind for need in needs)

    assert counts["crisis"] / (8 * DAYS) == pytest.approx(1.5, rel=0.1)
    assert counts["respite"] / (8 * DAYS) == pytest.approx(0.25, rel=0.2)
    assert {(need.kind, *need.essential) for need in needs} == {("crisis", "pbs"), ("respite", "hoist")}


def test_a_denser_future_has_more_of_the_same():
    usual, denser = (futures(a_history(), DAYS, seed=1, count=8, denser=by) for by in (1, 2.5))

    assert sum(map(len, denser)) / sum(map(len, usual)) == pytest.approx(2.5, rel=0.1)


def test_a_window_keeps_its_width_and_its_notice_and_ends_with_the_nights():
    (future,) = futures(a_history(), 60, seed=2, count=1)
    respite = [need for need in future if need.kind == "respite"]

    assert respite
    assert all(need.latest == min(59, need.earliest + 4) and need.earliest >= 5 for need in respite)
    assert all(need.earliest == need.latest < 60 for need in future if need.kind == "crisis")


def test_needs_and_home_are_drawn_apart_and_nothing_binds_to_people_or_places_of_the_past():
    bound = a_need(
        "N1", kind="planned", essential={"pbs"}, lat=52.1, lon=-1.1, max_miles=3, waited_days=9, hold_above=1,
        avoid_services={"S1"}, declined_units={"U1"}, apart={"N2"}, current=Current(unit="U1", start=0),
        extra_points={"U1": 3},
    )  # fmt: skip
    free = a_need("N2", kind="planned", essential={"hoist"}, lat=52.2, lon=-1.2)
    history = History(days=1, arrivals=(Arrival(day=0, need=bound), Arrival(day=0, need=free)))
    needs = futures(history, 50, seed=3, count=1)[0]

    seen = {(*need.essential, need.lat, need.max_miles) for need in needs}
    assert seen == {("pbs", 52.1, 3), ("pbs", 52.2, None), ("hoist", 52.1, 3), ("hoist", 52.2, None)}
    plain = a_need("any", kind="planned")
    for need in needs:
        own = {"id": "any", "earliest": 0, "latest": 0, "essential": frozenset()}
        assert replace(need, **own, lat=None, lon=None, max_miles=None) == plain


def test_names_are_given_once_and_the_same_seed_gives_the_same_futures_in_any_order():
    history = a_history()
    turned = History(days=DAYS, arrivals=tuple(reversed(history.arrivals)))
    drawn = futures(history, 90, seed=4)

    assert drawn == futures(turned, 90, seed=4)
    assert len(set(drawn)) == 6
    assert drawn != futures(history, 90, seed=5)
    assert all(len({need.id for need in future}) == len(future) for future in drawn)


def test_nobody_has_come_and_nobody_comes():
    assert futures(History(days=3, arrivals=()), 90, count=2) == ((), ())


@pytest.mark.parametrize(("days", "day"), [(0, 0), (5, 5), (5, -1)])
def test_a_history_has_days_and_its_arrivals_lie_in_them(days, day):
    with pytest.raises(ValueError, match="day"):
        History(days=days, arrivals=(Arrival(day=day, need=a_need()),))
