"""Deciding later, rejecting and taking back; and what a no counts for, and until when."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.changes import set_limit
from placement.brokerage.holding import hold_place
from placement.brokerage.holds import held_referrals
from placement.brokerage.referrals import put_on_hold, resume_referral
from placement.brokerage.reservations import Decision
from placement.brokerage.ruling import put_back, rule_out
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.holds import HOLD_LENGTHS, usual_hold
from placement.domain.kinds import KINDS
from placement.domain.reasons import CHANGES, DECLINES
from placement.domain.states import HoldState, ProposalState
from placement.planning.deciding import end_holds, hold_proposal, reject_proposal, reopen_proposal
from placement.planning.eligibility import refusals
from placement.planning.kept_out import KEPT_OUT, kept_out
from placement.planning.run_table import person_of, run_facet, run_page, swap_words
from placement.planning.shortlists import accept, shortlist
from placement.records.availability import availability
from placement.records.events import record
from placement.records.holds import PlaceHold
from placement.records.referrals import Decline
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import TODAY, a_person, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.test_runs import published

DOING = {"by": BROKER, "now": NOW}
TONIGHT = Decision(start_on=TODAY, end_on=night(14))
SOON = NOW + timedelta(minutes=31)


def free(session, unit, *, held_for=()):
    session.flush()
    return availability(session, [unit.id], day=TODAY, held_for=held_for).bookable(unit.id, TODAY, night(14))


def a_hold(session):
    return session.scalars(select(PlaceHold).order_by(PlaceHold.id.desc())).first()


def offered(session, referral, unit):
    session.flush()
    session.expire(referral)
    return shortlist(session, referral, now=NOW).of(unit.id) is not None


def declined(session, referral, unit, reason, at=NOW):
    session.add(Decline(referral=referral, unit_id=unit.id, reason=reason, declined_by="P", declined_at=at))


# Holding


def test_a_held_place_is_given_to_nobody_else_and_to_the_person_with_one_click(session):
    unit, referral, other = a_unit(session), a_referral(session), a_referral(session)
    hold_place(session, referral, unit, TONIGHT, length="two_hours", **DOING)

    assert (free(session, unit), free(session, unit, held_for=[referral.id])) == (0, 1)
    assert not offered(session, other, unit)
    assert offered(session, referral, unit)
    with pytest.raises(NoLongerVacant):
        accept(session, other, unit, TONIGHT, **DOING)
    accept(session, referral, unit, TONIGHT, **DOING)
    assert (a_hold(session).state, free(session, unit)) == (HoldState.USED, 0)


def test_a_referral_has_one_hold_at_a_time_and_none_once_nobody_searches(session):
    first, second, referral = a_unit(session), a_unit(session), a_referral(session)
    hold_place(session, referral, first, TONIGHT, length="half_hour", **DOING)
    hold_place(session, referral, second, TONIGHT, length="half_hour", **DOING)
    assert (free(session, first), free(session, second)) == (1, 0)
    put_on_hold(session, referral, **DOING)

    assert (free(session, second), held_referrals(session)) == (1, frozenset())
    with pytest.raises(OutOfStep):
        hold_place(session, referral, first, TONIGHT, length="half_hour", **DOING)


def test_the_last_place_is_held_for_one(session):
    unit = a_unit(session)
    hold_place(session, a_referral(session), unit, TONIGHT, length="half_hour", **DOING)
    with pytest.raises(NoLongerVacant):
        hold_place(session, a_referral(session), unit, TONIGHT, length="half_hour", **DOING)


def test_who_is_held_for_counts_for_whom_they_must_not_live_with(session):
    house = a_service(session)
    unit, beside, referral = a_unit(session, service=house), a_unit(session, service=house), a_referral(session)
    other = a_referral(session)
    other.apart = [referral.person]
    assert offered(session, other, beside)
    hold_place(session, referral, unit, TONIGHT, length="half_hour", **DOING)

    assert not offered(session, other, beside)


@pytest.mark.parametrize("length", HOLD_LENGTHS, ids=lambda length: length.slug)
def test_every_length_ends_by_itself(session, length):
    unit, referral = a_unit(session), a_referral(session)
    hold = hold_place(session, referral, unit, TONIGHT, length=length.slug, **DOING)
    assert hold.held_until > NOW
    assert end_holds(session, now=hold.held_until - timedelta(seconds=1)) == 0
    assert end_holds(session, now=hold.held_until) == 1
    assert (hold.state, free(session, unit)) == (HoldState.EXPIRED, 1)
    assert {usual_hold(kind.slug) for kind in KINDS} <= {each.slug for each in HOLD_LENGTHS}


def test_a_length_that_is_not_in_the_table_is_refused(session):
    with pytest.raises(Invalid) as refused:
        hold_place(session, a_referral(session), a_unit(session), TONIGHT, length="for ever", **DOING)
    assert refused.value.field == "length"


# Deciding


def test_a_proposal_that_is_held_is_not_given_away_by_the_next_run_and_comes_back_when_its_time_is_over(session):
    unit, first = a_unit(session), a_referral(session, submitted_at=NOW - timedelta(days=9))
    run, _ = published(session)
    (proposal,) = run.proposals
    hold_proposal(session, proposal, length="half_hour", **DOING)
    second = a_referral(session, submitted_at=NOW - timedelta(days=90))  # weighs more

    again, plan = published(session)
    assert plan.matches == ()
    (carried,) = again.proposals
    assert (carried.referral, carried.unit_id, carried.state) == (first, unit.id, ProposalState.DEFERRED)
    assert [each.sentence for each in carried.reasons] == [each.sentence for each in proposal.reasons]
    rows = {row.referral: row for row in run_page(session, again, "", actor=BROKER).rows}
    assert (rows[first].is_held, rows[second].stands) == (True, "What would help")

    assert end_holds(session, now=SOON) == 1
    assert (carried.state, proposal.state) == (ProposalState.PROPOSED, ProposalState.PROPOSED)
    assert person_of(session, again, first.id, actor=BROKER).waits


def test_a_proposal_that_was_put_off_is_to_be_decided_again_whatever_ended_its_hold(session):
    a_unit(session)
    referral = a_referral(session)
    run, _ = published(session)
    hold_proposal(session, run.proposals[0], length="half_hour", **DOING)
    put_on_hold(session, referral, **DOING)
    resume_referral(session, referral, **DOING)
    session.flush()

    row = person_of(session, run, referral.id, actor=BROKER)
    assert (row.proposal.state, row.is_held, row.waits) == (ProposalState.DEFERRED, False, True)
    counts = {option.slug: option.count for option in run_facet(session, run, "", actor=BROKER).options}
    assert (counts["decide"], counts["held"]) == (1, 0)
    hold_proposal(session, row.proposal, length="half_hour", **DOING)
    assert person_of(session, run, referral.id, actor=BROKER).is_held


def test_only_the_newest_run_is_decided(session):
    a_unit(session)
    a_referral(session)
    run, _ = published(session)
    (old,) = run.proposals
    published(session)
    for decide in (
        lambda: hold_proposal(session, old, length="half_hour", **DOING),
        lambda: reject_proposal(session, old, reason="risk", **DOING),
        lambda: reopen_proposal(session, old, **DOING),
    ):
        with pytest.raises(OutOfStep, match="newer"):
            decide()


def test_a_rejected_pair_is_not_proposed_again_until_that_is_undone(session):
    unit, referral = a_unit(session), a_referral(session)
    run, _ = published(session)
    (proposal,) = run.proposals
    with pytest.raises(Invalid):
        reject_proposal(session, proposal, reason="boredom", **DOING)
    with pytest.raises(Invalid):
        reject_proposal(session, proposal, reason="other", **DOING)
    reject_proposal(session, proposal, reason="too_far", note="the school", **DOING)

    assert proposal.decision_reason == "Too far from the people who matter: the school"
    assert not offered(session, referral, unit)
    told = refusals(session, referral, unit, now=NOW)[KEPT_OUT]
    assert told == "ruled out by Bo Broker on 23 November: too far from the people who matter"
    again, _ = published(session)
    assert again.proposals == []
    put_back(session, referral, unit.id, **DOING)
    assert offered(session, referral, unit)
    third, _ = published(session)
    assert [each.unit_id for each in third.proposals] == [unit.id]


def test_a_rejection_and_a_hold_are_taken_back_where_they_were_made(session):
    unit, referral = a_unit(session), a_referral(session)
    run, _ = published(session)
    (proposal,) = run.proposals
    reject_proposal(session, proposal, reason="risk", **DOING)
    reopen_proposal(session, proposal, **DOING)
    assert (proposal.state, proposal.decided_by, offered(session, referral, unit)) == (ProposalState.PROPOSED, "", True)
    hold_proposal(session, proposal, length="half_hour", **DOING)
    reopen_proposal(session, proposal, **DOING)
    assert (proposal.state, a_hold(session).state) == (ProposalState.PROPOSED, HoldState.LET_GO)
    hold_proposal(session, proposal, length="half_hour", **DOING)
    reject_proposal(session, proposal, reason="risk", **DOING)
    assert (proposal.state, free(session, unit)) == (ProposalState.REJECTED, 1)
    with pytest.raises(OutOfStep):
        hold_proposal(session, proposal, length="half_hour", **DOING)
    assert story(session, proposal)[:2] == ["rejected a proposal", "put a rejected proposal back to be decided"]


# The table


def test_the_table_is_in_the_order_of_deadlines_and_narrowed_with_true_counts(session):
    a_unit(session), a_unit(session, offers=("hoist",), service=a_service(session, authority=RUGBY))
    late = a_referral(session, place_by=NOW + timedelta(hours=5), submitted_at=NOW - timedelta(days=3))
    soon = a_referral(session, place_by=NOW + timedelta(hours=1))
    out = a_referral(session, place_by=NOW + timedelta(hours=3), essential=("hoist",))
    run, _ = published(session)

    def shown(show):
        return [row.referral for row in run_page(session, run, show, actor=BROKER).rows]

    assert shown("") == [soon, out, late]
    expected = {"": 3, "decide": 2, "held": 0, "out": 1, "none": 1, "done": 0}
    facet = run_facet(session, run, "", actor=BROKER)
    assert {option.slug: option.count for option in facet.options} == expected
    assert (shown("out"), shown("none")) == ([out], [soon])
    row = person_of(session, run, late.id, actor=BROKER)
    hold_proposal(session, row.proposal, length="half_hour", **DOING)
    reject_proposal(session, person_of(session, run, out.id, actor=BROKER).proposal, reason="risk", **DOING)
    assert (shown("decide"), shown("held"), shown("done")) == ([], [late], [out])


def test_who_else_wanted_a_place_is_told_with_what_giving_it_to_them_would_do(session):
    a_unit(session)
    holder = a_referral(session, submitted_at=NOW - timedelta(days=3))
    other = a_referral(session)
    run, _ = published(session)
    (rival,) = person_of(session, run, holder.id, actor=BROKER).proposal.rivals

    assert rival.referral == other
    assert swap_words(rival.changes)[:2] == [
        "3 points less need met in the city",
        "3 points less need met anywhere",
    ]
    assert swap_words({"cost": 12, "fit": 4, "others": 2}) == [
        "4 points more fit", "£12 more cost", "takes 2 other places away"
    ]  # fmt: skip
    assert swap_words({"tie": 5}) == ["changes nothing that the run weighs"]


def test_a_count_that_is_the_same_for_everybody_is_no_cause(session):
    a_unit(session, kinds="respite")
    house = a_service(session)
    a_unit(session, service=house, offers=("pbs",))
    for _ in range(2):
        a_referral(session).avoided = [house]
    a_referral(session, essential=("hoist",))
    run, _ = published(session)
    rows = {row.referral: row for row in run_page(session, run, "", actor=BROKER).rows}

    (same,) = {row.every[0] for row in rows.values()}
    assert same == "1 place does not take this kind of referral"
    assert all(same not in row.causes for row in rows.values())
    assert all(row.causes for row in rows.values())


# What a no counts for


LIFTS = {
    "report": lambda session, referral, unit: a_report(session, unit, accepting=1, reported_at=SOON),
    "unit": lambda session, referral, unit: record(session, "unit_edited", unit, by=BROKER, now=SOON),
    **{
        section: lambda session, referral, unit, section=section: record(
            session, "referral_changed", referral, by=BROKER, now=SOON, section=section, changes={}
        )
        for section in ("needs", "place", "dates", "choices", "funding")
    },
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_no_counts_until_what_it_was_about_changes_and_no_longer(session, what):
    referrals = {reason: a_referral(session) for reason in DECLINES}
    units = {reason: a_unit(session) for reason in DECLINES}
    for reason, referral in referrals.items():
        declined(session, referral, units[reason], reason.slug, at=NOW + timedelta(minutes=1))
    session.flush()
    everybody = list(referrals.values())
    assert kept_out(session, everybody) == {
        referral.id: frozenset({units[reason].id}) for reason, referral in referrals.items()
    }
    for reason, referral in referrals.items():
        LIFTS[what](session, referral, units[reason])
    session.flush()

    lifted = {reason for reason, referral in referrals.items() if referral.id not in kept_out(session, everybody)}
    assert lifted == {reason for reason in DECLINES if what in reason.until}


def test_a_no_that_was_said_after_the_change_still_counts(session):
    referral, unit = a_referral(session, budget_weekly_pence=200000), a_unit(session)
    set_limit(session, referral, "budget_weekly_pence", 250000, **DOING)
    declined(session, referral, unit, "price", at=SOON)
    session.flush()
    assert kept_out(session, [referral]) == {referral.id: {unit.id}}
    put_back(session, referral, unit.id, by=BROKER, now=SOON + timedelta(minutes=1))
    session.flush()
    assert kept_out(session, [referral]) == {}


def test_what_is_ruled_out_twice_is_ruled_out_once_and_for_that_person_alone(session):
    unit, referral, other = a_unit(session), a_referral(session), a_referral(session, person=a_person(session))
    for reason in ("risk", "too_far"):
        rule_out(session, referral, unit.id, reason=reason, **DOING)
    assert story(session, referral) == ["ruled a place out"]
    assert kept_out(session, [referral, other]) == {referral.id: {unit.id}}
