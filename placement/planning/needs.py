"""The demand side of a snapshot: stored referrals as the engine sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.features import Strength
from placement.domain.kinds import KIND
from placement.domain.people import SYSTEM, age_on
from placement.domain.periods import Period
from placement.matching.problem.facts import Current, Need
from placement.planning.keys import service_key, unit_key
from placement.planning.living import Living
from placement.planning.proposals import newest_undecided
from placement.records.prices import price_limits
from placement.records.referrals import Referral
from placement.records.runs import Proposal


def needs_of(
    session: Session, referrals: Sequence[Referral], there: Living, unit_ids: set[int], day: date
) -> tuple[Need, ...]:
    """Return referrals as the engine sees them; what was proposed last counts where the unit is still in `unit_ids`."""
    references: defaultdict[int, set[str]] = defaultdict(set)
    for referral in referrals:
        references[referral.person_id].add(referral.reference or "")
    # A unit that has left the register since it was proposed is nothing to keep to.
    proposals = {ref: each for ref, each in _last_proposals(session).items() if each.unit_id in unit_ids}
    limits = price_limits(session)
    needs = (_need(referral, day, references, proposals.get(referral.id), there) for referral in referrals)
    return tuple(replace(need, hold_above=limits.get(need.kind)) for need in needs)


def need_when_asked(referral: Referral, day: date) -> Need:
    """Return a referral as it was on the day on which it was submitted, from which its window counts."""
    return _need(referral, day, {}, None, Living(of_person={}, of_unit={}, apart={}))


def latest_start(referral: Referral, day: date) -> date:
    """Return the last start. A window that has passed stays open a little: the person still needs the place."""
    overdue = _earliest(referral, day) if day <= (referral.latest_on or day) else day + timedelta(days=1)
    return max(referral.latest_on or day, overdue)


def _need(
    referral: Referral, day: date, references: Mapping[int, set[str]], proposal: Proposal | None, there: Living
) -> Need:
    kind, person = KIND[referral.kind], referral.person
    earliest, latest = _earliest(referral, day), latest_start(referral, day)
    possible = Period(earliest, Period.lasting(latest, referral.nights).end)
    others = {other.id for other in referral.apart} | there.apart.get(person.id, frozenset())
    # A move is to somewhere else, and never to where somebody lives whom the person must be kept apart from.
    avoided = {service.id for service in referral.avoided} | there.homes(others | {person.id}, possible)
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


def _current(proposal: Proposal | None, day: date, earliest: date, latest: date) -> Current | None:
    if proposal is None or not earliest <= proposal.start_on <= latest:
        return None
    return Current(unit=unit_key(proposal.unit_id), start=(proposal.start_on - day).days)


def _last_proposals(session: Session) -> dict[int, Proposal]:
    """What was proposed last is worth keeping if nothing better came up."""
    return {proposal.referral_id: proposal for proposal in session.scalars(newest_undecided(SYSTEM))}
