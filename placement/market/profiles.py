"""What a unit says of itself, as one value: as it is stored, and as it would be with what somebody has typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.claims import Claim, Said
from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.market.accepting import AcceptRules, require_possible, rules_of
from placement.market.claims import claims_as_said
from placement.market.units import edit_unit, said_by
from placement.records.providers import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidProfile:
    """A unit's name, whom it takes, and what it says of each need that it says anything of."""

    name: str
    rules: AcceptRules
    said: Mapping[str, Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenProfile:
    """A profile with who stands behind each claim: all that brokers read of it."""

    name: str
    rules: AcceptRules
    claims: tuple[Claim, ...]


def profile_of(unit: Unit) -> SaidProfile:
    """Return what a unit says."""
    return SaidProfile(name=unit.name, rules=rules_of(unit), said=said_by(unit))


def seen_profile(unit: Unit) -> SeenProfile:
    """Return what brokers read of a unit."""
    return SeenProfile(name=unit.name, rules=rules_of(unit), claims=unit.claims)


def seen_if_saved(session: Session, unit: Unit, profile: SaidProfile, *, now: datetime) -> SeenProfile:
    """Return what brokers would read if this were saved. Raises Invalid where it cannot be."""
    require_possible(profile.rules, profile.said)
    claims = claims_as_said(session, unit, profile.said, today(now))
    return SeenProfile(name=profile.name, rules=profile.rules, claims=tuple(claims.values()))


def save_profile(session: Session, unit: Unit, profile: SaidProfile, *, section: str, by: Actor, now: datetime) -> None:
    """Store what a unit says, with the section that somebody has looked at. Raises what `edit_unit` raises."""
    edit_unit(session, unit, rules=profile.rules, said=profile.said, name=profile.name, section=section, by=by, now=now)
