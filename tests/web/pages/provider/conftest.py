"""A provider with one service of two units, and the browser of somebody who works there."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from placement.domain.people import Role
from placement.domain.states import PlacementState, ReferralState
from placement.records.providers import Unit
from placement.records.sessions import Store
from tests.builders import a_placement, a_provider, a_referral, a_report, a_service, a_unit
from tests.conftest import NOW
from tests.web_client import Browser, signed_in


@dataclass
class Works:
    """Ids of what one provider has, and its browser."""

    provider: int
    service: int
    unit: int
    other_unit: int
    browser: Browser

    @property
    def vacancies(self) -> str:
        return f"/provider/services/{self.service}/vacancies"


def read(answer: Any) -> str:
    """Return the words of a page as a person reads them."""
    text = answer.get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def fields(answer: Any) -> dict[str, str]:
    """Return what the boxes and hidden fields of a page hold, by name."""
    boxes = re.findall(r"<input\b[^>]*>", answer.get_data(as_text=True))
    found = [{name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', box)} for box in boxes]
    return {box["name"]: box.get("value", "") for box in found if box.get("type") in ("text", "hidden")}


def boxes(answer: Any) -> dict[str, str]:
    """Return what the form of the numbers holds, without those beside it: they are right, and go back."""
    return {name: value for name, value in fields(answer).items() if name not in ("step", "shown_again")}


def works_at(app: Flask, store: Store, *, email: str = "", **report: Any) -> Works:
    with store.writing() as session:
        provider = a_provider(session, name="Green Lane Care")
        service = a_service(session, provider=provider, name=f"Green Lane House {provider.id}")
        unit = a_unit(session, service=service, name="Ground floor", capacity=4, accepting=None)
        other = a_unit(session, service=service, name="First floor", capacity=2, accepting=None)
        given = {"occupied": 2, "reserved": 0, "accepting": 2, "reported_at": NOW - timedelta(days=8)}
        a_report(session, unit, **given | report)
        a_report(session, other, occupied=2, reported_at=NOW - timedelta(days=8))
        ids = provider.id, service.id, unit.id, other.id
    return Works(*ids, signed_in(app, Role.PROVIDER, provider_id=ids[0], email=email))


@pytest.fixture
def works(app: Flask, store: Store) -> Works:
    return works_at(app, store)


@pytest.fixture
def elsewhere(app: Flask, store: Store) -> Works:
    return works_at(app, store, email="elsewhere@example.org")


def stays(store: Store, works: Works, state: PlacementState, **values: Any) -> int:
    """Add a stay at this provider, booked after its newest report, and return its id."""
    with store.writing() as session:
        referral = a_referral(session, state=ReferralState.PLACED, essential=("autism",))
        referral.reference = f"RF-{referral.id:05}"
        unit = session.get_one(Unit, values.pop("unit", works.unit))
        placement = a_placement(session, unit, referral=referral, person=referral.person, state=state, **values)
        return int(placement.id)
