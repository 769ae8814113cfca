from datetime import date

import pytest

from placement.brokerage.answers import answer_person
from placement.brokerage.people import NOTHING_SAID, Confirmed, PersonAnswers, apply_said, known_person, person_with
from placement.brokerage.referrals import start_referral
from placement.domain.errors import Invalid, Recognised
from placement.domain.people import SYSTEM, Gender
from placement.domain.states import ReferralState
from placement.records.events import timeline
from placement.records.referrals import Person
from tests.brokerage.worlds import BROKER, RUGBY, a_location, story
from tests.builders import a_person, a_referral
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def answers(**values):
    given = {
        "case_number": "C1",
        "name": "Ann Other",
        "born_on": date(1980, 1, 1),
        "gender": Gender.WOMAN,
        "home": a_location(),
    }
    return PersonAnswers(**given | values)


def kept(session, confirmed=NOTHING_SAID, **values):
    return known_person(session, answers(**values), confirmed=confirmed, **DOING)


def begun(session, confirmed=NOTHING_SAID, **values):
    return start_referral(session, "planned", answers(**values), confirmed=confirmed, **DOING)


def same(person):
    return Confirmed(same_as=person.id)


def details(session, person):
    """Return what the trail says of the newest change of a person."""
    session.flush()
    return timeline(session, person, actor=SYSTEM)[0].details


def test_the_same_case_number_is_the_same_person_however_it_is_typed(session):
    first = kept(session, case_number=" ab-12\u00a0")
    for typed in ("AB-12", "aB-12 ", "ＡＢ-１２"):
        assert kept(session, case_number=typed, confirmed=same(first)) is first
    assert person_with(session, "aB-12 ") is first
    assert story(session, first) == ["added a person"]


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u3000\u2800", "-"])
@pytest.mark.parametrize("field", ["case_number", "name"])
def test_a_blank_is_nobodys_case_number_and_nobodys_name(session, field, blank):
    if (field, blank) == ("name", "-"):
        return
    with pytest.raises(Invalid) as refusal:
        kept(session, **{field: blank})
    assert refusal.value.field == field
    assert session.query(Person).count() == 0


def test_a_known_case_number_changes_nothing_until_a_human_says_who_it_is(session):
    person = kept(session)
    with pytest.raises(Recognised) as asked:
        kept(session, name="Somebody Else", home=None)
    assert (asked.value.known, asked.value.alike) == (person.id, ())
    with pytest.raises(Recognised):
        kept(session, name="Somebody Else", confirmed=Confirmed(same_as=person.id + 1))
    assert (person.name, person.postcode) == ("Ann Other", "CV1 5RR")


def test_what_a_draft_says_of_a_known_person_counts_from_its_submission_on(session):
    person = a_referral(session, person=kept(session)).person
    draft = begun(session, same(person), name="Ann Married", home=a_location("CV21 2AA", authority=RUGBY))
    assert (person.name, person.postcode, person.ward_code) == ("Ann Other", "CV1 5RR", a_location().ward.code)
    assert (draft.said_of_person["name"], draft.said_of_person["postcode"]) == ("Ann Married", "CV21 2AA")
    assert story(session, person) == ["added a person"]

    apply_said(session, draft, **DOING)
    session.flush()

    assert (person.name, person.postcode, person.authority, person.ward_code) == (
        "Ann Married",
        "CV21 2AA",
        RUGBY,
        None,
    )
    assert draft.person_said is None
    assert details(session, person) == {
        "changed": ["name", "home"], "ward": None, "ward_before": a_location().ward.code, "referral": draft.id,
    }  # fmt: skip


def test_a_draft_changes_only_what_it_says_otherwise_and_undoes_nobodys_later_change(session):
    person = a_referral(session, person=kept(session)).person
    moving, marrying = (
        begun(session, same(person), home=a_location("CV2 1AA")),
        begun(session, same(person), name="Ann Married", gender=Gender.OTHER),
    )
    apply_said(session, marrying, **DOING)
    assert details(session, person) == {
        "changed": ["name", "gender"], "gender": "other", "gender_before": "woman", "referral": marrying.id,
    }  # fmt: skip
    apply_said(session, moving, **DOING)

    assert (person.name, person.gender, person.postcode) == ("Ann Married", Gender.OTHER, "CV2 1AA")


def test_a_gender_that_was_not_said_changes_none_that_is_on_record(session):
    person = a_referral(session, person=kept(session)).person
    draft = begun(session, same(person), gender=None)
    assert draft.person_said is None
    assert draft.said_of_person["gender"] is Gender.WOMAN


def test_a_draft_that_says_what_is_on_record_keeps_nothing_and_changes_nothing(session):
    person = a_referral(session, person=kept(session)).person
    draft = begun(session, same(person), name="Ann Married")
    answer_person(session, draft, answers(), **DOING)
    assert draft.person_said is None
    apply_said(session, draft, **DOING)

    assert story(session, person) == ["added a person"]


def test_a_person_whom_only_one_draft_knows_takes_its_corrections_the_case_number_included(session):
    draft = begun(session)
    person = draft.person
    answer_person(session, draft, answers(case_number="C2", born_on=date(1981, 1, 1), name="Ann Others"), **DOING)

    assert draft.person is person
    assert (person.case_number, person.name, person.born_on) == ("C2", "Ann Others", date(1981, 1, 1))
    assert session.query(Person).count() == 1
    assert details(session, person)["changed"] == ["name", "case_number", "born_on"]


def test_a_draft_that_is_given_to_somebody_on_record_asks_first(session):
    draft = begun(session)
    other = a_person(session, case_number="X9", name="Xavier Unlike")
    with pytest.raises(Recognised) as asked:
        answer_person(session, draft, answers(case_number="X9"), **DOING)
    assert asked.value.known == other.id
    answer_person(session, draft, answers(case_number="X9"), confirmed=same(other), **DOING)

    assert draft.person is other
    assert other.name == "Xavier Unlike"


def test_somebody_born_on_the_same_day_with_a_like_name_is_asked_about(session):
    like = a_referral(session, person=a_person(session, case_number="X9", name="Anne Other")).person
    a_referral(session, person=a_person(session, case_number="X8", name="Bob Brown"))
    a_referral(session, person=a_person(session, case_number="X7", name="Ann Other", born_on=date(1980, 1, 2)))
    with pytest.raises(Recognised) as asked:
        begun(session)
    assert (asked.value.known, asked.value.alike) == (None, (like.id,))

    draft = begun(session, Confirmed(other_than=frozenset(asked.value.alike)))
    assert draft.person is not like
    withdrawn = a_referral(session, person=draft.person, state=ReferralState.WITHDRAWN)
    assert withdrawn.person is draft.person


def test_another_date_of_birth_under_the_same_case_number_is_refused_and_changes_nothing(session):
    person = kept(session)

    with pytest.raises(Invalid) as refusal:
        kept(session, born_on=date(1980, 1, 2), name="Somebody Else")
    assert refusal.value.field == "case_number"
    assert person.name == "Ann Other"


@pytest.mark.parametrize("born_on", [date(2009, 11, 24), date(1905, 11, 23), date(2030, 1, 1)], ids=str)
def test_a_date_of_birth_that_no_adult_has_is_refused(session, born_on):
    with pytest.raises(Invalid) as refusal:
        kept(session, born_on=born_on)
    assert refusal.value.field == "born_on"
    assert person_with(session, "C1") is None


@pytest.mark.parametrize("born_on", [date(2008, 11, 23), date(1905, 11, 24)], ids=str)
def test_somebody_who_turns_eighteen_today_or_is_still_a_hundred_and_twenty_is_taken(session, born_on):
    assert kept(session, born_on=born_on).born_on == born_on


def test_a_home_in_the_city_gives_a_ward_and_one_outside_or_none_gives_none(session):
    assert kept(session).ward_code == a_location().ward.code
    away = kept(session, case_number="C2", name="Bob Brown", home=a_location("CV21 2AA", authority=RUGBY))
    assert (away.postcode, away.authority, away.ward_code) == ("CV21 2AA", RUGBY, None)
    nowhere = kept(session, case_number="C3", name="Cy Young", home=None)
    assert {nowhere.postcode, nowhere.lat, nowhere.lon, nowhere.authority, nowhere.ward_code} == {None}
