"""Replay a scenario in two child processes of the worker: the market as it was, and as it might have been, at once."""

from __future__ import annotations

from dataclasses import dataclass

from placement.jobs.child import Say
from placement.jobs.claimed import Claimed, Clock, do_claimed, sweep_claims
from placement.planning import scenarios
from placement.planning.replay.changes import MarketChange
from placement.planning.replay.history import PastPeriod
from placement.planning.replay.outcomes import CaseResult
from placement.records.sessions import Store
from placement.reports.what_if import headline, told_result

LONGEST_SECONDS = 60 * 60
STEP = 10
"""Days after which a replay says how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLive:
    """What a child lives through: one world of a scenario, by its name."""

    world: str
    history: PastPeriod
    changes: tuple[MarketChange, ...]
    seed: int


def replay_scenario(store: Store, scenario_id: int, *, clock: Clock) -> bool:
    """Claim a scenario, replay it and keep what it came to; return whether this call was the one that did."""
    return do_claimed(store, scenarios.SCENARIOS, scenario_id, clock=clock, do=_replay)


def sweep_scenarios(store: Store, *, clock: Clock) -> int:
    """Replay every scenario that waits or was abandoned; return how many were replayed here."""
    return sweep_claims(store, scenarios.SCENARIOS, replay_scenario, clock=clock)


def _replay(work: Claimed) -> None:
    with work.store.reading(work.council) as session:
        found = scenarios.read_scenario(session, work.row_id)
    with work.store.writing(work.council) as session:
        scenarios.begin_scenario(session, work.row_id, work.token, found)
    worlds = {scenarios.SAME: (), scenarios.CHANGED: found.changes}
    given = [
        ToLive(world=world, history=found.history, changes=changes, seed=found.seed)
        for world, changes in worlds.items()
    ]
    same, changed = work.watched(_lived, given, called="The process that replayed it", within=LONGEST_SECONDS)
    result = scenarios.result_of(found, same, changed)
    result.headline = headline(told_result(result, found.history.days))
    with work.store.writing(work.council) as session:
        scenarios.publish_scenario(session, work.row_id, work.token, result, now=work.clock())


def _lived(given: ToLive, say: Say) -> tuple[CaseResult, ...]:
    """Live through the days in the child, and say how far it is."""
    from placement.planning.replay.living_through import LivedDays
    from placement.planning.replay.outcomes import as_lived

    days = given.history.days

    def on(day: int) -> bool:
        if day % STEP == 0:
            say({"world": given.world, "day": day, "days": days})
        return True

    return as_lived(given.history, LivedDays(given.history, given.changes, seed=given.seed).live(on))
