"""Records → facts: everything that a snapshot asks of the database, and the only place where it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from types import MappingProxyType

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.windows import stays_left, to_plan
from placement.domain.features import Strength
from placement.domain.people import SYSTEM
from placement.domain.series import MOST, StayWindow
from placement.domain.services import types_ruled_out, types_wanted
from placement.domain.states import THERE, YESES, OfferState, PlacementState, Status
from placement.planning.facts import LastProposal, StoredPrices, StoredReferral, StoredUnit, World
from placement.planning.kept_out import kept_out
from placement.planning.living import living_of
from placement.planning.proposals import newest_undecided
from placement.planning.residents import held_stays, live_stays
from placement.records.availability import Availability, availability, last_change, newest_reports
from placement.records.company import kept_apart
from placement.records.doubted import doubted
from placement.records.offers import Offer
from placement.records.outcomes import ProposalStay
from placement.records.placements import Placement
from placement.records.prices import newest_prices, price_limits
from placement.records.providers import Unit, registered_on
from placement.records.referrals import Decline, Referral
from placement.records.standings import standings_on

# These say nothing about how readily a unit says yes.
NOT_THE_UNITS_NO = ("person_declined", "family_declined")
ANSWERED_YES = (PlacementState.CONFIRMED, *THERE, PlacementState.ENDED)
YES_NOT_CHOSEN = (*YESES, OfferState.NOT_SELECTED)
NONE: Mapping[int, Collection[int]] = MappingProxyType({})
NO_STAYS: Mapping[int, Sequence[StayWindow]] = MappingProxyType({})


def world(
    session: Session,
    referrals: Sequence[Referral],
    day: date,
    unit_ids: Collection[int] | None = None,
    *,
    without: Collection[int] = (),
) -> World:
    """Read some referrals, and the units that are in the register on a day: all of them, or only some.

    `without` are ids of stays that are looked past, as if they were not there.
    """
    rows = session.scalars(_registered_units(day, unit_ids)).unique().all()
    asked = [referral.id for referral in referrals]
    free = availability(session, unit_ids, day=day, without=without, held_for=asked)
    stays = planned_stays(session, referrals, day)
    used = sorted({cap.id for unit in rows for cap in unit.shared_caps})
    return World(
        day=day,
        units=_units(session, rows, free, day, unit_ids),
        left={cap: free.left[cap] for cap in used},
        last_change=free.last_change() if unit_ids is None else last_change(session),
        referrals=stored_referrals(referrals, kept_out(session, referrals), stays),
        living=living_of(chain(live_stays(session, day, without), held_stays(session, asked)), kept_apart(session)),
        proposals=_proposals(session, stays),
        limits=price_limits(session),
        prices=_prices(session, day),
    )


def stored_referrals(
    referrals: Iterable[Referral],
    kept_out: Mapping[int, Collection[int]] = NONE,
    stays: Mapping[int, Sequence[StayWindow]] = NO_STAYS,
) -> tuple[StoredReferral, ...]:
    """Return referrals as they are stored, in the order given, by the referral's id: `kept_out` units, `stays` planned.

    The stays of one that asks for no series are those that it says.
    """
    return tuple(_referral(each, frozenset(kept_out.get(each.id, ())), stays.get(each.id, ())) for each in referrals)


def planned_stays(session: Session, referrals: Collection[Referral], day: date) -> dict[int, tuple[StayWindow, ...]]:
    """Return the stays of each series that a place is looked for on a day, by the referral's id."""
    return {number: to_plan(left, day) for number, left in stays_left(session, referrals).items()}


def _proposals(session: Session, series: Collection[int]) -> dict[int, LastProposal]:
    """Return what was proposed last by referral; of those that are series, stay by stay."""
    found = session.scalars(newest_undecided(SYSTEM)).all()
    numbers = [each.id for each in found if each.referral_id in series]
    rows = select(ProposalStay).where(ProposalStay.proposal_id.in_(numbers)).order_by(ProposalStay.number)
    stays: defaultdict[int, list[LastProposal]] = defaultdict(list)
    for stay in session.scalars(rows) if numbers else ():
        if stay.unit_id is not None and stay.start_on is not None:
            stays[stay.proposal_id].append(LastProposal(unit=stay.unit_id, start_on=stay.start_on))
    return {
        each.referral_id: LastProposal(unit=each.unit_id, start_on=each.start_on, stays=tuple(stays[each.id]))
        for each in found
    }


def _registered_units(day: date, unit_ids: Collection[int] | None) -> Select[Unit]:
    deep = (selectinload(Unit.service), selectinload(Unit.features), selectinload(Unit.shared_caps))
    in_use = Unit.retired_at.is_(None)
    rows = select(Unit).join(Unit.service).where(registered_on(day), in_use).options(*deep).order_by(Unit.id)
    return rows if unit_ids is None else rows.where(Unit.id.in_(unit_ids))


def _units(
    session: Session, rows: Sequence[Unit], free: Availability, day: date, unit_ids: Collection[int] | None
) -> tuple[StoredUnit, ...]:
    reports, standings = newest_reports(session, unit_ids), standings_on(session, day)
    yes, no, in_doubt = _said_yes(session), _said_no(session), doubted(session, reports, unit_ids)
    return tuple(
        StoredUnit(
            id=unit.id,
            service=unit.service_id,
            provider=unit.service.provider_id,
            authority=unit.service.authority,
            lat=unit.service.lat,
            lon=unit.service.lon,
            leaves_on=unit.service.deregistered_on,
            quality=unit.service.quality,
            status=standings[unit.service.provider_id].status if unit.service.provider_id in standings else Status.NONE,
            kinds=frozenset(unit.kinds.split()),
            min_age=unit.min_age,
            max_age=unit.max_age,
            gender=unit.gender,
            gender_now=unit.gender_now,
            service_type=unit.service.service_type,
            features=unit.offers,
            asks_first=unit.asks_first,
            weekly_pence=unit.weekly_pence,
            support_pence=unit.support_prices,
            reply_hours=unit.reply_hours,
            emergencies_until=unit.emergencies_until,
            crisis_places=unit.crisis_places,
            caps=frozenset(cap.id for cap in unit.shared_caps),
            places=unit.capacity,
            free=free.free.get(unit.id),
            reported_at=reports[unit.id].reported_at if unit.id in reports else None,
            is_doubted=unit.id in in_doubt,
            yes=yes.get(unit.id, 0),
            no=no.get(unit.id, 0),
        )
        for unit in rows
    )


def _said_yes(session: Session) -> dict[int, int]:
    """A yes is a place that was confirmed, or an answer to a request that brokerage has not chosen."""
    rows = select(Placement.unit_id, func.count()).where(Placement.state.in_(ANSWERED_YES))
    placed = _counts(session, rows.group_by(Placement.unit_id))
    answers = select(Offer.unit_id, func.count()).where(Offer.state.in_(YES_NOT_CHOSEN), Offer.answered_at.is_not(None))
    offered = _counts(session, answers.group_by(Offer.unit_id))
    return {unit: placed.get(unit, 0) + offered.get(unit, 0) for unit in placed.keys() | offered.keys()}


def _said_no(session: Session) -> dict[int, int]:
    rows = select(Decline.unit_id, func.count()).where(Decline.reason.not_in(NOT_THE_UNITS_NO))
    return _counts(session, rows.group_by(Decline.unit_id))


def _counts(session: Session, rows: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(rows)}


def _referral(referral: Referral, kept_out: frozenset[int], stays: Sequence[StayWindow]) -> StoredReferral:
    person, first = referral.person, stays[0] if stays else referral
    return StoredReferral(
        id=referral.id,
        reference=referral.reference or "",
        person=person.id,
        born_on=person.born_on,
        gender=person.gender.value if person.gender else None,
        kind=referral.kind,
        submitted_at=referral.submitted_at,
        essential=frozenset(referral.slugs(Strength.ESSENTIAL)),
        desirable=frozenset(referral.slugs(Strength.DESIRABLE)),
        unknown=frozenset(referral.slugs(Strength.UNKNOWN)),
        earliest_on=first.earliest_on,
        latest_on=first.latest_on,
        nights=first.nights,
        near_lat=referral.near_lat,
        near_lon=referral.near_lon,
        max_miles=referral.max_miles,
        budget_weekly_pence=referral.budget_weekly_pence,
        wants_out_of_city=referral.wants_out_of_city,
        types_wanted=types_wanted(referral.type_wishes),
        types_ruled_out=types_ruled_out(referral.type_wishes),
        avoided=frozenset(service.id for service in referral.avoided),
        apart=frozenset(other.id for other in referral.apart),
        alone=referral.lives_alone,
        declined=kept_out,
        take=referral.series.take if referral.is_recurring and referral.series else MOST,
        further=tuple(stays[1:]),
    )


def _prices(session: Session, day: date) -> StoredPrices | None:
    found = newest_prices(session, day)
    if found is None:
        return None
    spans = [(unit, start, end, points) for unit, start, end, points in found.prices]
    return StoredPrices(first_night=found.first_night, spans=spans)
