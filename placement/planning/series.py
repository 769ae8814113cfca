"""Series where the two sides meet: which stays each service could take, and accepting a series stay by stay.

A list of services for one stay would say too much of a series: here every unit is told with the stays that it can take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.overriding import overridden, override_of
from placement.brokerage.reservations import Decision, require_searching
from placement.brokerage.series import ChosenStay, reserve_series
from placement.brokerage.windows import stays_left
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.series import StayWindow
from placement.domain.states import UNDECIDED
from placement.matching.judging.objectives import standing
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import starts_of
from placement.matching.problem.facts import Need, UnitFacts
from placement.matching.problem.series import stays_of
from placement.planning.eligibility import said_against
from placement.planning.keys import unit_id_of, unit_key
from placement.planning.proposals import decide_proposal
from placement.planning.reading import planned_stays, world
from placement.planning.shortlists import FOR_RESERVE
from placement.planning.snapshot import instance_of
from placement.planning.translating import instance_from
from placement.records.councils import council_of
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.runs import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class StayThere:
    """One stay of a series in one unit: the night on which it would best begin, or why it cannot be there."""

    window: StayWindow
    start_on: date | None
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOption:
    """A unit that can take at least one stay of a series, with what it says to each of them."""

    unit: Unit
    is_in_city: bool
    miles: float | None
    stays: tuple[StayThere, ...]

    @property
    def taken(self) -> tuple[StayThere, ...]:
        """The stays that it can take."""
        return tuple(stay for stay in self.stays if stay.start_on is not None)


def series_options(session: Session, referral: Referral, *, now: datetime) -> tuple[SeriesOption, ...]:
    """Return the units that can take stays of a series: in the city first, then those that take most, then best."""
    day, windows = today(now), planned_stays(session, [referral], today(now)).get(referral.id, ())
    if not windows:
        return ()
    setting = Setting(stays_of(instance_of(session, [referral], now=now)).instance)
    needs = sorted(setting.instance.needs, key=lambda need: need.earliest)
    found = [_at(unit, needs, windows, setting, day) for unit in setting.instance.units]
    best = sorted((each for each in found if each[0][1]), key=lambda each: (each[0], each[1].id), reverse=True)
    units = _units(session, [unit_id_of(facts.id) for _, facts, _ in best])
    return tuple(
        SeriesOption(
            unit=units[unit_id_of(facts.id)],
            is_in_city=setting.in_city(facts),
            miles=setting.miles(needs[0], facts),
            stays=stays,
        )
        for _, facts, stays in best
    )


Worth = tuple[bool, int, tuple[int, ...]]


def _at(
    facts: UnitFacts, needs: Sequence[Need], windows: Sequence[StayWindow], setting: Setting, day: date
) -> tuple[Worth, UnitFacts, tuple[StayThere, ...]]:
    """Return what a unit is worth to a series, and its answer to each stay."""
    told, worth = [], []
    for need, window in zip(needs, windows, strict=True):
        if against := refusals(need, facts, setting):
            told.append(StayThere(window=window, start_on=None, short=against[0].short(need, facts, setting).words))
            continue
        start = max(starts_of(need, facts, setting), key=lambda night: standing(need, facts, night, setting))
        told.append(StayThere(window=window, start_on=day + timedelta(days=start)))
        worth.append(standing(need, facts, start, setting))
    total = tuple(map(sum, zip(*worth, strict=True)))
    return (setting.in_city(facts), len(worth), total), facts, tuple(told)


def chosen_in(option: SeriesOption) -> list[ChosenStay]:
    """Return the stays that a unit can take, as they would be reserved."""
    return [_chosen(stay.window, option.unit, stay.start_on) for stay in option.taken if stay.start_on is not None]


def chosen_of(proposal: Proposal) -> list[ChosenStay]:
    """Return the stays that a run proposes for a series, as they would be reserved."""
    return [
        ChosenStay(
            number=stay.number,
            unit=stay.unit,
            start_on=stay.start_on,
            end_on=stay.start_on + timedelta(days=stay.nights),
        )
        for stay in proposal.stays
        if stay.unit is not None and stay.start_on is not None
    ]


def _chosen(window: StayWindow, unit: Unit, start_on: date) -> ChosenStay:
    return ChosenStay(
        number=window.number, unit=unit, start_on=start_on, end_on=start_on + timedelta(days=window.nights)
    )


def left_without(session: Session, referral: Referral, stays: Sequence[ChosenStay]) -> tuple[StayWindow, ...]:
    """Return the stays of a series that have no place and are not among some that are about to be reserved."""
    numbers = {stay.number for stay in stays}
    return tuple(each for each in stays_left(session, [referral]).get(referral.id, ()) if each.number not in numbers)


def accept_series(
    session: Session,
    referral: Referral,
    stays: Sequence[ChosenStay],
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    proposal: Proposal | None = None,
) -> list[Placement]:
    """Reserve some stays of a series, all of them or none, and mark the proposal that they come from.

    Raises Invalid, naming the stay, where a rule refuses one, and what `reserve_series` raises. Only what the newest
    run proposed and nobody has decided may be accepted.
    """
    require_searching(session, referral, by=by)
    if proposal is not None:
        session.refresh(proposal, ["state"], with_for_update=True)
        if proposal.state not in UNDECIDED:
            raise OutOfStep("This proposal has been decided already.")
    _require_fit(session, referral, stays, now=now)
    taken = reserve_series(session, referral, stays, decision, by=by, now=now)
    if proposal is not None:
        decide_proposal(session, proposal, "accept", reason=decision.reason[:500], by=by, now=now)
    return taken


def _require_fit(session: Session, referral: Referral, stays: Sequence[ChosenStay], *, now: datetime) -> None:
    """Judge every stay by the rules as they stand; whether its place is still free, its reservation says."""
    read = world(session, [referral], today(now), sorted({stay.unit.id for stay in stays}))
    (asked,) = read.referrals
    for stay in stays:
        nights = Period(stay.start_on, stay.end_on)
        just = replace(asked, earliest_on=nights.start, latest_on=nights.start, nights=nights.nights, further=())
        setting = Setting(instance_from(replace(read, referrals=(just,)), council=council_of(session), now=now))
        if against := _against(session, referral, stay.unit, setting):
            when = f"{stay.start_on:%-d %B %Y}"
            raise Invalid(f"The stay from {when} cannot be at {stay.unit.service.name}: {'; '.join(against)}.")


def _against(session: Session, referral: Referral, unit: Unit, setting: Setting) -> list[str]:
    """Return what stands against a stay but what its reservation looks at, and what a manager has decided otherwise."""
    (need,) = setting.instance.needs
    facts = setting.units.get(unit_key(unit.id))
    if facts is None:
        return ["it is not in the register any more"]
    told = said_against(need, facts, setting)
    passed = {*FOR_RESERVE, *(overridden(override_of(session, referral, unit.id), told) if told else ())}
    return [words for slug, words in told.items() if slug not in passed]


def _units(session: Session, ids: Sequence[int]) -> Mapping[int, Unit]:
    rows = select(Unit).where(Unit.id.in_(ids)).options(selectinload(Unit.service).selectinload(Service.provider))
    return {unit.id: unit for unit in session.scalars(rows)}
