"""What more places would have done: a past period lived through as it was, and again with one, two and five of them.

Every figure is the difference of two replays with the same seed. A replay is no optimum: a place more can, by who comes
when, leave somebody worse off, and that is told as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from placement.domain.scenarios import Verb
from placement.matching.problem.facts import UnitFacts
from placement.matching.worth.values import STEPS
from placement.planning.keys import unit_key
from placement.planning.replay.changes import MarketChange
from placement.planning.replay.history import PastPeriod
from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.outcomes import Totals, as_lived, totals

MODEL = 0
"""The number of the unit that new places are like: no stored unit has it."""
Progress = Callable[[int, int], object]
"""Is told how many replays are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MorePlaces:
    """What became of everybody as it was, and by new place with each number of `STEPS` of it."""

    base: Totals
    changed: tuple[tuple[Totals, ...], ...]


def with_more_places(
    history: PastPeriod, models: Sequence[UnitFacts], *, seed: int = 0, progress: Progress = lambda done, of: None
) -> MorePlaces:
    """Live through a period without new places, and for each model of one with 1, 2 and 5 like it from the first night.

    A new place has a service and no provider of its own, no history, and shares its places with no other unit.
    """
    of = 1 + len(STEPS) * len(models)
    base, done = _lived(history, (), seed), 1
    progress(done, of)
    changed = []
    for model in models:
        found = []
        for places in STEPS:
            opened = (MarketChange(verb=Verb.OPEN, unit=MODEL, places=places),)
            found.append(_lived(_offering(history, model), opened, seed))
            done += 1
            progress(done, of)
        changed.append(tuple(found))
    return MorePlaces(base=base, changed=tuple(changed))


def _lived(history: PastPeriod, changes: Sequence[MarketChange], seed: int) -> Totals:
    return totals(as_lived(history, LivedDays(history, changes, seed=seed).live()))


def _offering(history: PastPeriod, model: UnitFacts) -> PastPeriod:
    """Return the history with the model in its register, which has no place itself and has never reported one."""
    key = unit_key(MODEL)
    unit = replace(
        model, id=key, service=f"new-{key}", provider=None, shared=frozenset(), free=(), residents=(), reply_hours=0,
        acceptance=None, quality=None, registered_until=None,
    )  # fmt: skip
    return replace(history, units={**history.units, key: unit})
