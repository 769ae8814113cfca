"""Records ↔ engine, the only translator: what a run would solve now, and what its answer means in records.

Night 0 is today in London. The horizon is at least 90 nights and reaches past the last known change, so that an
open-ended stay that fits the instance also fits the records for ever. Where that is further than the engine looks, the
last night stands for all nights after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from placement.domain.clocks import today
from placement.domain.features import SCARCE, Strength, with_covered
from placement.domain.kinds import KIND
from placement.domain.people import age_on
from placement.domain.states import OPEN, PlacementState, ProposalState, RunState, Status
from placement.geography.authorities import CITY
from placement.matching.instance import Current, Instance, Need, SharedCap, Span, Unit
from placement.matching.soundness import MOST_NIGHTS
from placement.planning.hours import hours_since, reply_hours
from placement.planning.living import Living, living
from placement.planning.prices import prices_on
from placement.records import providers
from placement.records.availability import Availability, Steps, availability, newest_reports
from placement.records.placements import Placement
from placement.records.prices import holdings
from placement.records.referrals import Decline, Referral
from placement.records.runs import MatchRun, Proposal
from placement.records.standings import standings_on

LEAST_NIGHTS = 90
# A year without a confirmed report reads like any older one; the engine's formula stops counting far below it.
NEVER_REPORTED_HOURS = 24 * 365
# These say nothing about how readily a unit says yes.
NOT_THE_UNITS_NO = ("person_declined", "family_declined")


def unit_key(unit_id: int) -> str:
    """Return the engine's name of a stored unit."""
    return f"U{unit_id}"


def unit_id_of(key: str) -> int:
    """Return the stored unit behind an engine's name."""
    return int(key.removeprefix("U"))


def service_key(service_id: int) -> str:
    """Return the engine's name of a stored service."""
    return f"S{service_id}"


def open_instance(session: Session, *, now: datetime) -> Instance:
    """Return the problem of all open referrals and all listed units."""
    rows = select(Referral).where(Referral.state.in_(OPEN)).options(*REFERRAL).order_by(Referral.id)
    return instance_of(session, session.scalars(rows).all(), now=now)


def instance_of(session: Session, referrals: Sequence[Referral], *, now: datetime) -> Instance:
    """Return the problem of some referrals and all listed units, as the records stand."""
    day = today(now)
    units = session.scalars(_listed_units(day)).unique().all()
    free = availability(session)
    horizon, there = _horizon(referrals, free, day), living(session, day)
    return Instance(
        first_night=day,
        nights=horizon,
        city=CITY,
        scarce=frozenset(SCARCE),
        units=_units(session, units, free, there, horizon, now),
        shared_caps=_caps(units, free, day, horizon),
        needs=_needs(session, referrals, there, {unit.id for unit in units}, day),
        prices=prices_on(session, {unit_key(unit.id) for unit in units}, day, horizon),
    )


def need_when_asked(referral: Referral, day: date) -> Need:
    """Return a referral as it was on the day on which it was submitted, from which its window counts."""
    return _need(referral, day, {}, None, Living(of_person={}, of_unit={}, apart={}))


REFERRAL = (
    selectinload(Referral.person),
    selectinload(Referral.needs),
    selectinload(Referral.avoided),
    selectinload(Referral.apart),
    selectinload(Referral.declines),
)


def _listed_units(day: date) -> Select[providers.Unit]:
    service = providers.Service
    return (
        select(providers.Unit)
        .join(providers.Unit.service)
        .where(service.is_listed, (service.deregistered_on.is_(None)) | (service.deregistered_on > day))
        .options(
            selectinload(providers.Unit.service),
            selectinload(providers.Unit.offers),
            selectinload(providers.Unit.shared_caps),
        )
        .order_by(providers.Unit.id)
    )


def _horizon(referrals: Sequence[Referral], free: Availability, day: date) -> int:
    ends = [(_latest(referral, day) + timedelta(days=(referral.nights or 1) + 1)) for referral in referrals]
    last = max([day, *ends, free.last_change() + timedelta(days=1)])
    return min(MOST_NIGHTS, max(LEAST_NIGHTS, (last - day).days))


def _units(
    session: Session,
    units: Sequence[providers.Unit],
    free: Availability,
    there: Living,
    horizon: int,
    now: datetime,
) -> tuple[Unit, ...]:
    day = today(now)
    reports, standings = newest_reports(session), standings_on(session, day)
    chances = _acceptance(session)
    return tuple(
        Unit(
            id=unit_key(unit.id),
            service=service_key(unit.service_id),
            provider=f"P{unit.service.provider_id}",
            authority=unit.service.authority,
            lat=unit.service.lat,
            lon=unit.service.lon,
            free=_open_spans(unit, free.free.get(unit.id), there, day, horizon),
            kinds=frozenset(unit.kinds.split()) or None,
            min_age=unit.min_age,
            max_age=unit.max_age,
            gender=_gender(unit, there.genders(unit.id)),
            offers=with_covered(offer.slug for offer in unit.offers),
            weekly_pence=unit.weekly_pence,
            quality=unit.service.quality,
            reply_hours=reply_hours(unit, now),
            status=(
                standings[unit.service.provider_id].status if unit.service.provider_id in standings else Status.NONE
            ).value,
            acceptance=chances.get(unit.id),
            age_hours=hours_since(reports[unit.id].reported_at, now) if unit.id in reports else NEVER_REPORTED_HOURS,
            shared=frozenset(f"C{cap.id}" for cap in unit.shared_caps),
        )
        for unit in units
    )


def _open_spans(unit: providers.Unit, steps: Steps | None, there: Living, day: date, horizon: int) -> tuple[Span, ...]:
    """The free places, up to the night on which the service leaves the register."""
    if steps is None or (unit.gender == "same" and there.genders(unit.id) - set(UNIT_GENDER)):
        # Nobody is known to be of the gender of somebody whose own is not recorded, and no unit is for another one.
        return ()
    leaves_on = unit.service.deregistered_on
    return _spans(steps, day, horizon, min(horizon, (leaves_on - day).days) if leaves_on else horizon)


def _spans(steps: Steps, day: date, horizon: int, until: int) -> tuple[Span, ...]:
    end, last = day + timedelta(days=until), day + timedelta(days=horizon - 1)
    ahead = {last} if steps.dates[-1] > last else set()
    cuts = sorted({day, end, *(cut for cut in {*steps.dates, *ahead} if day < cut < end)})
    spans = (
        Span((start - day).days, (stop - day).days, steps.least(start, None) if start == last else steps.on(start))
        for start, stop in pairwise(cuts)
    )
    return tuple(span for span in spans if span.places)


def _caps(units: Sequence[providers.Unit], free: Availability, day: date, horizon: int) -> tuple[SharedCap, ...]:
    """A cap of the engine is one number for all nights: the least that is left, so that it never promises too much."""
    used = sorted({cap.id for unit in units for cap in unit.shared_caps})
    end = day + timedelta(days=horizon)
    return tuple(SharedCap(id=f"C{cap}", places=free.left[cap].least(day, end)) for cap in used)


def _needs(
    session: Session, referrals: Sequence[Referral], there: Living, unit_ids: set[int], day: date
) -> tuple[Need, ...]:
    references: defaultdict[int, set[str]] = defaultdict(set)
    for referral in referrals:
        references[referral.person_id].add(referral.reference or "")
    # A unit that has left the register since it was proposed is nothing to keep to.
    proposals = {ref: each for ref, each in _last_proposals(session).items() if each.unit_id in unit_ids}
    limits = holdings(session)
    needs = (_need(referral, day, references, proposals.get(referral.id), there) for referral in referrals)
    return tuple(replace(need, hold_above=limits.get(need.kind)) for need in needs)


def _need(
    referral: Referral, day: date, references: Mapping[int, set[str]], proposal: Proposal | None, there: Living
) -> Need:
    kind, person = KIND[referral.kind], referral.person
    earliest, latest = _earliest(referral, day), _latest(referral, day)
    end = latest + timedelta(days=referral.nights) if referral.nights else None
    others = {other.id for other in referral.apart} | there.apart.get(person.id, frozenset())
    # A move is to somewhere else, and never to where somebody lives whom the person must be kept apart from.
    avoided = {service.id for service in referral.avoided} | there.homes(others | {person.id}, earliest, end)
    return Need(
        id=referral.reference or "",
        kind=kind.slug,
        weight=kind.weight,
        waited_days=max(0, (day - today(referral.submitted_at)).days) if referral.submitted_at else 0,
        age=age_on(person.born_on, day),
        gender=person.gender.value if person.gender else None,
        essential=frozenset(referral.slugs(Strength.ESSENTIAL)),
        desirable=frozenset(referral.slugs(Strength.DESIRABLE)),
        unknown=frozenset(referral.slugs(Strength.UNKNOWN)),
        earliest=(earliest - day).days,
        latest=(latest - day).days,
        nights=referral.nights,
        lat=referral.near_lat,
        lon=referral.near_lon,
        max_miles=referral.max_miles,
        budget_weekly_pence=referral.budget_weekly_pence,
        reply_within_hours=kind.reply_hours,
        wants_out_of_city=referral.wants_out_of_city,
        avoid_services=frozenset(map(service_key, avoided)),
        declined_units=frozenset(unit_key(decline.unit_id) for decline in referral.declines),
        apart=frozenset().union(*(references.get(other, set()) for other in others - {person.id})),
        current=_current(proposal, day, earliest, latest),
    )


def _earliest(referral: Referral, day: date) -> date:
    return max(day, referral.earliest_on or day)


def _latest(referral: Referral, day: date) -> date:
    """A window that has passed stays open a little: the person still needs the place."""
    overdue = _earliest(referral, day) if day <= (referral.latest_on or day) else day + timedelta(days=1)
    return max(referral.latest_on or day, overdue)


def _current(proposal: Proposal | None, day: date, earliest: date, latest: date) -> Current | None:
    if proposal is None or not earliest <= proposal.start_on <= latest:
        return None
    return Current(unit=unit_key(proposal.unit_id), start=(proposal.start_on - day).days)


UNIT_GENDER = {"woman": "women", "man": "men"}


def _gender(unit: providers.Unit, living: set[str | None]) -> str:
    """A one-gender-at-a-time unit where somebody lives takes that person's gender only."""
    if unit.gender != "same":
        return unit.gender
    if unit.gender_now in ("women", "men"):
        return unit.gender_now
    return UNIT_GENDER.get(next(iter(living)) or "", "same") if len(living) == 1 else "same"


def _acceptance(session: Session) -> dict[int, float]:
    """Share of answers that were yes, with one of each added so that a single answer is no verdict."""
    no = select(Decline.unit_id, func.count()).where(Decline.reason.not_in(NOT_THE_UNITS_NO))
    said_no = _counts(session, no.group_by(Decline.unit_id))
    answered = (PlacementState.CONFIRMED, PlacementState.ACTIVE, PlacementState.ENDED)
    yes = select(Placement.unit_id, func.count()).where(Placement.state.in_(answered)).group_by(Placement.unit_id)
    said_yes = _counts(session, yes)
    return {
        unit: round((said_yes.get(unit, 0) + 1) / (said_yes.get(unit, 0) + said_no.get(unit, 0) + 2), 3)
        for unit in said_yes.keys() | said_no.keys()
    }


def _counts(session: Session, rows: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(rows)}


def _last_proposals(session: Session) -> dict[int, Proposal]:
    """What the newest finished run proposed and nobody has rejected: worth keeping if nothing better came up."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.state == RunState.FINISHED).scalar_subquery()
    kept = (ProposalState.PROPOSED, ProposalState.HELD)
    rows = select(Proposal).where(Proposal.run_id == newest, Proposal.state.in_(kept))
    return {proposal.referral_id: proposal for proposal in session.scalars(rows)}
