"""The demand side of a snapshot: stored referrals as the engine sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from placement.domain.clocks import today
from placement.domain.kinds import KIND
from placement.domain.likeness import support_level
from placement.domain.people import age_on
from placement.domain.periods import Period
from placement.matching.problem.facts import Current, FurtherStay, Need, Series, ServiceNights
from placement.planning.asked_first import points_for_asking
from placement.planning.facts import LastProposal, StoredReferral, World
from placement.planning.keys import service_key, unit_key
from placement.planning.living import NOBODY, LiveStay, Living


def needs_of(world: World, horizon: int) -> tuple[Need, ...]:
    """Return referrals as the engine sees them; what was proposed last counts where the unit is still there."""
    references: defaultdict[int, set[str]] = defaultdict(set)
    for referral in world.referrals:
        references[referral.person].add(referral.reference)
    # A unit that has left the register since it was proposed is nothing to keep to.
    there = {unit.id for unit in world.units}
    last = {
        referral: replace(each, stays=tuple(stay for stay in each.stays if stay.unit in there))
        for referral, each in world.proposals.items()
        if each.unit in there
    }
    needs = (_need(each, world.day, references, last.get(each.id), world.living, horizon) for each in world.referrals)
    extra = (points_for_asking(each, world.units) for each in world.referrals)
    return tuple(
        replace(need, hold_above=world.limits.get(need.kind), extra_points=points)
        for need, points in zip(needs, extra, strict=True)
    )


def need_when_asked(referral: StoredReferral, day: date) -> Need:
    """Return a referral as it was on the day on which it was submitted, from which its window counts."""
    return _need(referral, day, {}, None, NOBODY, 0)


def latest_start(referral: StoredReferral, day: date) -> date:
    """Return the last start. A window that has passed stays open a little: the person still needs the place."""
    overdue = earliest_start(referral, day) if day <= (referral.latest_on or day) else day + timedelta(days=1)
    return max(referral.latest_on or day, overdue)


def _need(
    referral: StoredReferral,
    day: date,
    references: Mapping[int, set[str]],
    proposal: LastProposal | None,
    there: Living,
    horizon: int,
) -> Need:
    kind, person = KIND[referral.kind], referral.person
    earliest, latest = earliest_start(referral, day), latest_start(referral, day)
    possible = Period(earliest, _over(referral, latest))
    others = referral.apart | there.apart.get(person, frozenset())
    own, theirs = list(there.stays_of({person}, possible)), there.stays_of(others - {person}, possible)
    return Need(
        id=referral.reference,
        kind=kind.slug,
        weight=kind.weight,
        waited_days=max(0, (day - today(referral.submitted_at)).days) if referral.submitted_at else 0,
        age=age_on(referral.born_on, earliest),  # a birthday within the window counts once the nights are chosen
        gender=referral.gender,
        essential=referral.essential,
        desirable=referral.desirable | referral.types_wanted,
        unknown=referral.unknown,
        earliest=(earliest - day).days,
        latest=(latest - day).days,
        nights=referral.nights,
        lat=referral.near_lat,
        lon=referral.near_lon,
        max_miles=referral.max_miles,
        budget_weekly_pence=referral.budget_weekly_pence,
        reply_within_hours=kind.reply_hours,
        wants_out_of_city=referral.wants_out_of_city,
        avoid_services=frozenset(map(service_key, referral.avoided)),
        ruled_out=referral.types_ruled_out,
        declined_units=frozenset(map(unit_key, referral.declined)),
        apart=frozenset().union(*(references.get(other, set()) for other in others - {person})),
        home_nights=_service_nights(own, day, horizon),
        apart_nights=_service_nights(theirs, day, horizon),
        alone=referral.alone,
        support=support_level((referral.essential | referral.desirable) - referral.unknown),
        booked_on=tuple(sorted({(stay.nights.start - day).days for stay in own if stay.nights.start > earliest})),
        current=_current(proposal, day, earliest, latest),
        series=_series(referral, proposal, day),
    )


def _over(referral: StoredReferral, latest: date) -> date | None:
    """Return the day by which the last of the stays is over."""
    last = referral.further[-1] if referral.further else None
    return Period.lasting(last.latest_on, last.nights).end if last else Period.lasting(latest, referral.nights).end


def _series(referral: StoredReferral, proposal: LastProposal | None, day: date) -> Series | None:
    if not referral.further:
        return None
    stays = (
        FurtherStay(
            earliest=(max(day, stay.earliest_on) - day).days,
            latest=(stay.latest_on - day).days,
            nights=stay.nights,
            current=_current(proposal, day, max(day, stay.earliest_on), stay.latest_on),
        )
        for stay in referral.further
    )
    return Series(take=referral.take, stays=tuple(stays))


def _service_nights(stays: Iterable[LiveStay], day: date, horizon: int) -> tuple[ServiceNights, ...]:
    found = {
        ServiceNights(service_key(stay.service), *nights)
        for stay in stays
        if (nights := stay.nights.counted_from(day, horizon))
    }
    return tuple(sorted(found))


def earliest_start(referral: StoredReferral, day: date) -> date:
    """Return the first start: never a day that has passed."""
    return max(day, referral.earliest_on or day)


def _current(proposal: LastProposal | None, day: date, earliest: date, latest: date) -> Current | None:
    for each in (proposal.stays or (proposal,)) if proposal else ():
        if earliest <= each.start_on <= latest:
            return Current(unit=unit_key(each.unit), start=(each.start_on - day).days)
    return None
