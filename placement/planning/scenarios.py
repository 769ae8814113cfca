"""Scenarios from the first word to the result: written, changed while they are a draft, asked for, replayed, kept.

A worker has a scenario by a lease (`records.leases`). What was read stays as a fingerprint: two replays of the same
period, changes, seed and versions over the same records come to the same figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from placement import __version__
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.lifecycles import SCENARIO
from placement.domain.limits import MOST_PLACES
from placement.domain.people import SYSTEM, Actor
from placement.domain.scenarios import LONGEST_PERIOD, MOST_CHANGES, MOST_SEED, Verb
from placement.domain.states import ScenarioState
from placement.matching.problem.documents import plain_values
from placement.planning.keys import unit_key
from placement.planning.replay.changes import MarketChange, require_sound
from placement.planning.replay.history import PastPeriod
from placement.planning.replay.meaning import MarketWish, market_changes
from placement.planning.replay.outcomes import CaseResult, as_it_was, shifts, totals
from placement.planning.replay.reading import past_period
from placement.records.events import record
from placement.records.leases import Leases
from placement.records.lifecycles import move
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Service, Unit
from placement.records.scenarios import Scenario, ScenarioChange, ScenarioResult
from placement.records.visibility import one, visible_scenarios
from placement.records.ward_sets import stored_localities

SCENARIOS = Leases(table=Scenario, lifecycle=SCENARIO, name="scenario", doing="replaying")
WAS, SAME, CHANGED = "was", "same", "changed"
"""The worlds that are compared: as it was, replayed without a change, and with the changes."""
NO_DRAFT = "This scenario has been run already. Copy it to change it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPeriod:
    """What a scenario is called, which days it lives through, and the seed of the answers nobody ever gave."""

    name: str
    first_on: date
    last_on: date
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenChange:
    """A change as somebody writes it; the fields are those of `ScenarioChange`."""

    verb: Verb
    start_on: date | None = None
    unit_id: int | None = None
    locality: str = ""
    kind_of: Sequence[str] = ()
    places: int | None = None
    becomes: Sequence[str] = ()
    weekly_pence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReplay:
    """What a scenario replays: what happened, what is changed, and the seed."""

    history: PastPeriod
    changes: tuple[MarketChange, ...]
    seed: int


def write_scenario(
    session: Session, asked: AskedPeriod, *, like: Scenario | None = None, by: Actor, now: datetime
) -> Scenario:
    """Write a new draft, with the changes of the one that it is `like`. Raises Invalid beside what is wrong."""
    _require_past(asked, now)
    row = Scenario(
        name=asked.name,
        first_on=asked.first_on,
        last_on=asked.last_on,
        seed=asked.seed,
        written_at=now,
        written_by_id=by.user_id,
        writer=by.name,
    )
    if like is not None:
        row.changes = [_copied(change, asked) for change in like.changes]
    session.add(row)
    record(session, "scenario_written", row, by=by, now=now, like=like.id if like else None)
    return row


def _require_past(asked: AskedPeriod, now: datetime) -> None:
    if asked.last_on < asked.first_on:
        raise Invalid("The last day must not be before the first.", field="last_on")
    if asked.last_on >= today(now):
        raise Invalid("Enter a last day before today: only what is over can be replayed.", field="last_on")
    if (asked.last_on - asked.first_on).days >= LONGEST_PERIOD:
        raise Invalid(f"Enter at most {LONGEST_PERIOD} days.", field="last_on")
    if not 0 <= asked.seed <= MOST_SEED:
        raise Invalid(f"Enter a number from 0 to {MOST_SEED:,}.", field="seed")


def _copied(change: ScenarioChange, asked: AskedPeriod) -> ScenarioChange:
    kept = ("verb", "unit_id", "locality", "kind_of", "places", "becomes", "weekly_pence")
    start_on = change.start_on if asked.first_on <= change.start_on <= asked.last_on else asked.first_on
    return ScenarioChange(start_on=start_on, **{name: getattr(change, name) for name in kept})


def add_change(session: Session, row: Scenario, written: WrittenChange, *, by: Actor, now: datetime) -> ScenarioChange:
    """Add a change to a draft. Raises Invalid beside what is wrong, OutOfStep for what is no draft any more."""
    _lock_draft(session, row)
    start_on = written.start_on or row.first_on
    if len(row.changes) >= MOST_CHANGES:
        raise Invalid(f"A scenario has at most {MOST_CHANGES} changes.")
    if not row.first_on <= start_on <= row.last_on:
        raise Invalid("Enter a day of the period.", field="start_on")
    if written.unit_id is None and not written.kind_of:
        raise Invalid("Choose a unit, or the kind of place.", field="unit")
    if written.places is not None and not 1 <= written.places <= MOST_PLACES:
        raise Invalid(f"Enter between 1 and {MOST_PLACES:,} places.", field="places")
    if written.weekly_pence is not None and written.weekly_pence <= 0:
        raise Invalid("Enter a price above £0.", field="weekly_pence")
    if written.verb is Verb.OPEN and written.places is None:
        raise Invalid("Enter how many places are opened.", field="places")
    if written.verb is Verb.CONVERT and not written.becomes:
        raise Invalid("Choose what the places offer from then on.", field="becomes")
    if written.verb is Verb.REPRICE and written.weekly_pence is None:
        raise Invalid("Enter the new price.", field="weekly_pence")
    given = {each: list(value) if isinstance(value, list | tuple) else value for each, value in asdict(written).items()}
    change = ScenarioChange(**given | {"start_on": start_on})
    row.changes.append(change)
    record(session, "scenario_changed", row, by=by, now=now, verb=written.verb.value)
    return change


def remove_change(session: Session, row: Scenario, change_id: int, *, by: Actor, now: datetime) -> None:
    """Take a change out of a draft. Raises NotFound where it has none such, OutOfStep for what is no draft."""
    change = next((each for each in row.changes if each.id == change_id), None)
    if change is None:
        raise NotFound("There is no such change.")
    _lock_draft(session, row)
    row.changes.remove(change)
    record(session, "scenario_changed", row, by=by, now=now, removed=change_id)


def request_scenario(session: Session, row: Scenario, *, by: Actor, now: datetime) -> None:
    """Ask for a draft to be replayed. Raises Invalid for one without a change, OutOfStep for what is no draft."""
    _lock_draft(session, row)
    if not row.changes:
        raise Invalid("Add a change first.")
    move(session, row, "request", by=by, now=now)


def request_again(session: Session, row: Scenario, *, by: Actor, now: datetime) -> Scenario:
    """Ask for the same once more, as a scenario of its own; what was found before stays."""
    asked = AskedPeriod(name=row.name, first_on=row.first_on, last_on=row.last_on, seed=row.seed)
    again = write_scenario(session, asked, like=row, by=by, now=now)
    session.flush()
    request_scenario(session, again, by=by, now=now)
    return again


def _lock_draft(session: Session, row: Scenario) -> None:
    session.flush()
    session.refresh(row, ["state"], with_for_update=True)
    if row.state is not ScenarioState.DRAFT:
        raise OutOfStep(NO_DRAFT)


def scenarios(session: Session, *, actor: Actor, at: PlaceInList = START) -> Page[Scenario]:
    """Return a page of the scenarios with their results, newest first."""
    rows = visible_scenarios(actor).options(joinedload(Scenario.result))
    return page_of(session, rows, Key(column=Scenario.id, is_descending=True), at=at)


def scenario(session: Session, scenario_id: int, *, actor: Actor) -> Scenario:
    """Return one scenario with its changes and its result. Raises NotFound."""
    deep = selectinload(Scenario.changes).joinedload(ScenarioChange.unit).joinedload(Unit.service)
    rows = visible_scenarios(actor).where(Scenario.id == scenario_id)
    return one(session, rows.options(deep, joinedload(Scenario.result)), "scenario")


def read_scenario(session: Session, scenario_id: int) -> ToReplay:
    """Return what a scenario replays. Raises Invalid for a change that cannot be made in that market."""
    row = scenario(session, scenario_id, actor=SYSTEM)
    history = past_period(session, row.first_on, row.last_on)
    wishes = [_wish(change, row.first_on) for change in row.changes]
    changes = market_changes(wishes, history, _localities(session))
    require_sound(changes, history.units, history.days)
    return ToReplay(history=history, changes=changes, seed=row.seed)


def _wish(change: ScenarioChange, first: date) -> MarketWish:
    return MarketWish(
        verb=change.verb,
        night=(change.start_on - first).days,
        unit=change.unit_id,
        locality=change.locality,
        kind_of=frozenset(change.kind_of),
        places=change.places,
        becomes=frozenset(change.becomes),
        weekly_pence=change.weekly_pence,
    )


def _localities(session: Session) -> dict[str, str]:
    """Return the slug of the locality of each unit that lies in one, by the engine's name of the unit."""
    known = stored_localities(session)
    wards = session.execute(select(Unit.id, Service.ward_code).join(Unit.service).order_by(Unit.id))
    return {unit_key(unit_id): area.slug for unit_id, ward in wards if (area := known.of(ward))}


def begin_scenario(session: Session, scenario_id: int, token: str, found: ToReplay) -> None:
    """Keep what reproduces a scenario, before it is replayed."""
    row = SCENARIOS.claimed(session, scenario_id, token)
    row.history_sha256 = history_fingerprint(found.history)
    row.versions = {"placement": __version__} | {name: version(name) for name in ("ortools", "numpy")}


def result_of(found: ToReplay, same: Sequence[CaseResult], changed: Sequence[CaseResult]) -> ScenarioResult:
    """Return what two replays of a history come to beside what happened, without a headline yet."""
    worlds = {WAS: as_it_was(found.history), SAME: same, CHANGED: changed}
    return ScenarioResult(
        worlds={name: asdict(totals(results)) for name, results in worlds.items()},
        shifts=[asdict(each) for each in shifts(same, changed)],
        made=[plain_values(each) for each in found.changes],
        headline="",
    )


def publish_scenario(session: Session, scenario_id: int, token: str, result: ScenarioResult, *, now: datetime) -> None:
    """Keep what a scenario came to. Raises OutOfStep if another worker has it by now."""
    row = SCENARIOS.claimed(session, scenario_id, token)
    row.result, row.finished_at = result, now
    move(session, row, "finish", by=SYSTEM, now=now)


def history_fingerprint(history: PastPeriod) -> str:
    """Return the SHA-256 of everything that a replay reads."""
    facts: Mapping[str, Any] = plain_values(history)
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return sha256(canonical.encode("utf-8")).hexdigest()
