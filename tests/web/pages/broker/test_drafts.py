import re

from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from tests.web.pages.broker.test_questions import NEW, PERSON, answer_all, begin, text


def state(store, number=1):
    with store.reading() as session:
        return session.get_one(Referral, number).state


def test_a_draft_is_discarded_kept_as_withdrawn_and_taken_up_again_with_its_answers(broker, store):
    base = begin(broker)
    check = answer_all(broker, base)
    gone = broker.post(f"{base}/discard", page=check)
    assert (gone.location, state(store)) == (base, ReferralState.WITHDRAWN)
    assert "Take this draft up again" in text(broker.get(base))
    assert broker.post(f"{base}/discard", page=base).status_code == 409
    assert broker.post(f"{base}/take-up", page=base).location.endswith("/check")
    assert state(store) is ReferralState.DRAFT
    assert "Near my sister" in text(broker.get(check))


def test_what_was_submitted_is_neither_discarded_nor_taken_up(broker, store):
    base = begin(broker)
    check = answer_all(broker, base)
    broker.post(f"{base}/submit", page=check)
    assert broker.post(f"{base}/discard", page=base).status_code == 409
    broker.post(f"{base}/withdraw", {"reason": "other"})
    assert broker.post(f"{base}/take-up", page=base).status_code == 409
    assert state(store) is ReferralState.WITHDRAWN


def test_ones_own_drafts_are_one_click_from_the_work_list_and_discarded_there(broker, store):
    begin(broker)
    begin(broker, case_number="C-88", name="Somebody Else", born_on=["1", "1", "1970"])
    assert "Go on with 2 drafts of yours" in text(broker.get("/broker/"))
    mine = "/broker/?whose=mine&state=draft"
    assert re.search(r"Go on with the questions", text(broker.get(mine)))
    assert broker.post("/broker/drafts/discard", {"referral": ["1"]}, page=mine).status_code == 302
    assert [state(store, 1), state(store, 2)] == [ReferralState.WITHDRAWN, ReferralState.DRAFT]
    assert "1 draft discarded" in text(broker.get(mine))
    broker.post("/broker/drafts/discard", {"referral": []}, page=mine)
    assert "Tick the drafts to discard" in text(broker.get(mine))


def test_another_open_referral_of_the_person_is_said_from_the_first_page_on_and_never_refused(broker):
    first = begin(broker)
    check = answer_all(broker, first)
    broker.post(f"{first}/submit", page=check)
    asked = broker.post(NEW, PERSON)
    assert asked.status_code == 409
    assert "Another referral is open for this person: RF-00001 Crisis Searching" in text(asked)
    with_same = PERSON | {"same_as": re.search(r'name="same_as" value="(\d+)"', asked.get_data(as_text=True))[1]}
    second = broker.post(NEW, with_same).location.rsplit("/questions", 1)[0]
    for page in (f"{second}/questions/needs", f"{second}/check"):
        assert "RF-00001" in text(broker.get(page)), page
    assert "Another referral is open for this person: RF-00002 Crisis Draft" in text(broker.get(first))
    broker.post(f"{second}/discard", page=f"{second}/check")
    assert "Another referral" not in text(broker.get(first))


def test_a_discarded_draft_says_what_was_not_answered_and_asks_for_nothing(broker, store):
    base = begin(broker)
    broker.post(f"{base}/discard", page=f"{base}/check")
    page = broker.get(base)
    assert "Needs and equipment Not answered" in text(page)
    assert f"{base}/questions/" not in page.text
