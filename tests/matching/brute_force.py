"""The best plan by trying every one. Shares the rules and objectives with the product, but no solver and no array."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from placement.matching.judging.check import limits_broken
from placement.matching.judging.objectives import standing
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.instance import Instance

Values = tuple[int, ...]


def every_plan(instance: Instance) -> Iterator[list[MatchedStay]]:
    """Yield every set of stays that keeps all rules and limits."""
    setting = Setting(instance)
    choices = [
        [
            MatchedStay(need, unit, start, setting.end(need, start))
            for unit in setting.instance.units
            if not refusals(need, unit, setting)
            for start in starts_of(need, unit, setting)
        ]
        for need in setting.needs.values()
    ]
    yield from (stays for stays in _extended(setting, choices, []) if not _in_parts(instance, stays))


def _in_parts(instance: Instance, stays: list[MatchedStay]) -> bool:
    """Whether somebody who wants all stays of a series has some of them."""
    counts = Counter(stay.need.id.split("/")[0] for stay in stays)
    wanted = {
        need.id: 1 + len(need.series.stays) for need in instance.needs if need.series and need.series.take == "all"
    }
    return any(counts[name] not in (0, all_of_them) for name, all_of_them in wanted.items())


def _together(stays: list[MatchedStay]) -> int:
    """Return 30 points for each stay of a series but one in the service that most of them are in."""
    services: dict[str, list[str]] = {}
    for stay in stays:
        services.setdefault(stay.need.id.split("/")[0], []).append(stay.unit.service)
    return sum(30 * (max(Counter(there).values()) - 1) for there in services.values())


def _extended(
    setting: Setting, choices: list[list[MatchedStay]], stays: list[MatchedStay]
) -> Iterator[list[MatchedStay]]:
    if not choices:
        yield list(stays)
        return
    yield from _extended(setting, choices[1:], stays)
    for stay in choices[0]:
        stays.append(stay)
        if not any(True for _ in limits_broken(setting, stays)):
            yield from _extended(setting, choices[1:], stays)
        stays.pop()


def signed_values(setting: Setting, stays: list[MatchedStay]) -> Values:
    """Return the value of every tier, signed so that more is better."""
    each = [standing(stay.need, stay.unit, stay.start, setting) for stay in stays]
    values = [sum(values[tier] for values in each) for tier in range(5)]
    values[2] += _together(stays)
    return tuple(values)


def best_plan(instance: Instance) -> tuple[Values, set[tuple[str, str, int]]]:
    """Return the values of the optimum and its matches."""
    setting = Setting(instance)
    best = max(every_plan(instance), key=lambda stays: signed_values(setting, stays))
    return signed_values(setting, best), {(stay.need.id, stay.unit.id, stay.start) for stay in best}
