import re

import pytest

from placement.domain.features import Strength
from placement.domain.states import ReferralState
from placement.records.referrals import Person, Referral
from tests.builders import a_service

NEW = "/broker/referrals/new"
PERSON = {
    "kind": "crisis",
    "case_number": "c-77",
    "name": "Canary Personson",
    "born_on": ["27", "3", "1979"],
    "gender": "woman",
    "postcode": "cv15rr",
}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def begin(broker, **changes):
    answer = broker.post(NEW, PERSON | changes)
    assert answer.status_code == 302, text(answer)
    return answer.location.rsplit("/questions", 1)[0]


def answer_all(broker, base, **dates):
    steps = {
        "needs": {"need_pbs": "essential", "need_hoist": "unknown", "need_garden": "desirable"},
        "risks": {"risks": ["falls"], "legal": ["dols"], "note": "Canary risk note"},
        "place": {"near_postcode": "CV1 5RR", "near_who": "her mother", "max_miles": "5", "where": "city"},
        "dates": dates or {"start": "today", "nights": "14"},
        "choices": {"persons_words": "Near my sister", "avoid_1": "", "avoid_2": "", "avoid_3": "", "apart": ""},
        "funding": {"funding": "council", "budget": "2,500"},
        "around": {"team": "Canary team", "telephone": "024 7655 0100"},
    }
    for slug, data in steps.items():
        answer = broker.post(f"{base}/questions/{slug}", data)
        assert answer.status_code == 302, (slug, text(answer))
    return answer.location


def test_the_pages_lead_to_check_answers_and_a_search_with_clocks(broker, store):
    base = begin(broker)
    check = answer_all(broker, base)
    assert check.endswith("/check")
    page = text(broker.get(check))
    assert "Near my sister" in page
    assert "£2,500" in page

    assert broker.post(f"{base}/submit", page=check).status_code == 302
    with store.reading() as session:
        referral = session.query(Referral).one()
        assert referral.state is ReferralState.SEARCHING
        assert referral.slugs(Strength.ESSENTIAL) == ["pbs"]
        assert referral.slugs(Strength.UNKNOWN) == ["hoist"]
        assert (referral.max_miles, referral.budget_weekly_pence) == (5, 250000)
        assert (referral.place_by - referral.submitted_at).total_seconds() == 24 * 3600
        assert referral.person.case_number == "C-77"
        assert referral.ward_code == "E05001228"


def test_a_respite_referral_asks_for_a_window(broker, store):
    base = begin(broker, kind="respite")
    assert "Latest possible start" in text(broker.get(f"{base}/questions/dates"))
    window = {"earliest_on": ["1", "12", "2026"], "latest_on": ["20", "12", "2026"], "nights": "7", "often": "once",
              "weekday": "0"}  # fmt: skip
    assert answer_all(broker, base, **window).endswith("/check")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what kind of place is needed"),
        ({"case_number": ""}, "Enter the case number"),
        ({"born_on": ["31", "2", "1979"]}, "Enter a real date"),
        ({"born_on": ["1", "1", "2020"]}, "This person is 6. A place is for adults"),
        ({"born_on": ["24", "11", "2026"]}, "aged 18 to 120"),
        ({"born_on": ["27", "3"]}, "Enter a real date"),
        ({"postcode": "CV1"}, "Enter a full postcode"),
        ({"postcode": "CV99 9ZZ"}, "not in the postcode directory"),
        ({"name": "x" * 161}, "at most 160"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_beside_its_question_and_nothing_typed_is_lost(
    broker, store, changes, words
):
    answer = broker.post(NEW, PERSON | changes)
    assert answer.status_code == 422
    assert words in text(answer)
    if "name" not in changes:
        assert 'value="Canary Personson"' in answer.get_data(as_text=True)
    with store.reading() as session:
        assert session.query(Person).count() == 0


def test_the_same_case_number_is_the_same_person_unless_the_date_of_birth_differs(broker, store):
    begin(broker)
    assert broker.post(NEW, PERSON | {"name": "Canary Newname", "case_number": "C-77 "}).status_code == 409
    refused = broker.post(NEW, PERSON | {"born_on": ["28", "3", "1979"]})
    assert "another date of birth" in text(refused)
    with store.reading() as session:
        assert session.query(Person).one().name == "Canary Personson"


def test_an_unfinished_referral_cannot_be_submitted_and_says_what_is_missing(broker):
    base = begin(broker)
    answer = broker.post(f"{base}/submit", page=NEW)
    assert answer.status_code == 409
    assert "Place and travel" in text(answer)


def test_a_submitted_referral_keeps_who_it_is_and_says_what_else_was_changed(broker):
    base = begin(broker)
    check = answer_all(broker, base)
    broker.post(f"{base}/submit", page=check)
    assert broker.get(f"{base}/questions/person").status_code == 409
    assert "Save and search again" in text(broker.get(f"{base}/questions/funding"))
    changed = broker.post(f"{base}/questions/funding", {"funding": "council", "budget": "1,305"})
    assert changed.location == base
    assert "weekly limit" in text(broker.get(base))
    assert broker.post(f"{base}/submit", page=NEW).status_code == 409


def test_services_to_avoid_and_people_to_keep_apart_are_checked(broker, store):
    with store.writing() as session:
        service = a_service(session, name="Avoided House").id
    base = begin(broker)
    page = f"{base}/questions/choices"
    assert "Avoided House" in text(broker.get(page))
    wrong = broker.post(page, {"avoid_1": "999999", "avoid_2": "", "avoid_3": ""})
    assert "Choose a service from the list" in text(wrong)
    unknown = broker.post(page, {"avoid_1": str(service), "avoid_2": "", "avoid_3": "", "apart": "NOBODY"})
    assert "There is nobody with the case number NOBODY" in text(unknown)
    itself = broker.post(page, {"avoid_1": "", "avoid_2": "", "avoid_3": "", "apart": "C-77"})
    assert "somebody else" in text(itself)
    assert broker.post(page, {"avoid_1": str(service), "avoid_2": "", "avoid_3": ""}).status_code == 302


def test_a_choice_outside_the_city_needs_its_reason(broker):
    base = begin(broker)
    page = f"{base}/questions/place"
    answer = broker.post(page, {"near_postcode": "CV1 5RR", "where": "outside"})
    assert "Choose why the person wants or needs to live outside" in text(answer)
    chosen = {"near_postcode": "CV1 5RR", "where": "outside", "out_of_city_reason": "close_to_family"}
    assert broker.post(page, chosen).status_code == 302


@pytest.mark.parametrize("value", ["maybe", "ESSENTIAL", "x" * 5000])
def test_a_strength_that_was_not_offered_is_refused(broker, value):
    base = begin(broker)
    assert broker.post(f"{base}/questions/needs", {"need_pbs": value}).status_code == 422


def test_there_is_no_page_beside_the_table(broker):
    base = begin(broker)
    assert broker.get(f"{base}/questions/secrets").status_code == 404


def test_an_optional_page_is_asked_in_its_turn_and_nothing_waits_for_it(broker, store):
    base = begin(broker, kind="move_on")
    assert broker.post(f"{base}/questions/needs", {}).location.endswith("/questions/risks")
    assert broker.post(f"{base}/questions/place", {"near_postcode": "CV1 5RR"}).location.endswith("/questions/dates")
    window = {"earliest_on": ["1", "12", "2026"], "latest_on": ["20", "12", "2026"], "nights": ""}
    for slug, data in {"dates": window, "choices": {}, "funding": {"funding": "chc"}}.items():
        after = broker.post(f"{base}/questions/{slug}", data).location
    assert after.endswith("/questions/around")
    page = broker.get(f"{base}/check")
    assert text(page).count("Not answered, optional") == 2
    assert broker.post(f"{base}/submit", page=f"{base}/check").status_code == 302
    assert "None recorded" in text(broker.get(base))


@pytest.mark.parametrize(
    ("kind", "asks", "does_not"),
    [
        ("respite", {"carer"}, {"hospital", "ward"}),
        ("move_on", {"carer", "hospital"}, set()),
        ("return_to_city", set(), {"carer", "hospital"}),
    ],
)
def test_which_questions_there_are_is_said_by_the_kind(broker, kind, asks, does_not):
    base = begin(broker, kind=kind)
    page = broker.get(f"{base}/questions/around").get_data(as_text=True)
    named = set(re.findall(r'name="(hospital|ward|carer)"', page))
    assert asks <= named
    assert not does_not & named
    sent = {"team": "T", "hospital": "Canary General", "carer": "parent", "carer_until_on": ["1", "2", "2027"]}
    assert broker.post(f"{base}/questions/around", sent).status_code == 302
    said = text(broker.get(f"{base}/check"))
    assert ("Canary General" in said) == ("hospital" in asks)
    assert ("1 February 2027" in said) == ("carer" in asks)


@pytest.mark.parametrize(
    ("slug", "sent", "words"),
    [
        ("around", {"telephone": "ring me"}, "Enter a telephone number"),
        ("around", {"carer": "", "carer_until_on": ["1", "2", "2027"]}, "Choose who the carer is"),
        ("around", {"carer": "parent", "carer_until_on": ["1", "2", "2020"]}, "Enter today or a day to come"),
        ("around", {"team": "x" * 121}, "at most 120"),
        ("risks", {"risks": ["helipad"]}, "There is a problem"),
        ("risks", {"note": "x" * 4001}, "at most 4,000"),
        ("choices", {"type_nursing": "only", "type_residential": "wanted"}, "not both"),
        ("choices", {"type_nursing": "maybe"}, "There is a problem"),
    ],
)
def test_what_cannot_be_is_said_beside_the_further_questions_too(broker, slug, sent, words):
    base = begin(broker)
    answer = broker.post(f"{base}/questions/{slug}", sent)
    assert answer.status_code == 422
    assert words in text(answer)


def test_further_answers_are_shown_and_changed_with_before_and_after(broker):
    base = begin(broker)
    check = answer_all(broker, base)
    assert all(words in text(broker.get(check)) for words in ("Falls", "DoLS", "Canary risk note", "Canary team"))
    assert "These often need, and no need says so" in text(broker.get(check))
    broker.post(f"{base}/submit", page=check)
    broker.post(f"{base}/questions/risks", {"risks": ["falls", "choking"], "legal": [], "note": "Canary risk note"})
    said = text(broker.get(base))
    assert "risks: Falls → Falls, Choking" in said
    assert re.search(r"legal status: Deprivation[^→]* → none", said)
    broker.post(f"{base}/questions/choices", {"type_nursing": "ruled_out"})
    assert "types of service: none → Nursing home (ruled out)" in text(broker.get(base))


def test_who_has_no_address_needs_no_postcode_and_distance_is_not_counted(broker):
    base = begin(broker, postcode="")
    check = answer_all(broker, base)
    page = f"{base}/questions/place"
    assert "Enter a postcode, or choose" in text(broker.post(page, {"counted_from": "postcode", "near_postcode": ""}))
    refused = broker.post(page, {"counted_from": "nowhere", "near_postcode": "", "max_miles": "3"})
    assert "Enter the postcode that the distance is counted from" in text(refused)
    assert broker.post(page, {"counted_from": "nowhere", "near_postcode": "", "max_miles": ""}).status_code == 302
    assert "No address: distance is not counted" in text(broker.get(check))
    assert re.search(r'value="nowhere"[^>]*checked', broker.get(page).get_data(as_text=True))
    assert broker.post(f"{base}/submit", page=check).status_code == 302
    assert "No address: distance is not counted" in text(broker.get(f"{base}/matches"))
