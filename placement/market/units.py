"""What a unit offers and whom it takes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.features import FEATURE, Evidence
from placement.domain.kinds import KIND, RECURRING
from placement.domain.limits import MOST_PLACES
from placement.domain.people import UNIT_GENDERS, Actor
from placement.domain.text import plain
from placement.records.events import changes, record
from placement.records.providers import Service, Unit, UnitFeature

_TOLD = frozenset({
    "kinds", "min_age", "max_age", "gender", "gender_now", "weekly_pence", "reply_hours", "emergencies_until",
    "crisis_places",
})  # fmt: skip
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRules:
    """Whom a unit takes, at what price, and how soon it answers. Empty `kinds` stands for every kind.

    `crisis_places` is how many people in a crisis it takes at a time, None standing for any number.
    """

    kinds: Collection[str] = ()
    min_age: int = 18
    max_age: int = 120
    gender: str = "any"
    gender_now: str | None = None
    weekly_pence: int | None = None
    reply_hours: int = 48
    emergencies_until: str | None = None
    crisis_places: int | None = None


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
    if not 0 <= capacity <= MOST_PLACES:
        raise Invalid(f"Enter between 0 and {MOST_PLACES} places.", field="capacity")
    name = plain(name)
    _require_name(session, service.id, name)
    unit = Unit(service=service, name=name, capacity=capacity)
    session.add(unit)
    edit_unit(session, unit, rules=rules, offers=offers, by=by, now=now, event="unit_added")
    return unit


def lock_unit(session: Session, unit: Unit) -> None:
    """Lock a unit and look at it again: somebody may have changed it a moment ago."""
    session.refresh(unit, with_for_update=True)


def edit_unit(
    session: Session,
    unit: Unit,
    *,
    rules: AcceptRules,
    offers: Collection[str],
    by: Actor,
    now: datetime,
    event: str = "unit_edited",
    name: str | None = None,
) -> None:
    """Store what a unit offers and whom it takes. Evidence that somebody else gave for an offer is kept."""
    _require_sound(rules, offers)
    name = None if name is None else plain(name)
    if name is not None and name != unit.name:
        _require_name(session, unit.service_id, name)
        unit.name = name
    unit.kinds = " ".join(sorted(rules.kinds))
    unit.min_age, unit.max_age, unit.gender = rules.min_age, rules.max_age, rules.gender
    unit.gender_now = rules.gender_now if rules.gender == "same" else None
    unit.weekly_pence, unit.reply_hours = rules.weekly_pence, rules.reply_hours
    unit.emergencies_until, unit.crisis_places = rules.emergencies_until or None, rules.crisis_places
    changed = changes(unit, told=_TOLD)
    before = sorted(feature.slug for feature in unit.features)
    kept = {feature.slug: feature for feature in unit.features if feature.slug in offers}
    unit.features = [
        kept.get(slug) or UnitFeature(slug=slug, evidence=Evidence.DECLARED, evidence_on=today(now))
        for slug in sorted(set(offers))
    ]
    # A change of offers alone changes no column of the unit: its version must move all the same.
    flag_modified(unit, "name")
    if event == "unit_added":
        record(session, event, unit, by=by, now=now, offers=sorted(offers), capacity=unit.capacity)
    else:
        record(session, event, unit, by=by, now=now, offers=sorted(offers), before=before, changes=changed)


def _require_name(session: Session, service_id: int, name: str) -> None:
    if not name:
        raise Invalid("Enter a name for the unit.", field="name")
    session.execute(select(Service.id).where(Service.id == service_id).with_for_update())  # two may add it at once
    if session.scalar(select(Unit.id).where(Unit.service_id == service_id, Unit.name == name)):
        raise Invalid("Enter another name: this service already has a unit of that name.", field="name")


def _require_sound(rules: AcceptRules, offers: Collection[str]) -> None:
    if unknown := set(offers) - set(FEATURE):
        raise Invalid(f"These are not in the list of features: {', '.join(sorted(unknown))}.", field="offers")
    if set(rules.kinds) - set(KIND):
        raise Invalid("Choose from the kinds of referral in the list.", field="kinds")
    if rules.crisis_places is not None:
        _require_kept(rules, rules.crisis_places)
    if rules.gender not in UNIT_GENDERS:
        raise Invalid("Choose whom the unit takes.", field="gender")
    if not 0 <= rules.min_age <= rules.max_age <= 150:
        raise Invalid("Enter a youngest age that is not above the oldest.", field="max_age")
    if rules.weekly_pence is not None and rules.weekly_pence <= 0:
        raise Invalid("Enter a weekly price above £0, or leave it empty.", field="weekly")
    if rules.gender_now not in (None, "women", "men"):
        raise Invalid("Choose who lives there now.", field="gender_now")
    if rules.emergencies_until and not _HOUR.fullmatch(rules.emergencies_until):
        raise Invalid("Enter a time such as 20:00, or leave it empty.", field="emergencies_until")
    if not 0 <= rules.reply_hours <= 24 * 30:
        raise Invalid("Enter between 0 and 720 hours.", field="reply_hours")


def _require_kept(rules: AcceptRules, crisis_places: int) -> None:
    """Raise Invalid unless a unit may keep places for planned breaks: one that takes none has nothing to keep."""
    if not 0 <= crisis_places <= MOST_PLACES:
        raise Invalid(f"Enter a number from 0 to {MOST_PLACES:,}, or leave it empty.", field="crisis_places")
    if rules.kinds and not RECURRING & set(rules.kinds):
        raise Invalid("Leave this empty: the unit takes no respite to keep places for.", field="crisis_places")
