"""What a unit offers and whom it takes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.features import FEATURE, Evidence
from placement.domain.kinds import KIND
from placement.domain.people import UNIT_GENDERS, Actor
from placement.records.audit import record
from placement.records.providers import Offer, Service, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRules:
    """Whom a unit takes, at what price, and how soon it answers. Empty `kinds` stands for every kind."""

    kinds: Collection[str] = ()
    min_age: int = 18
    max_age: int = 120
    gender: str = "any"
    weekly_pence: int | None = None
    reply_hours: int = 48
    emergencies_until: str | None = None


def add_unit(
    session: Session,
    service: Service,
    *,
    name: str,
    capacity: int,
    rules: AcceptRules,
    offers: Collection[str],
    by: Actor,
    now: datetime,
) -> Unit:
    """Add a group of interchangeable places. Raises Invalid for rules, features or a name that cannot be."""
    taken = select(Unit.id).where(Unit.service_id == service.id, Unit.name == name)
    if session.scalar(taken):
        raise Invalid("This service already has a unit of that name.", field="name")
    unit = Unit(service=service, name=name, capacity=capacity)
    session.add(unit)
    edit_unit(session, unit, rules=rules, offers=offers, by=by, now=now, action="added a unit")
    return unit


def edit_unit(
    session: Session,
    unit: Unit,
    *,
    rules: AcceptRules,
    offers: Collection[str],
    by: Actor,
    now: datetime,
    action: str = "edited a unit",
) -> None:
    """Store what a unit offers and whom it takes. Evidence that somebody else gave for an offer is kept."""
    _require_sound(rules, offers)
    unit.kinds = " ".join(sorted(rules.kinds))
    unit.min_age, unit.max_age, unit.gender = rules.min_age, rules.max_age, rules.gender
    unit.weekly_pence, unit.reply_hours = rules.weekly_pence, rules.reply_hours
    unit.emergencies_until = rules.emergencies_until or None
    kept = {offer.slug: offer for offer in unit.offers if offer.slug in offers}
    unit.offers = [
        kept.get(slug) or Offer(slug=slug, evidence=Evidence.DECLARED, evidence_on=today(now))
        for slug in sorted(set(offers))
    ]
    record(session, action, unit, by=by, now=now, offers=sorted(offers))


def _require_sound(rules: AcceptRules, offers: Collection[str]) -> None:
    if unknown := set(offers) - set(FEATURE):
        raise Invalid(f"These are not in the list of features: {', '.join(sorted(unknown))}.", field="offers")
    if set(rules.kinds) - set(KIND):
        raise Invalid("Choose from the kinds of referral in the list.", field="kinds")
    if rules.gender not in UNIT_GENDERS:
        raise Invalid("Choose whom the unit takes.", field="gender")
    if not 0 <= rules.min_age <= rules.max_age <= 150:
        raise Invalid("Enter a youngest age that is not above the oldest.", field="max_age")
    if rules.weekly_pence is not None and rules.weekly_pence <= 0:
        raise Invalid("Enter a weekly price above £0, or leave it empty.", field="weekly")
    if not 0 <= rules.reply_hours <= 24 * 30:
        raise Invalid("Enter between 0 and 720 hours.", field="reply_hours")
