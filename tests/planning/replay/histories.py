"""Small histories that no records stand behind: made up from a seed, crowded, with news on many days."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from placement.planning.replay.history import Barred, Happened, PastCase, PastPeriod, Reported, Shut, Stay
from tests.matching.builders import CITY, ELSEWHERE, FIRST_NIGHT, a_need, a_unit

KINDS = ("crisis", "respite", "planned")


def a_report(day=0, ours=1, others=0, spare=None):
    return Reported(day=day, ours=ours, spare=ours if spare is None else spare, others=others)


def a_case(name="N1", day=0, **given):
    whole = {"gone": None, "lasted": None, "said": {}, "happened": None}
    of_case = {key: given.pop(key) for key in whole if key in given}
    need = a_need(name, **{"earliest": day, "latest": day + 5, "nights": 7} | given)
    return PastCase(day=day, need=need, **whole | of_case)


def a_history(cases=(), units=(), reports=None, days=20, **given):
    known = {unit.id: unit for unit in units}
    return PastPeriod(
        first_day=FIRST_NIGHT, days=days, city=CITY, units=known,
        reports={key: (a_report(),) for key in known} if reports is None else reports,
        **{"closures": {}, "standings": {}, "caps": {}, "fixed": (), "answers": {}, "cases": tuple(cases)} | given,
    )  # fmt: skip


def a_random_history(seed):
    """Return some crowded weeks: 2 to 5 units, up to 14 people, reports, closures and a standing on any day."""
    dice, days = Random(seed), 24
    keys = [f"U{number}" for number in range(1, dice.randint(2, 5) + 1)]
    cap = {"C1": dice.randint(1, 3)} if dice.random() < 0.4 else {}
    units = [
        a_unit(
            key, provider=f"P{key}", authority=ELSEWHERE if dice.random() < 0.25 else CITY, weekly_pence=70_000,
            gender=dice.choice(["any", "any", "same"]), crisis_places=dice.choice([None, None, 0, 1]),
            shared=frozenset(cap) if dice.random() < 0.5 else frozenset(),
        )
        for key in keys
    ]  # fmt: skip
    reports = {key: tuple(_report(dice, day) for day in _days(dice, days)) for key in keys}
    closures = {key: (_shut(dice, days),) for key in keys if dice.random() < 0.3}
    standings = {f"P{keys[0]}": (Barred(day=3, start=3, end=9, status="suspended"),)} if dice.random() < 0.3 else {}
    cases = [_case(dice, f"N{number}", days, keys) for number in range(dice.randint(3, 14))]
    return a_history(
        sorted(cases, key=lambda case: case.day), units, reports, days, closures=closures, standings=standings,
        caps=cap, fixed=[_stay(dice, dice.choice(keys), days) for _ in range(dice.randint(0, 3))],
        answers={key: (dice.randint(0, 5), dice.randint(0, 3)) for key in keys},
    )  # fmt: skip


def cut_after(history, day):
    """Return what was known by the morning of a day, and nothing that came later."""

    def known(rows):
        return {key: tuple(row for row in each if row.day <= day) for key, each in rows.items()}

    shut = {
        key: tuple(replace(row, until=None if row.until is not None and row.until > day else row.until) for row in each)
        for key, each in known(history.closures).items()
    }
    cases = tuple(
        replace(case, gone=None if case.gone is not None and case.gone > day else case.gone)
        for case in history.cases
        if case.day <= day
    )
    return replace(
        history, reports=known(history.reports), closures=shut, standings=known(history.standings), cases=cases
    )


def _days(dice, days):
    return sorted({0, *(dice.randint(-5, days - 1) for _ in range(dice.randint(0, 4)))})


def _report(dice, day):
    ours, others = dice.randint(0, 2), dice.randint(0, 3)
    return a_report(day, ours, others, ours + dice.randint(0, 1))


def _shut(dice, days):
    start = dice.randint(0, days - 1)
    return Shut(
        day=dice.randint(0, days - 1), until=dice.choice([None, dice.randint(5, days)]), start=start,
        end=dice.choice([None, start + dice.randint(1, 9)]), places=dice.choice([None, 1]),
    )  # fmt: skip


def _stay(dice, unit, days):
    start = dice.randint(-10, days)
    return Stay(unit=unit, start=start, end=dice.choice([None, start + dice.randint(1, 20)]))


def _case(dice, name, days, keys):
    day, kind = dice.randint(0, days - 1), dice.choice(KINDS)
    latest = day + (1 if kind == "crisis" else dice.randint(0, 12))
    happened = None
    if dice.random() < 0.6:
        stay = replace(_stay(dice, dice.choice(keys), days), start=day)
        stay = replace(stay, end=dice.choice([None, day + dice.randint(0, 9)]))
        happened = Happened(stay=stay, is_in_city=dice.random() < 0.7, by_choice=False, weekly_pence=70_000)
    return a_case(
        name, day, kind=kind, latest=latest, nights=dice.choice([None, 3, 7, 14]),
        gender=dice.choice(["woman", "man", None]), wants_out_of_city=dice.random() < 0.1,
        gone=day + dice.randint(1, 9) if happened is None and dice.random() < 0.4 else None,
        lasted=dice.choice([None, 0, 2, 5]), said={key: dice.random() < 0.5 for key in keys if dice.random() < 0.3},
        happened=happened,
    )  # fmt: skip
