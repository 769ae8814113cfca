"""One person for each role, so that somebody who tries the product can sign in as any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.people import SYSTEM, Actor, Role
from placement.market.contacts import set_council_contact
from placement.records.accounts import add_user
from placement.records.teams import add_team, set_hand

PASSWORD = "coventry-demo"  # published on purpose: these accounts exist only where the demo was seeded
MANAGER = "manager@demo.example"
USERS = (
    ("broker@demo.example", "Demo broker", Role.BROKER),
    (MANAGER, "Demo manager", Role.BROKER),
    ("provider@demo.example", "Demo provider", Role.PROVIDER),
    ("commissioner@demo.example", "Demo commissioner", Role.COMMISSIONER),
    ("admin@demo.example", "Demo administrator", Role.ADMIN),
)


TEAMS = ("Community", "Hospital discharge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Those who act in the demo."""

    broker: Actor
    manager: Actor
    commissioner: Actor


def add_users(session: Session, provider_id: int, *, now: datetime) -> Staff:
    """Add an account for each role, a manager of brokerage, and whom providers call; one works at the demo provider."""
    teams = [add_team(session, name, by=SYSTEM, now=now) for name in TEAMS]
    actors = []
    for email, name, role in USERS:
        user = add_user(
            session, email=email, name=name, role=role, password=PASSWORD, by=SYSTEM, now=now,
            provider_id=provider_id if role is Role.PROVIDER else None, is_published=True,
        )  # fmt: skip
        session.flush()
        if role is Role.BROKER:
            is_manager = email == MANAGER
            set_hand(session, user.id, team_id=teams[is_manager].id, is_manager=is_manager, by=SYSTEM, now=now)
        actors.append(user.actor())
    set_council_contact(
        session,
        team="Commissioning",
        telephone="024 7655 0170",  # of the range that Ofcom keeps for fiction
        email="commissioning@demo.example",
        by=SYSTEM,
        now=now,
    )
    broker, manager, _, commissioner, _ = actors
    return Staff(broker=broker, manager=manager, commissioner=commissioner)
