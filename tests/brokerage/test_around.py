from datetime import timedelta

import pytest

from placement.brokerage.anonymised import anonymised_referral
from placement.brokerage.answers import ChoiceAnswers, answer_choices
from placement.brokerage.around import AroundAnswers, answer_around, answer_risks
from placement.brokerage.changes import last_change
from placement.domain.errors import Invalid
from placement.domain.periods import Period
from placement.domain.services import TypeWish
from placement.planning.eligibility import refusals
from placement.planning.shortlists import shortlist
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_referral, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def changes(session, referral):
    session.flush()
    return {name: (was, after) for name, was, after in last_change(session, referral).what}


def test_codes_and_days_are_told_before_and_after_and_free_words_only_as_changed(session):
    referral = a_referral(session)
    said = AroundAnswers(team="Ward team", hospital="City", carer="parent", carer_until_on=night(9))
    answer_around(session, referral, said, **DOING)
    assert changes(session, referral) == {
        "referrer": (None, None),
        "hospital": (None, None),
        "carer": (None, "parent"),
        "carer_until_on": (None, night(9).isoformat()),
    }
    answer_risks(session, referral, risks=["choking", "falls"], legal=["dols"], note="Ask Mrs Canary", **DOING)
    assert changes(session, referral) == {
        "risks": ([], ["falls", "choking"]),
        "legal": ([], ["dols"]),
        "risk_note": (None, None),
    }


def test_a_provider_reads_the_words_of_the_tables_and_nothing_else(session):
    referral = a_referral(session)
    answer_around(session, referral, AroundAnswers(team="Canary", telephone="024 7655 0100", carer="parent"), **DOING)
    answer_risks(session, referral, risks=["falls"], legal=["dols"], note="Canary", **DOING)
    read = anonymised_referral(referral, Period.lasting(TODAY, 3), day=TODAY)
    assert (read.risks, read.legal) == (("falls",), ("dols",))
    assert not [word for word in ("Canary", "7655", "parent") if word in str(read)]


def test_what_is_in_no_table_and_a_carers_past_date_are_refused_but_one_that_has_passed_since_stays(session):
    referral = a_referral(session)
    for named in ({"risks": ["helipad"], "legal": []}, {"risks": [], "legal": ["helipad"]}):
        with pytest.raises(Invalid):
            answer_risks(session, referral, note="", **named, **DOING)
    until = AroundAnswers(carer="parent", carer_until_on=night(1))
    answer_around(session, referral, until, **DOING)
    answer_around(session, referral, until, by=BROKER, now=NOW + timedelta(days=5))
    with pytest.raises(Invalid):
        answer_around(
            session, referral, AroundAnswers(carer="parent", carer_until_on=night(0)), by=BROKER,
            now=NOW + timedelta(days=5),
        )  # fmt: skip


def test_a_type_that_is_ruled_out_refuses_in_its_own_words_and_a_wished_one_ranks_higher(session):
    nursing, shared, living = (
        a_unit(session, service=a_service(session, service_type=slug))
        for slug in ("nursing", "shared_lives", "supported_living")
    )
    referral = a_referral(session)
    wishes = {"nursing": TypeWish.RULED_OUT, "supported_living": TypeWish.WANTED}
    answer_choices(session, referral, ChoiceAnswers(types=wishes), **DOING)
    session.flush()
    assert dict(refusals(session, referral, nursing, now=NOW)) == {
        "type": "it is of a type that is ruled out for this person: nursing home"
    }
    found = shortlist(session, referral, now=NOW)
    assert found.of(living.id).points == found.of(shared.id).points + 20
    assert found.of(nursing.id) is None

    answer_choices(session, referral, ChoiceAnswers(types={"nursing": TypeWish.ONLY}), **DOING)
    session.flush()
    assert not refusals(session, referral, nursing, now=NOW)
    assert set(refusals(session, referral, shared, now=NOW)) == {"type"}
    assert changes(session, referral)["types"][1] == {"nursing": "only"}


def test_only_this_and_would_like_do_not_go_together(session):
    wishes = {"nursing": TypeWish.ONLY, "residential": TypeWish.WANTED}
    with pytest.raises(Invalid) as refused:
        answer_choices(session, a_referral(session), ChoiceAnswers(types=wishes), **DOING)
    assert refused.value.field == "type_residential"
