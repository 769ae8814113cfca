import re

import pytest

from placement.domain.people import Role
from placement.market.claims import rulings
from placement.records.providers import Unit
from tests.builders import a_referral, a_service, a_unit
from tests.web.pages.provider.conftest import fields, read
from tests.web_client import signed_in


@pytest.fixture
def claim(store):
    with store.writing() as session:
        service = a_service(session, name="Elm House", service_type="residential")
        unit = a_unit(session, service=service, name="East wing", offers=("peg",))
        return unit.id, a_referral(session, essential=("peg",)).id


def decide(browser, unit, verdict="verified", note="Training records seen", page=None):
    path = f"/commissioner/claims/{unit}/peg"
    seen = fields(page or browser.get(path)).get("seen", "")
    return browser.post(path, {"verdict": verdict, "note": note, "seen": seen})


def test_a_commissioner_verifies_a_claim_and_takes_it_back_and_brokers_see_both(app, claim):
    unit, referral = claim
    commissioner, broker = signed_in(app, Role.COMMISSIONER), signed_in(app, Role.BROKER)
    matches = f"/broker/referrals/{referral}/matches"
    assert "Elm House East wing Residential home PEG feeding" in read(commissioner.get("/commissioner/claims"))
    page = read(broker.get(matches))
    assert "1 of 1 must-haves" not in page
    assert "PEG feeding is claimed, and waits for the council to verify it" in page

    assert decide(commissioner, unit).location == "/commissioner/claims"
    page = read(commissioner.get("/commissioner/claims"))
    assert "Elm House, East wing: PEG feeding is verified." in page
    assert "No claim waits for you." in page
    assert "1 of 1 must-haves" in read(broker.get(matches))

    decided = commissioner.get("/commissioner/claims/decided")
    assert "Verified on 23 November 2026" in read(decided)
    assert "Training records seen" in read(decided)
    undo = re.search(r'action="(/commissioner/claims/rulings/\d+/undo)"', decided.get_data(as_text=True)).group(1)
    assert commissioner.post(undo, page="/commissioner/claims/decided").status_code == 302
    assert "Undone on 23 November 2026" in read(commissioner.get("/commissioner/claims/decided"))
    assert "1 of 1 must-haves" not in read(broker.get(matches))
    assert commissioner.post(undo, page="/commissioner/claims/decided").status_code == 409


def test_a_ruling_needs_a_verdict_and_a_reason_and_is_not_made_past_another(app, store, claim):
    unit, _ = claim
    commissioner = signed_in(app, Role.COMMISSIONER)
    page = commissioner.get(f"/commissioner/claims/{unit}/peg")
    wrong = decide(commissioner, unit, verdict="", note=" ")
    assert wrong.status_code == 422
    assert "Choose whether this is verified" in read(wrong)
    assert "Say what you have seen, or what is missing" in read(wrong)
    assert decide(commissioner, unit, "refused", "No training").status_code == 302
    late = decide(commissioner, unit, page=page)
    assert late.status_code == 409
    assert "Somebody else has decided on this claim meanwhile" in read(late)
    assert "Not confirmed on 23 November 2026" in read(commissioner.get(f"/commissioner/claims/{unit}/peg"))
    with store.reading() as session:
        assert len(rulings(session, session.get_one(Unit, unit))) == 1
    assert commissioner.get(f"/commissioner/claims/{unit}/oxygen").status_code == 404
