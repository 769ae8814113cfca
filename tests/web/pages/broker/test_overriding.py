"""A broker who meets a rule asks a manager, the manager decides with a reason, and the broker reserves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from placement.domain.people import Role
from placement.domain.states import Status
from placement.records.placements import Placement
from placement.records.providers import Standing
from placement.records.users import User
from tests.builders import TODAY, a_referral, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import text
from tests.web_client import signed_in


@pytest.fixture
def pair(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, reply_hours=48, weekly_pence=50_000, offers=("pbs",))
        return {
            "referral": a_referral(session, essential=("pbs",)).id,
            "unit": unit.id,
            "provider": unit.service.provider_id,
        }


@pytest.fixture
def broker(app):
    return signed_in(app, Role.BROKER)


@pytest.fixture
def manager(app, store):
    browser = signed_in(app, Role.BROKER, email="manager@example.org")
    with store.writing() as session:
        session.scalars(select(User).where(User.email == "manager@example.org")).one().is_manager = True
    return browser


def pages(pair):
    ids = f"{pair['referral']}/{{}}/{pair['unit']}"
    return f"/broker/referrals/{ids.format('accept')}", f"/broker/referrals/{ids.format('override')}"


def reserve(browser, page):
    start = {"start_on": TODAY.strftime("%d %m %Y").split(), "nights": "14", "why": "only"}
    return browser.post(page, start)


def test_from_the_rule_to_the_place(broker, manager, pair, store):
    accept, override = pages(pair)
    assert "A manager can decide otherwise" in text(broker.get(accept))
    assert reserve(broker, accept).status_code == 422
    shown = text(broker.get(override))
    assert "The provider answers sooner this time" in shown
    with store.reading() as session:
        number = session.scalars(select(User.id).where(User.is_manager)).one()
    assert broker.post(override, {"manager_id": ""}).status_code == 422
    assert broker.post(override, {"manager_id": str(number)}).status_code == 302
    assert "all the same?" in text(manager.get("/broker/tasks?whose=mine"))
    assert manager.post(override, {"reason": " "}).status_code == 422
    assert manager.post(override, {"reason": "I rang them: yes by noon"}).location == accept
    assert "I rang them: yes by noon" in text(broker.get(accept))
    assert reserve(broker, accept).status_code == 302
    with store.reading() as session:
        assert session.scalars(select(Placement.unit_id)).one() == pair["unit"]


def test_what_is_undone_is_refused_again(broker, manager, pair):
    accept, override = pages(pair)
    manager.post(override, {"reason": "Yes"})
    assert manager.post(f"{override}/undo", page=override).location == override
    assert reserve(broker, accept).status_code == 422


def test_a_suspended_provider_offers_nothing_to_decide(manager, pair, store):
    accept, override = pages(pair)
    with store.writing() as session:
        session.add(
            Standing(
                provider_id=pair["provider"], status=Status.SUSPENDED, start_on=TODAY, reason="R", decided_by="C",
                created_at=NOW,
            )
        )  # fmt: skip
    assert "A manager can decide otherwise" not in text(manager.get(accept))
    assert "nobody can decide otherwise" in text(manager.get(override))
    manager.post(override, {"reason": "Yes"})
    assert reserve(manager, accept).status_code == 422
