"""One person for each role, so that somebody who tries the product can sign in as any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.people import SYSTEM, Actor, Role
from placement.records.accounts import add_user

PASSWORD = "coventry-demo"  # published on purpose: these accounts exist only where the demo was seeded
USERS = (
    ("broker@demo.example", "Demo broker", Role.BROKER),
    ("provider@demo.example", "Demo provider", Role.PROVIDER),
    ("commissioner@demo.example", "Demo commissioner", Role.COMMISSIONER),
    ("admin@demo.example", "Demo administrator", Role.ADMIN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Those who act in the demo."""

    broker: Actor
    commissioner: Actor


def add_users(session: Session, provider_id: int, *, now: datetime) -> Staff:
    """Add the four accounts; the provider's belongs to the demo provider."""
    actors = {}
    for email, name, role in USERS:
        user = add_user(
            session, email=email, name=name, role=role, password=PASSWORD, by=SYSTEM, now=now,
            provider_id=provider_id if role is Role.PROVIDER else None, is_published=True,
        )  # fmt: skip
        session.flush()
        actors[role] = user.actor()
    return Staff(broker=actors[Role.BROKER], commissioner=actors[Role.COMMISSIONER])
