"""Two brokers in one section of one referral: both are kept where they can be, and asked about where they cannot."""

import re
from html import unescape

import pytest

from placement.domain.features import Strength
from placement.domain.people import Role
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from placement.web.forms.marks import SHOWN_AGAIN
from tests.builders import a_referral
from tests.web.pages.broker.test_questions import PERSON, answer_all, begin, text
from tests.web_client import Browser, add_person_who_signs_in, signed_in

INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
LONG = "Canary words, and more of them. " * 60


@pytest.fixture
def two(app):
    """Two brokers: the one whose pages are looked at, and the one who is quicker."""
    quick = add_person_who_signs_in(app, Role.BROKER, email="quick@example.org")
    browser = Browser(app)
    browser.sign_in(quick.email)
    with app.extensions["placement_store"].writing() as session:
        session.merge(quick).name = "Amina Khan"
    return signed_in(app, Role.BROKER), browser


@pytest.fixture
def base(two, store):
    """A referral that is searched for."""
    start = begin(two[0])
    check = answer_all(two[0], start)
    two[0].post(f"{start}/submit", page=check)
    return start


def stored(store, base):
    with store.reading() as session:
        referral = session.get_one(Referral, int(base.rsplit("/", 1)[1]))
        return {
            "budget": referral.budget_weekly_pence,
            "funding": referral.funding,
            "miles": referral.max_miles,
            "near": referral.near_postcode,
            "risks": set(referral.risks),
            "note": referral.dangers.note,
            "essential": referral.slugs(Strength.ESSENTIAL),
            "desirable": referral.slugs(Strength.DESIRABLE),
        }


def opened(browser, path):
    """Return what the form of a page carries unseen when it is opened."""
    return browser.carried(browser.get(path).get_data(as_text=True), path)


def asked_again(answer, action=0):
    """Return the hidden fields of one of the forms that ask which answer to keep."""
    page = answer.get_data(as_text=True).split("<main", 1)[1]
    form = re.findall(r"<form\b.*?</form>", page, re.S)[action]
    found = {}
    for name, value in INPUT.findall(form):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_what_only_one_of_two_changed_is_kept_and_said(two, base, store):
    mine, quick = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    assert quick.post(path, {"funding": "council", "budget": "1,305"}).status_code == 302
    answer = mine.client.post(path, data=form | {"funding": "chc", "budget": "2,500"})
    assert answer.status_code == 302, text(answer)
    assert "What Amina Khan changed while you were writing is kept too: Most that may be paid" in text(mine.get(base))
    kept = stored(store, base)
    assert (kept["funding"], kept["budget"]) == ("chc", 130500)


@pytest.mark.parametrize(("choice", "kept"), [("theirs", 130500), ("mine", 140000)])
def test_what_both_changed_is_asked_about_with_both_answers_and_the_choice_is_stored(two, base, store, choice, kept):
    mine, quick = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    quick.post(path, {"funding": "council", "budget": "1305"})
    answer = mine.client.post(path, data=form | {"funding": "chc", "budget": "1400"})
    assert answer.status_code == 409
    words = text(answer)
    assert "Amina Khan changed this while you were writing" in words
    assert "Amina Khan’s, saved just now £1,305 Yours, not saved yet £1,400" in words
    assert "Who pays" not in words, "only what both have changed is asked about"
    assert stored(store, base)["budget"] == 130500

    carried = asked_again(answer)
    unsaid = mine.client.post(path, data=carried)
    assert unsaid.status_code == 409
    assert "Choose which answer to keep" in text(unsaid)
    done = mine.client.post(path, data=asked_again(unsaid) | {"keep-budget": choice})
    assert done.status_code == 302, text(done)
    now = stored(store, base)
    assert (now["funding"], now["budget"]) == ("chc", kept)


def test_a_third_save_is_asked_about_anew(two, base, store):
    mine, quick = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    quick.post(path, {"funding": "council", "budget": "1305"})
    answer = mine.client.post(path, data=form | {"funding": "council", "budget": "1400"})
    quick.post(path, {"funding": "council", "budget": "1310"})
    again = mine.client.post(path, data=asked_again(answer) | {"keep-budget": "mine"})
    assert again.status_code == 409
    assert "£1,310" in text(again)
    assert stored(store, base)["budget"] == 131000
    done = mine.client.post(path, data=asked_again(again) | {"keep-budget": "mine"})
    assert done.status_code == 302
    assert stored(store, base)["budget"] == 140000


def test_needs_and_risks_of_both_are_kept_row_by_row_and_box_by_box(two, base, store):
    mine, quick = two
    needs, risks = f"{base}/questions/needs", f"{base}/questions/risks"
    form = opened(mine, needs)
    quick.post(needs, {"need_pbs": "essential", "need_hoist": "essential", "need_garden": "desirable"})
    answer = mine.client.post(needs, data=form | {"need_pbs": "essential", "need_hoist": "unknown", "need_garden": ""})
    assert answer.status_code == 302, text(answer)
    now = stored(store, base)
    assert (now["essential"], now["desirable"]) == (["hoist", "pbs"], [])

    form = opened(mine, risks)
    quick.post(risks, {"risks": ["falls", "fire_setting"], "legal": ["dols"], "note": "Canary risk note"})
    answer = mine.client.post(risks, data=form | {"risks": ["choking"], "legal": ["dols"], "note": "Canary risk note"})
    assert answer.status_code == 302, text(answer)
    assert stored(store, base)["risks"] == {"fire_setting", "choking"}


def test_of_two_long_texts_both_can_be_kept(two, base, store):
    mine, quick = two
    path = f"{base}/questions/risks"
    form = opened(mine, path)
    quick.post(path, {"risks": ["falls"], "legal": ["dols"], "note": f"Theirs. {LONG}"})
    answer = mine.client.post(path, data=form | {"risks": ["falls"], "legal": ["dols"], "note": "Mine, and short"})
    assert answer.status_code == 409
    assert "Both, one after the other" in text(answer)
    done = mine.client.post(path, data=asked_again(answer) | {"keep-note": "both"})
    assert done.status_code == 302, text(done)
    note = stored(store, base)["note"]
    assert note.startswith("Theirs. Canary")
    assert note.endswith("\n\nMine, and short")


def test_answers_that_belong_together_are_asked_about_together(two, base, store):
    mine, quick = two
    path = f"{base}/questions/place"
    form = opened(mine, path)
    place = {"counted_from": "postcode", "max_miles": "5", "where": "city"}
    quick.post(path, place | {"near_postcode": "CV6 5AA", "near_who": "her mother"})
    answer = mine.client.post(path, data=form | place | {"near_postcode": "CV1 5RR", "near_who": "her aunt"})
    assert answer.status_code == 409
    assert "Postcode the place should be near: CV6 5AA Who or what is there: her mother" in text(answer)
    done = mine.client.post(path, data=asked_again(answer) | {"keep-counted_from": "theirs"})
    assert done.status_code == 302
    assert stored(store, base)["near"] == "CV6 5AA"


def test_answers_of_two_that_do_not_hold_together_are_shown_together_and_nothing_is_stored(two, base, store):
    mine, quick = two
    path = f"{base}/questions/place"
    place = {"counted_from": "postcode", "near_postcode": "CV1 5RR", "near_who": "her mother", "max_miles": "5"}
    form = opened(mine, path)
    quick.post(path, place | {"where": "city", "counted_from": "nowhere", "max_miles": ""})
    answer = mine.client.post(path, data=form | place | {"where": "city", "max_miles": "7"})
    assert answer.status_code == 409, "the distance was changed by both"
    done = mine.client.post(path, data=asked_again(answer) | {"keep-max_miles": "mine"})
    assert done.status_code == 422
    assert "Enter the postcode that the distance is counted from" in text(done)
    assert 'value="7"' in done.text
    assert stored(store, base)["miles"] is None


def test_going_back_shows_the_form_with_what_was_typed_and_saving_it_then_is_done_knowingly(two, base, store):
    mine, quick = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    quick.post(path, {"funding": "council", "budget": "1305"})
    answer = mine.client.post(path, data=form | {"funding": "council", "budget": "1400"})
    back = mine.client.post(path, data=asked_again(answer, action=1))
    assert SHOWN_AGAIN in asked_again(answer, action=1)
    assert back.status_code == 200
    assert 'value="1400"' in back.text
    carried = mine.carried(back.get_data(as_text=True), path)
    assert mine.client.post(path, data=carried | {"funding": "council", "budget": "1450"}).status_code == 302
    assert stored(store, base)["budget"] == 145000


def test_the_same_change_twice_is_no_question(two, base):
    mine, quick = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    quick.post(path, {"funding": "council", "budget": "1305"})
    assert mine.client.post(path, data=form | {"funding": "council", "budget": "1,305.00"}).status_code == 302


def test_oneself_in_another_window_is_told_so(two, base):
    mine, _ = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    mine.post(path, {"funding": "council", "budget": "1305"})
    answer = mine.client.post(path, data=form | {"funding": "council", "budget": "1400"})
    assert "You changed this in another window while you were writing" in text(answer)


@pytest.mark.parametrize("shown", [None, "", "x", "[]", "[" * 50_000, '{"budget":1}', "{" * 10])
def test_a_form_that_does_not_say_what_it_showed_changes_nothing_unasked(two, base, store, shown):
    mine, _ = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    del form["shown"]
    form |= {} if shown is None else {"shown": shown}
    answer = mine.client.post(path, data=form | {"funding": "council", "budget": "1400"})
    assert answer.status_code == 409
    assert stored(store, base)["budget"] == 250000


def test_a_person_is_never_made_of_two_peoples_answers(two, store):
    mine, quick = two
    base = begin(mine)
    path = f"{base}/questions/person"
    known = {name: value for name, value in PERSON.items() if name != "kind"}
    form = opened(mine, path)
    assert quick.post(path, known | {"case_number": "C-99", "name": "Canary Other"}).status_code == 302
    answer = mine.client.post(path, data=form | known | {"gender": "man"})
    assert answer.status_code == 409
    assert "Full name: Canary Other" in text(answer)
    done = mine.client.post(path, data=asked_again(answer) | {"keep-case_number": "theirs"})
    assert done.status_code == 302, text(done)
    with store.reading() as session:
        person = session.query(Referral).one().person
        assert (person.case_number, person.name, person.gender.value) == ("C-99", "Canary Other", "woman")


def test_what_was_submitted_or_ended_meanwhile_is_said_and_not_merged(two, base, store):
    mine, quick = two
    path = f"{base}/questions/funding"
    form = opened(mine, path)
    quick.post(f"{base}/withdraw", {"reason": "other"})
    answer = mine.client.post(path, data=form | {"funding": "council", "budget": "1400"})
    assert answer.status_code == 409
    with store.reading() as session:
        assert session.get_one(Referral, int(base.rsplit("/", 1)[1])).state is ReferralState.WITHDRAWN


def test_a_limit_that_gave_way_meanwhile_is_a_change_like_any_other(two, store):
    mine, _ = two
    with store.writing() as session:
        referral = a_referral(session, near_postcode="CV1 5RR", max_miles=5)
        number = referral.id
    path = f"/broker/referrals/{number}/questions/place"
    form = opened(mine, path)
    with store.writing() as session:
        session.get_one(Referral, number).max_miles = 9
    place = {"counted_from": "postcode", "near_postcode": "CV1 5RR", "near_who": "her aunt", "where": "city"}
    answer = mine.client.post(path, data=form | place | {"max_miles": "5"})
    assert answer.status_code == 302, text(answer)
    assert "What Somebody else changed" in text(mine.get(f"/broker/referrals/{number}"))
    with store.reading() as session:
        kept = session.get_one(Referral, number)
        assert (kept.max_miles, kept.near_who) == (9, "her aunt")
