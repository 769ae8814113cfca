"""Who acts, where somebody lives, and what was done: for tests of what brokers and providers do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from placement.brokerage.offers.links import link_path
from placement.domain.councils import COVENTRY
from placement.domain.people import SYSTEM, Actor, Role
from placement.geography.distances import Point
from placement.geography.gazetteer import Located
from placement.geography.ward_names import NEW_WARDS
from placement.records.accounts import add_user
from placement.records.base import Base
from placement.records.events import timeline
from placement.records.offers import Offer
from placement.records.users import User
from tests.conftest import NOW

BROKER = Actor(user_id=None, name="Bo Broker", role=Role.BROKER)
RUGBY = "E07000220"


def a_location(
    postcode: str = "CV1 5RR", *, authority: str = COVENTRY.code, lat: float = 52.407, lon: float = -1.508
) -> Located:
    """Return where a postcode is, without a directory; the ward is the first one of the set where it is in the city."""
    in_city = authority == COVENTRY.code
    return Located(
        postcode=postcode,
        point=Point(lat=lat, lon=lon),
        authority=authority,
        authority_name="",
        in_city=in_city,
        lsoa=None,
        ward=NEW_WARDS.wards[0] if in_city else None,
        ward_set=NEW_WARDS,
        locality=None,
    )


def provider_of(row: Any) -> Actor:
    """Return somebody who works for the provider of a request or a stay."""
    return Actor(user_id=None, name="Provider", role=Role.PROVIDER, provider_id=row.unit.service.provider_id)


def a_colleague(session: Session, row: Any, email: str = "") -> User:
    """Return a new user of the provider of a request or a stay."""
    provider_id = row.unit.service.provider_id
    return add_user(
        session, email=email or f"{uuid4().hex}@example.org", name="Pia Provider", role=Role.PROVIDER,
        password="long enough words", provider_id=provider_id, by=SYSTEM, now=NOW,
    )  # fmt: skip


def secret_for(session: Session, offer: Offer, user: User | None = None, *, now: datetime = NOW) -> str:
    """Return the secret of a new link to a request, for a user of its provider or for a new one."""
    user = user or a_colleague(session, offer)
    session.flush()
    return link_path(session, offer, user, now=now).rpartition("/")[2]


def story(session: Session, row: Base) -> list[str]:
    """Return what the audit trail says was done to a row, oldest first."""
    session.flush()
    return [line.sentence for line in reversed(timeline(session, row, actor=SYSTEM))]
