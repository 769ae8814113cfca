"""Who acts, where somebody lives, and what was done: for tests of what brokers and providers do."""

from __future__ import annotations

from sqlalchemy.orm import Session

from placement.domain.councils import COVENTRY
from placement.domain.people import SYSTEM, Actor, Role
from placement.geography.distances import Point
from placement.geography.gazetteer import Located
from placement.geography.ward_names import NEW_WARDS
from placement.records.base import Base
from placement.records.events import timeline

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


def story(session: Session, row: Base) -> list[str]:
    """Return what the audit trail says was done to a row, oldest first."""
    session.flush()
    return [line.sentence for line in reversed(timeline(session, row, actor=SYSTEM))]
