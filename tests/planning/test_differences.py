"""A place that differs from what was asked is asked about, and the stay keeps in what."""

import pytest

from placement.brokerage.reservations import Decision
from placement.domain.claims import Said
from placement.domain.errors import ToConfirm
from placement.domain.features import Strength
from placement.domain.states import OfferState
from placement.planning.differences import DIFFERENCES, differences, to_ask_first
from placement.planning.run_table import RunRow
from placement.planning.shortlists import accept
from placement.records.offers import Offer
from placement.records.providers import UnitFeature
from placement.records.referrals import ReferralNeed
from placement.records.runs import Proposal
from tests.brokerage.worlds import BROKER
from tests.builders import a_referral, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def chosen(start, nights):
    return Decision(start_on=night(start), end_on=None if nights is None else night(start + nights))


def asked(session, kind="crisis", **values):
    return a_referral(session, kind=kind, essential=("hoist",), **values)


def told(session, referral, start, nights):
    found = differences(session, referral, chosen(start, nights), now=NOW)
    return [question.key.partition("-")[0] for question in found]


@pytest.mark.parametrize(
    ("start", "nights", "differ"),
    [(0, 14, []), (1, 14, []), (7, 14, ["start"]), (0, 13, ["nights"]), (365, 20, ["start", "nights"])],
)
def test_other_dates_and_another_length_are_told(session, start, nights, differ):
    assert told(session, asked(session), start, nights) == differ


def test_the_length_is_told_in_a_sentence(session):
    for_good = asked(session, kind="move_on", nights=None)
    (question,) = differences(session, for_good, chosen(0, 1), now=NOW)

    assert question.text == "This would be a stay of 1 night. The referral asks for a stay without an end date."


def test_a_window_that_has_passed_is_still_open_today(session):
    late = asked(session, earliest_on=night(-9), latest_on=night(-8))

    assert told(session, late, 0, 14) == []


def test_a_referral_without_a_need_was_matched_with_nothing(session):
    referral = a_referral(session)
    assert told(session, referral, 0, 14) == ["no_needs"]

    referral.needs.append(ReferralNeed(slug="hoist", strength=Strength.UNKNOWN))
    assert told(session, referral, 0, 14) == []


def test_nothing_is_reserved_until_it_is_confirmed_and_the_stay_keeps_what_differs(session):
    unit, referral = a_unit(session, offers=("hoist",)), asked(session)
    with pytest.raises(ToConfirm) as refused:
        accept(session, referral, unit, chosen(7, 13), **DOING, confirmed=())
    keys = [question.key for question in refused.value.questions]
    with pytest.raises(ToConfirm):
        accept(session, referral, unit, chosen(7, 12), **DOING, confirmed=keys)
    stay = accept(session, referral, unit, chosen(7, 13), **DOING, confirmed=keys)

    assert stay.differs == "start nights"
    assert set(stay.differs.split()) <= set(DIFFERENCES)
    same = accept(session, asked(session), a_unit(session, offers=("hoist",)), chosen(0, 14), **DOING, confirmed=())
    assert same.differs == ""


def test_a_place_whose_provider_wants_to_be_asked_first_is_asked_about_until_it_has_said_yes(session):
    referral, unit = a_referral(session, essential=("pbs",)), a_unit(session)
    unit.features = [UnitFeature(slug="pbs", said=Said.ASK), UnitFeature(slug="garden", said=Said.ASK)]
    session.flush()
    with pytest.raises(ToConfirm) as asking:
        accept(session, referral, unit, chosen(0, 14), confirmed=(), **DOING)
    (question,) = asking.value.questions
    assert "wants to be asked first about positive behaviour support (PBS)" in question.text

    offer = Offer(
        referral=referral, unit=unit, rank=1, start_on=night(0), end_on=night(14), made_at=NOW, due_at=NOW,
        reply_by=NOW, sent_at=NOW, state=OfferState.INTERESTED, answered_at=NOW,
    )  # fmt: skip
    session.add(offer)
    session.flush()
    assert to_ask_first(session, referral, unit) == []
    session.delete(offer)
    session.flush()
    stay = accept(session, referral, unit, chosen(0, 14), confirmed=[question.key], **DOING)
    assert stay.differs == "ask_first"


def test_a_proposal_of_a_run_says_what_to_ask_first_as_the_provider_says_now(session):
    referral, unit = a_referral(session, essential=("sleep_in", "pbs")), a_unit(session)
    unit.features = [UnitFeature(slug="waking_night", said=Said.ASK), UnitFeature(slug="pbs")]
    session.flush()
    nothing = {"unmet": None, "hold": None, "is_in_city": True, "causes": (), "every": ()}
    proposal = Proposal(referral=referral, unit=unit, start_on=night(0))
    assert RunRow(referral=referral, proposal=proposal, **nothing).ask_first == ("sleep_in",)
    assert RunRow(referral=referral, proposal=None, **nothing).ask_first == ()
