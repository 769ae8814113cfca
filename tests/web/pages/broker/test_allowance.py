from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.records.users import User
from tests.builders import a_person, a_placement, a_referral, a_unit, night
from tests.web.pages.broker.test_questions import text
from tests.web_client import signed_in


def over(store):
    """A referral for five nights of somebody who has spent forty."""
    with store.writing() as session:
        person = a_person(session)
        before = a_referral(session, kind="respite", person=person)
        a_placement(
            session, a_unit(session), person=person, referral=before, start=-41, nights=40, state=PlacementState.ENDED
        )
        return a_referral(session, kind="respite", person=person, nights=5, latest_on=night(9)).id


def test_a_referral_says_that_it_goes_over_and_the_page_shows_the_nights(broker, store):
    referral = over(store)
    assert "3 nights over the allowance" in text(broker.get(f"/broker/referrals/{referral}"))
    page = text(broker.get(f"/broker/referrals/{referral}/allowance"))
    for said in ("Used 40", "Allowance 42", "Left 2", "Ask for more nights"):
        assert said in page


def test_a_broker_asks_a_manager_who_allows_more(broker, store, app):
    referral = over(store)
    manager = signed_in(app, Role.BROKER, email="manager@example.org")
    with store.writing() as session:
        user = session.query(User).filter_by(email="manager@example.org").one()
        user.is_manager, user_id = True, user.id
    page = f"/broker/referrals/{referral}/allowance"
    answer = broker.post(f"{page}/ask", {"manager_id": ""}, page=page)
    assert (answer.status_code, "Choose a manager" in text(answer)) == (422, True)
    assert broker.post(f"{page}/ask", {"manager_id": str(user_id)}, page=page).status_code == 302

    given = {"year": "2026-04-01", "nights": "3", "reason": ""}
    assert "Enter why more nights are allowed" in text(manager.post(page, given))
    assert broker.post(page, given | {"reason": "The carer is in hospital"}).status_code == 403
    assert manager.post(page, given | {"reason": "The carer is in hospital"}).status_code == 302
    told = text(manager.get(page))
    assert "3 nights in the year from 1 April 2026" in told
    assert "42 + 3 allowed" in told
    assert "over the allowance" not in told


def test_a_kind_without_an_allowance_has_no_such_page(broker, store):
    with store.writing() as session:
        referral = a_referral(session).id
    assert broker.get(f"/broker/referrals/{referral}/allowance").status_code == 404
