"""Which rows an actor may see. Every question that answers a page begins with one of these.

A provider sees its own services and the placements in them, and who is limited to some of them no others; what it may
read of a referral is a matter for `brokerage.anonymised`. What is not visible is answered exactly like what does not
exist.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.orm import Session

from placement.domain.errors import NotFound
from placement.domain.people import Actor, Role
from placement.records.choices import OptionsSheet
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal
from placement.records.scenarios import Scenario
from placement.records.users import MemberService

T = TypeVar("T")
COUNCIL = frozenset({Role.BROKER, Role.COMMISSIONER, Role.ADMIN})


def _of_theirs(actor: Actor) -> ColumnElement[bool]:
    """Say that a service is one that somebody who works for a provider looks after."""
    theirs = Service.provider_id == actor.provider_id
    if not actor.is_limited:
        return theirs
    some = select(MemberService.service_id).where(MemberService.user_id == actor.user_id)
    return and_(theirs, Service.id.in_(some))


def visible_services(actor: Actor) -> Select[Service]:
    """Return the services that an actor may see, not yet ordered."""
    services = select(Service)
    return services if actor.role in COUNCIL else services.where(_of_theirs(actor))


def visible_units(actor: Actor) -> Select[Unit]:
    """Return the units that an actor may see, not yet ordered."""
    units = select(Unit).join(Unit.service)
    return units if actor.role in COUNCIL else units.where(_of_theirs(actor))


def visible_referrals(actor: Actor) -> Select[Referral]:
    """Return the referrals that an actor may open: brokers and the product itself only."""
    referrals = select(Referral)
    return referrals if actor.role in (Role.BROKER, Role.ADMIN) else referrals.where(false())


def visible_placements(actor: Actor) -> Select[Placement]:
    """Return the placements that an actor may see, not yet ordered."""
    placements = select(Placement)
    if actor.role in COUNCIL:
        return placements
    return placements.join(Placement.unit).join(Unit.service).where(_of_theirs(actor))


def visible_offers(actor: Actor) -> Select[Offer]:
    """Return the requests to providers that an actor may see: a provider those that were sent to its services."""
    offers = select(Offer)
    if actor.role in (Role.BROKER, Role.ADMIN):
        return offers
    mine = offers.join(Offer.unit).join(Unit.service).where(_of_theirs(actor))
    return mine.where(Offer.sent_at.is_not(None)) if actor.role is Role.PROVIDER else offers.where(false())


def visible_sheets(actor: Actor) -> Select[OptionsSheet]:
    """Return the options sheets that an actor may open: brokers and the product itself only."""
    sheets = select(OptionsSheet)
    return sheets if actor.role in (Role.BROKER, Role.ADMIN) else sheets.where(false())


def visible_runs(actor: Actor) -> Select[MatchRun]:
    """Return the match runs that an actor may see: brokers and the product itself only."""
    runs = select(MatchRun)
    return runs if actor.role is Role.BROKER or actor.is_system else runs.where(false())


def visible_scenarios(actor: Actor) -> Select[Scenario]:
    """Return the scenarios that an actor may see: those of the council, for its commissioners and the product."""
    scenarios = select(Scenario)
    return scenarios if actor.role is Role.COMMISSIONER or actor.is_system else scenarios.where(false())


def visible_proposals(actor: Actor) -> Select[Proposal]:
    """Return the proposals of the match runs that an actor may see, not yet ordered."""
    return select(Proposal).where(Proposal.run_id.in_(visible_runs(actor).with_only_columns(MatchRun.id)))


def one(session: Session, rows: Select[T], words: str) -> T:
    """Return the only row, or raise NotFound in the same words for what is foreign and what is missing."""
    row = session.scalars(rows).unique().one_or_none()
    if row is None:
        raise NotFound(f"There is no such {words}.")
    return row
