"""A crisis that cannot wait for every answer: it is searched for at once, and what nobody has asked stays a doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.brokerage.anonymised import anonymised
from placement.brokerage.answers import answer_needs
from placement.brokerage.around import answer_risks
from placement.brokerage.pen_pictures import submit_on_pen_picture
from placement.brokerage.referrals import withdraw_referral
from placement.brokerage.reservations import Decision
from placement.brokerage.returning import resubmit_referral, return_referral
from placement.brokerage.tasks import tasks_about
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.features import Strength
from placement.domain.kinds import KINDS
from placement.domain.sections import SECTION
from placement.domain.states import ReferralState
from placement.planning.differences import differences
from placement.planning.shortlists import shortlist
from placement.records.sections import AnsweredSection
from tests.brokerage.test_offers import asked
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_referral, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
WORDS = "Canary Quill, left hospital tonight, cannot manage stairs"


def a_draft(session, *sections, **values):
    draft = a_referral(session, state=ReferralState.DRAFT, submitted_at=None, **values)
    draft.answered = [AnsweredSection(slug=slug, answered_at=NOW) for slug in sections]
    session.flush()
    return draft


def submitted(session, *sections):
    draft = a_draft(session, "person", "dates", *sections)
    submit_on_pen_picture(session, draft, WORDS, **DOING)
    session.flush()
    return draft


def test_the_search_begins_and_what_is_missing_is_a_task_with_its_sections(session):
    referral = submitted(session, "funding")
    assert referral.state is ReferralState.SEARCHING
    assert referral.place_by == NOW + timedelta(hours=24)
    (task,) = tasks_about(session, referral, actor=BROKER)
    assert (task.kind, task.due_at) == ("complete_referral", NOW + timedelta(hours=24))
    assert task.words == (
        "Complete the referral: Needs and equipment, Place and travel, Choices and compatibility"
    )  # fmt: skip
    answer_needs(session, referral, {"dementia": Strength.ESSENTIAL}, **DOING)
    assert task.words == "Complete the referral: Place and travel, Choices and compatibility"
    for slug in ("place", "choices"):
        referral.answered.append(AnsweredSection(slug=slug, answered_at=NOW))
    answer_risks(session, referral, risks=["falls"], legal=[], note="", **DOING)
    session.flush()
    assert tasks_about(session, referral, actor=BROKER) == []
    assert referral.not_asked == ()


def test_only_a_crisis_goes_ahead_and_not_without_what_it_cannot_do_without(session):
    assert {kind.slug for kind in KINDS if kind.pen_needs} == {"crisis"}
    assert all(slug in SECTION for kind in KINDS for slug in kind.pen_needs)
    with pytest.raises(OutOfStep, match="Dates and urgency"):
        submit_on_pen_picture(session, a_draft(session, "person"), WORDS, **DOING)
    with pytest.raises(OutOfStep, match="Only a crisis"):
        submit_on_pen_picture(session, a_draft(session, "person", "dates", kind="planned"), WORDS, **DOING)
    for words, message in (("  ", "a few lines"), ("x" * 1001, "at most 1,000")):
        with pytest.raises(Invalid, match=message) as refused:
            submit_on_pen_picture(session, a_draft(session, "person", "dates"), words, **DOING)
        assert refused.value.field == "words"


def test_what_nobody_asked_is_a_doubt_in_words_and_never_no_need(session):
    a_unit(session)
    referral = submitted(session, "funding", "place", "choices", "risks")
    sentence = "Not asked yet: specialisms, support level, environment, clinical, culture and communication"
    assert shortlist(session, referral, now=NOW).not_asked == sentence
    (question,) = differences(session, referral, Decision(start_on=TODAY, end_on=night(14)), now=NOW)
    assert (question.key, question.text[: len(sentence)]) == ("not_asked", sentence)
    answer_needs(session, referral, {}, **DOING)
    assert shortlist(session, referral, now=NOW).not_asked == ""


def test_a_provider_reads_what_is_not_asked_and_nothing_of_the_pen_picture(session):
    (offer,) = asked(session, [a_unit(session)], submitted(session, "funding", "place", "needs"))
    told = anonymised(offer, day=TODAY)
    assert told.not_asked == ("risks", "legal")
    assert "Canary" not in repr(told)


def test_it_can_be_sent_back_and_comes_again_with_what_it_was_submitted_on(session):
    referral = submitted(session)
    return_referral(session, referral, ["risks"], "", **DOING)
    resubmit_referral(session, referral, **DOING)
    assert referral.state is ReferralState.SEARCHING
    withdraw_referral(session, referral, reason="other", **DOING)
    session.flush()
    assert tasks_about(session, referral, actor=BROKER) == []
