"""Sending a referral back, sending it again, asking a manager, and saying that no option is found."""

from datetime import timedelta

from placement.brokerage.answered import missing
from placement.domain.states import ReferralState
from placement.records.events import AuditLine
from placement.records.referrals import Referral
from placement.records.sections import AnsweredSection
from placement.records.users import User
from tests.brokerage.test_work import a_broker
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import text


def state_of(store, referral_id):
    with store.reading() as session:
        return session.get(Referral, referral_id).state


def test_what_is_missing_is_named_by_question_and_leads_to_where_it_is_answered(broker, market, store, clock):
    page = f"/broker/referrals/{market.referral}"
    refused = broker.post(f"{page}/return", {"words": "Canary <note>"})
    assert refused.status_code == 422
    assert "Choose what is missing" in text(refused)
    assert "Canary &lt;note&gt;" in refused.text
    sent = broker.post(f"{page}/return", {"questions": ["risks", "start"], "words": "Which risks?"})
    assert sent.status_code == 302
    shown = broker.get(page)
    assert "Sent back to be completed" in text(shown)
    assert "Which risks?" in text(shown)
    assert f'href="{page}/questions/risks">Risks</a>' in shown.text
    assert "Clocks stopped since 10:00am: it waits for what is missing." in text(shown)

    clock.now += timedelta(minutes=20)
    work = text(broker.get("/broker/"))
    assert all(words in work for words in ("Stopped since 10:00am", "it waits for what is missing"))
    assert "Complete what is missing" in work
    assert "Answer these sections first" in text(broker.post(f"{page}/resubmit", page=page))
    with store.writing() as session:
        kept = session.get(Referral, market.referral)
        kept.answered += [AnsweredSection(slug=each.slug, answered_at=NOW) for each in missing(kept)]
    assert broker.post(f"{page}/resubmit", page=page).status_code == 302
    assert state_of(store, market.referral) is ReferralState.SEARCHING
    assert broker.post(f"{page}/resubmit", page=page).status_code == 409


def test_no_option_is_said_with_what_the_matcher_found_and_taken_back(broker, market, store):
    page = f"/broker/referrals/{market.referral}"
    asked = text(broker.get(f"{page}/no-option"))
    assert "in the city could take this person now" in asked
    assert "What stands in the way in the city" in asked
    assert broker.post(f"{page}/no-option", page=f"{page}/no-option").status_code == 302
    with store.reading() as session:
        (line,) = session.query(AuditLine).filter_by(event="no_option_found").all()
        assert all(isinstance(number, int) and number > 0 for number in line.details["causes"].values())
        assert line.details["causes"]
    shown = text(broker.get(page))
    assert "No option found" in shown
    assert "What stood in the way in the city" in shown
    assert broker.post(f"{page}/search-on", page=page).status_code == 302
    assert state_of(store, market.referral) is ReferralState.SEARCHING


def test_a_manager_is_asked_and_it_stands_on_the_referral_and_the_work_list(broker, market, store):
    page = f"/broker/referrals/{market.referral}"
    assert "Nobody in brokerage has a manager’s right yet" in text(broker.get(f"{page}/escalate"))
    with store.writing() as session:
        a_broker(session, "Mary", is_manager=True)
    with store.reading() as session:
        manager = session.query(User).filter_by(name="Mary").one().id
    refused = broker.post(f"{page}/escalate", {"to": "987654", "reason": "risk"})
    assert refused.status_code == 422
    assert broker.post(f"{page}/escalate", {"to": str(manager)}).status_code == 422
    assert broker.post(f"{page}/escalate", {"to": str(manager), "reason": "no_time"}).status_code == 302
    assert "Escalated to Mary" in text(broker.get(page))
    assert "Escalated: the time is nearly over" in text(broker.get("/broker/tasks"))
    assert "Escalated 1" in text(broker.get("/broker/?what=escalated"))


def test_a_crisis_goes_ahead_on_a_pen_picture_and_says_what_is_not_asked(broker, store, clock):
    from tests.web.pages.broker.test_questions import NEW, PERSON

    begun = broker.post(NEW, PERSON | {"kind": "crisis"})
    assert begun.status_code == 302
    page = "/broker/referrals/1"
    assert "A crisis cannot do without these answers" in text(broker.get(f"{page}/pen-picture"))
    assert broker.post(f"{page}/questions/dates", {"start": "today", "nights": "7"}).status_code == 302
    assert "Submit on a pen picture" in text(broker.get(f"{page}/check"))
    assert broker.post(f"{page}/pen-picture", {"words": ""}).status_code == 422
    sent = broker.post(f"{page}/pen-picture", {"words": "Canary <words>, cannot manage stairs"})
    assert sent.location == f"{page}/submitted"
    shown = broker.get(page)
    assert "Canary &lt;words&gt;" in shown.text
    assert "Not complete" in text(shown)
    assert "Complete the referral: Needs and equipment" in text(shown)
    assert "Not asked yet: specialisms, support level" in text(broker.get(f"{page}/matches"))
    assert "Not complete" in text(broker.get("/broker/"))
    again = broker.get(f"{page}/questions/needs")
    assert again.status_code == 200
