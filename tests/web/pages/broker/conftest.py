"""A small market and a broker who has signed in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from placement.domain.people import Role
from placement.records.referrals import Referral
from placement.records.sessions import Store
from tests.builders import a_person, a_referral, a_service, a_unit
from tests.web_client import Browser, signed_in

BUDGET = 150_000


@dataclass
class Market:
    """Ids of what the tests talk about."""

    referral: int
    near: int
    good: int
    far: int
    outside: int
    without_pbs: int


@pytest.fixture
def market(store: Store) -> Market:
    """One crisis referral that needs PBS; three units in the city fit, one outside, and one lacks the need."""
    with store.writing() as session:
        person = a_person(session, name="Canary Personson", case_number="CANARY1")
        referral = a_referral(
            session, person=person, essential=("pbs",), near_postcode="CV1 5RR", near_who="her mother"
        )
        units = {
            "near": a_unit(session, service=a_service(session, name="Near House", quality=3), offers=("pbs",)),
            "good": a_unit(session, service=a_service(session, name="Good House", lat=52.43), offers=("pbs",)),
            "far": a_unit(session, service=a_service(session, name="Far House", lat=52.46), offers=("pbs",)),
            "outside": a_unit(
                session, service=a_service(session, name="Outside House", authority="E07000220", lat=52.37, lon=-1.26),
                offers=("pbs",),
            ),
            "without_pbs": a_unit(session, service=a_service(session, name="Plain House")),
        }  # fmt: skip
        return Market(referral=referral.id, **{name: unit.id for name, unit in units.items()})


@pytest.fixture
def broker(app: Flask) -> Browser:
    return signed_in(app, Role.BROKER)


@pytest.fixture
def funded(market: Market, store: Store) -> str:
    """The address of the market's referral, with a personal budget of £1,500 a week."""
    with store.writing() as session:
        session.get_one(Referral, market.referral).budget_weekly_pence = BUDGET
    return f"/broker/referrals/{market.referral}"
