"""One database an engine for many tests: each test works in one transaction, which is rolled back at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from placement.domain.people import SYSTEM, Actor, Role
from placement.geography.authorities import CITY
from placement.geography.distances import Point
from placement.geography.gazetteer import Located
from placement.geography.ward_names import NEW_WARDS
from placement.records.base import Base
from placement.records.events import timeline
from placement.records.sessions import Store, open_url
from tests.conftest import ENGINES, fresh_database

BROKER = Actor(user_id=None, name="Bo Broker", role=Role.BROKER)
RUGBY = "E07000220"


@pytest.fixture(scope="session", params=ENGINES)
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated, empty database for all tests of one engine that leave nothing behind."""
    with fresh_database(request.param, request, tmp_path_factory.mktemp("shared")) as database:
        store = open_url(database.url)
        yield store
        store.engine.dispose()


@pytest.fixture
def session(shared_store: Store) -> Iterator[Session]:
    """A write unit that is never committed."""
    with shared_store.write() as session:
        yield session
        session.rollback()


def a_location(
    postcode: str = "CV1 5RR", *, authority: str = CITY, lat: float = 52.407, lon: float = -1.508
) -> Located:
    """Return where a postcode is, without a directory; the ward is the first one of the set where it is in the city."""
    in_city = authority == CITY
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
