"""Somebody on record is shown beside what was typed, and nothing is stored until a broker has said who it is."""

import re
from html import unescape
from threading import Barrier, Thread

import pytest

from placement.domain.people import Role
from placement.records.referrals import Person, Referral
from tests.web.pages.broker.test_questions import NEW, PERSON, answer_all, begin, text
from tests.web_client import signed_in

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def press(broker, answer, button):
    """Press a button of the question, with everything that its form carries."""
    forms = re.findall(r'<form method="post" class="app-inline-form" novalidate>(.*?)</form>', answer.text, re.S)
    fields = {}
    for name, value in HIDDEN.findall(next(form for form in forms if button in form)):
        fields.setdefault(name, []).append(unescape(value))
    return broker.client.post(NEW, data=fields)


def people(store):
    with store.reading() as session:
        return [(each.case_number, each.name) for each in session.query(Person).order_by(Person.id)]


def test_a_known_person_is_shown_side_by_side_and_confirmed(broker, store):
    begin(broker)
    asked = broker.post(NEW, PERSON | {"case_number": "C-77\u00a0", "name": "Canary <New>", "postcode": "CV2 1AA"})
    assert asked.status_code == 409
    page = text(asked)
    assert "Is this the same person?" in page
    for words in ("Canary Personson", "Canary &lt;New&gt; Differs", "CV1 5RR", "CV2 1AA Differs", "27 March 1979"):
        assert words in page, words
    with store.reading() as session:
        assert session.query(Referral).count() == 1

    begun = press(broker, asked, "Yes, this is the same person")
    assert begun.status_code == 302
    base = begun.location.rsplit("/questions", 1)[0]
    assert people(store) == [("C-77", "Canary Personson")]
    assert "Canary <New>, once this is submitted (on record: Canary Personson)" in unescape(
        text(broker.get(f"{base}/check"))
    )
    check = answer_all(broker, base)
    assert broker.post(f"{base}/submit", page=check).status_code == 302
    assert people(store) == [("C-77", "Canary <New>")]


def test_going_back_shows_what_was_typed_and_stores_nothing(broker, store):
    begin(broker)
    asked = broker.post(NEW, PERSON | {"name": "Canary Newname"})
    back = press(broker, asked, "Go back")
    assert back.status_code == 200
    assert 'value="Canary Newname"' in back.text
    assert "govuk-error-summary" not in back.text
    assert people(store) == [("C-77", "Canary Personson")]


def test_a_likely_duplicate_is_asked_about_and_either_answer_goes_on(broker, store):
    begin(broker)
    typed = PERSON | {"case_number": "D-1", "name": "Canary Person-Son"}
    asked = broker.post(NEW, typed)
    assert asked.status_code == 409
    assert "Somebody on record with another case number was born on the same day" in text(asked)

    assert press(broker, asked, "Yes, this is the same person").status_code == 302
    assert people(store) == [("C-77", "Canary Personson")]
    assert press(broker, asked, "No, this is somebody else").status_code == 302
    assert people(store) == [("C-77", "Canary Personson"), ("D-1", "Canary Person-Son")]


def test_brokers_who_enter_one_new_person_at_once_make_one_and_the_others_are_asked(app, broker, store):
    barrier, answers = Barrier(4), []
    browsers = [signed_in(app, Role.BROKER, email=f"broker.{number}@example.org") for number in range(4)]
    tokens = [browser.token(NEW) for browser in browsers]

    def send(number):
        barrier.wait()
        answers.append(browsers[number].client.post(NEW, data=PERSON | {"csrf_token": tokens[number]}))

    threads = [Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code == 302 for answer in answers) == [False, False, False, True]
    for answer in answers:
        if answer.status_code == 422:
            assert "Somebody else entered this case number a moment ago" in answer.text
            assert 'value="Canary Personson"' in answer.text
        elif answer.status_code != 302:
            assert (answer.status_code, "Is this the same person?" in answer.text) == (409, True)
    assert people(store) == [("C-77", "Canary Personson")]


@pytest.mark.parametrize("field", ["case_number", "name"])
@pytest.mark.parametrize(("typed", "words"), [("\u00a0 \u3000", "Enter the"), ("A\u200bB", "hidden character (U+200B")])
def test_blanks_and_hidden_characters_are_no_answer(broker, store, field, typed, words):
    answer = broker.post(NEW, PERSON | {field: typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert people(store) == []
