"""Work out what more places would have been worth, in a child process of the worker, as a solve is.

Measured: a quarter of the demo city takes six seconds a replay and a year 25, and there are three for each place that
is thought of, and one without.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement import __version__
from placement.domain.clocks import today
from placement.domain.people import SYSTEM
from placement.jobs.child import Interrupted, Say, working
from placement.jobs.claimed import Clock
from placement.matching.problem.facts import UnitFacts
from placement.planning.replay.history import PastPeriod
from placement.planning.replay.outcomes import Totals
from placement.planning.replay.reading import past_period
from placement.records.events import record
from placement.records.referrals import Referral
from placement.records.sessions import Store
from placement.records.valuations import LOST_AFTER, Valuation
from placement.records.ward_sets import gazetteer_for
from placement.reports.asked import Asked, Level
from placement.reports.city_needs import unmet_people
from placement.reports.need_lines import STEPS
from placement.reports.place_ideas import PlaceIdea, place_ideas

if TYPE_CHECKING:
    from placement.planning.replay.more_places import MorePlaces

BEAT_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToValue:
    """What the child is given."""

    history: PastPeriod
    models: tuple[UnitFacts, ...]
    seed: int


def find_values(store: Store, valuation_id: int, *, clock: Clock) -> bool:
    """Work out the figures that were asked for and store them; return whether this call was the one that did.

    Every database unit is short: none is open while the replays go on. Where it fails, that is stored and raised.
    """
    with store.writing() as session:
        row = session.get(Valuation, valuation_id, with_for_update=True)
        if row is None or row.begun_at is not None:
            return False
        row.begun_at, council, span = clock(), row.council, row.span
    began = time.monotonic()
    try:
        with store.reading(council) as session:
            task, ideas = _task(session, row, clock)
        found = _watched(store, valuation_id, task)
    except Interrupted:  # nobody works on it any more; it can be asked for again
        return False
    except Exception:
        with store.writing() as session:
            session.get_one(Valuation, valuation_id).has_failed = True
        raise
    weeks = (span.nights or 7) / 7
    with store.writing(council) as session:
        row = session.get_one(Valuation, valuation_id)
        row.finished_at, row.people = clock(), found.base.people
        row.seconds = round(time.monotonic() - began, 3)
        row.versions = {"placement": __version__} | {name: version(name) for name in ("ortools", "numpy")}
        row.ideas = [_document(idea, found.base, sums, weeks) for idea, sums in zip(ideas, found.changed, strict=True)]
        record(session, "values_found", row, by=SYSTEM, now=clock(), ideas=len(ideas), replays=row.replays)
    return True


def _task(session: Session, row: Valuation, clock: Clock) -> tuple[ToValue, Sequence[PlaceIdea]]:
    known = gazetteer_for(session, on=today(clock()))
    asked = Asked(now=clock(), ward_set=known.ward_set, localities=known.localities, level=Level.LOCALITY)
    history = past_period(session, row.first_on, row.end_on - timedelta(days=1))
    people = unmet_people(session, asked, row.span)
    wanted = select(Referral.id, Referral.reference).where(Referral.id.in_([case.referral_id for case in people]))
    names = {referral_id: reference or "" for referral_id, reference in session.execute(wanted)}
    ideas = place_ideas(history, people, names, asked, row.span)
    return ToValue(history=history, models=tuple(idea.model for idea in ideas), seed=row.seed), ideas


def _watched(store: Store, valuation_id: int, task: ToValue) -> MorePlaces:
    """Return what the child found, and note how far it is while it works."""
    deadline = time.monotonic() + LOST_AFTER.total_seconds() / 2
    with working(_found, task, called="The process that lived through the period") as child:
        heard = 0
        while True:
            found: MorePlaces | None = child.answer(within=BEAT_SECONDS)
            if len(child.words) > heard:
                heard = len(child.words)
                with store.writing() as session:
                    row = session.get_one(Valuation, valuation_id)
                    row.done, row.replays = child.words[-1]
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError("The replays were not over in time and were ended.")


def _found(task: ToValue, say: Say) -> MorePlaces:
    from placement.planning.replay.more_places import with_more_places  # here, because it loads OR-Tools

    return with_more_places(
        task.history, task.models, seed=task.seed, progress=lambda done, replays: say((done, replays))
    )


def _document(idea: PlaceIdea, base: Totals, changed: Sequence[Totals], weeks: float) -> dict[str, Any]:
    words = {name: value for name, value in asdict(idea).items() if name != "model"}
    gains = [
        {
            "places": places,
            "outside": base.not_by_choice - each.not_by_choice,
            "without": base.still + base.nowhere - each.still - each.nowhere,
            "waited": base.waited - each.waited,
            "away": base.away - each.away,
            "weekly_pence": round((base.pence - each.pence) / weeks),
        }
        for places, each in zip(STEPS, changed, strict=True)
    ]
    return {**words, "weekly_pence": idea.model.weekly_pence, "gains": gains}
