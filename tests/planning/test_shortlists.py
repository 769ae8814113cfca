from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from placement.brokerage.reservations import Decision
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.features import Strength
from placement.domain.states import PlacementState, ProposalState, ReferralState, RunState
from placement.matching.judging.ranking import ranked
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.planning.giving_way import way_of
from placement.planning.keys import unit_key
from placement.planning.shortlists import accept, shortlist
from placement.planning.snapshot import instance_of
from placement.records.referrals import Decline, ReferralNeed
from placement.records.runs import MatchRun, Proposal
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}


def chosen(start=0, nights=14, **values):
    return Decision(start_on=night(start), end_on=night(start + nights), **values)


def a_market(session):
    """Four units: near, far, lacking a need, and full."""
    near = a_unit(session, offers=("pbs",))
    far = a_unit(session, offers=("pbs",), service=a_service(session, lat=52.6, lon=-1.9, authority=RUGBY))
    lacking = a_unit(session, weekly_pence=900000)
    full = a_unit(session, offers=("pbs",), accepting=0)
    return near, far, lacking, full


def test_ranks_and_refusals_are_the_engines_own(session):
    near, far, lacking, full = a_market(session)
    referral = a_referral(session, essential=("pbs",), budget_weekly_pence=200000)
    every = shortlist(session, referral, now=NOW)
    engine = ranked(instance_of(session, [referral], now=NOW), referral.reference)

    assert [(each.rank, unit_key(each.unit.id)) for each in every.listed] == [
        (option.rank, option.unit) for option in engine.options
    ]
    assert [each.unit for each in every.listed] == [near, far]
    assert [each.is_in_city for each in every.listed] == [True, False]
    assert {each.unit: each.rules for each in every.refused} == {lacking: ("essential", "budget"), full: ("nights",)}
    assert [each.points for each in every.listed] == [sum(points for _, points in each.terms) for each in every.listed]
    assert every.of(near.id).rank == 1
    assert every.of(lacking.id) is None


def test_an_entry_says_when_the_stay_would_begin_and_end(session):
    unit = a_unit(session)
    a_placement(session, unit, start=0, nights=3)
    window = {"kind": "respite", "earliest_on": night(1), "latest_on": night(9)}
    fixed = shortlist(session, a_referral(session, nights=5, **window), now=NOW).of(unit.id)
    open_ended = shortlist(session, a_referral(session, nights=None, **window | {"kind": "planned"}), now=NOW).of(
        unit.id
    )

    assert (fixed.start_on, fixed.end_on) == (night(3), night(8))
    assert (open_ended.start_on, open_ended.end_on) == (night(3), None)


def test_what_is_not_known_is_asked(session):
    referral, unit = a_referral(session, essential=("pbs",)), a_unit(session, offers=("pbs",))
    referral.needs.append(ReferralNeed(slug="hoist", strength=Strength.UNKNOWN))
    session.flush()
    every = shortlist(session, referral, now=NOW)

    assert every.ask == ("hoist",)
    assert every.of(unit.id).must_haves == ("pbs",)


def test_every_refused_unit_is_counted_once_at_its_first_rule(session):
    near, _, lacking, _ = a_market(session)
    referral = a_referral(session, essential=("pbs",), budget_weekly_pence=200000)
    session.add(Decline(referral_id=referral.id, unit_id=near.id, reason="risk", declined_by="x", declined_at=NOW))
    session.flush()
    session.expire(referral, ["declines"])
    every = shortlist(session, referral, now=NOW)

    assert every.causes() == [
        ("essential", "1 place lacks an essential need"),
        ("declined", "1 place has declined this person or was ruled out"),
        ("nights", "1 place has no free place on the nights needed"),
    ]
    assert lacking in [each.unit for each in every.refused]


@tried(15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_unit_is_either_listed_or_refused_by_just_the_rules_that_refuse_it(shared_store, data):
    with shared_store.write() as session:
        some = st.sets(st.sampled_from(["pbs", "hoist"]), max_size=2).map(tuple)
        units = [
            a_unit(
                session,
                offers=data.draw(some),
                accepting=data.draw(st.sampled_from([None, 0, 1])),
                weekly_pence=data.draw(st.sampled_from([None, 1000, 5000])),
                kinds=data.draw(st.sampled_from(["", "crisis", "respite planned"])),
                gender=data.draw(st.sampled_from(["any", "women", "men", "same"])),
                min_age=data.draw(st.sampled_from([18, 65])),
                reply_hours=data.draw(st.sampled_from([1, 48])),
            )
            for _ in range(4)
        ]
        referral = a_referral(
            session,
            essential=data.draw(some),
            budget_weekly_pence=data.draw(st.sampled_from([None, 3000])),
            max_miles=data.draw(st.sampled_from([None, 1.0])),
        )
        every = shortlist(session, referral, now=NOW)
        setting = Setting(instance_of(session, [referral], now=NOW))
        (need,) = setting.needs.values()
        found = {each.unit.id: each.rules for each in every.refused} | {each.unit.id: () for each in every.listed}

        assert found == {
            unit.id: tuple(rule.slug for rule in refusals(need, setting.units[unit_key(unit.id)], setting))
            for unit in units
        }
        assert len(every.listed) + len(every.refused) == len(units)
        assert sum(int(words.split()[0]) for _, words in every.causes()) == len(every.refused)
        session.rollback()


def test_what_nearly_fits_stands_by_itself_with_the_fact(session):
    *_, lacking, full = a_market(session)
    every = shortlist(session, a_referral(session, essential=("pbs",), budget_weekly_pence=850_000), now=NOW)

    assert [each.unit for each in every.near] == [lacking]
    (short,) = every.near
    assert short.short == ("no positive behaviour support (PBS) recorded", "£500 a week over the limit of £8,500")
    assert [each.unit for each in every.refused] == [full, lacking]
    dear = shortlist(session, a_referral(session, essential=("pbs",), budget_weekly_pence=200_000), now=NOW)
    assert dear.near == ()


def test_an_entry_names_the_wishes_that_it_meets_and_those_it_does_not(session):
    unit = a_unit(session, offers=("pbs", "garden", "hoist"))
    referral = a_referral(session, essential=("hoist", "pbs"))
    referral.needs += [ReferralNeed(slug=slug, strength=Strength.DESIRABLE) for slug in ("garden", "pets", "halal")]
    session.flush()
    listed = shortlist(session, referral, now=NOW).of(unit.id)

    assert listed.must_haves == ("pbs", "hoist")
    assert (listed.wishes_met, listed.wishes_unmet) == (("garden",), ("pets", "halal"))


# Accepting


def test_accepting_reserves_the_place(session):
    unit, referral = a_unit(session), a_referral(session)
    stay = accept(session, referral, unit, chosen(rank=1), **DOING)

    assert (stay.state, stay.unit, stay.rank) == (PlacementState.RESERVED, unit, 1)
    assert referral.state is ReferralState.PLACED


def test_a_unit_that_a_rule_refuses_cannot_be_accepted_and_the_rules_are_named(session):
    *_, lacking, _ = a_market(session)
    referral = a_referral(session, essential=("pbs",), budget_weekly_pence=200000)
    with pytest.raises(Invalid) as refusal:
        accept(session, referral, lacking, chosen(), **DOING)

    facts = "no positive behaviour support (PBS) recorded; £7,000 a week over the limit of £2,000"
    assert str(refusal.value) == f"This place cannot be chosen: {facts}."
    assert (referral.state, story(session, referral)) == (ReferralState.SEARCHING, [])


def test_a_unit_without_a_free_night_is_told_to_be_taken_and_not_refused(session):
    unit = a_unit(session, accepting=0)
    with pytest.raises(NoLongerVacant):
        accept(session, a_referral(session), unit, chosen(), **DOING)


def test_a_place_that_is_gone_is_told_as_gone_before_any_rule_is_asked(session):
    """The rules take long, under a lock: of many who come for the last place only the first asks them."""
    unit, referral = a_unit(session, accepting=0), a_referral(session, essential=("pbs",))
    with pytest.raises(NoLongerVacant):
        accept(session, referral, unit, chosen(), **DOING)


def test_a_place_that_the_persons_own_stay_takes_is_not_gone(session):
    """Nobody else has taken it, so that the person hears of their own stay, and may move on within the unit."""
    unit, referral = a_unit(session), a_referral(session)
    a_placement(session, unit, start=-3, nights=None, person=referral.person)
    with pytest.raises(NoLongerVacant):
        accept(session, referral, unit, chosen(), **DOING)
    assert accept(session, referral, unit, chosen(ends_current=True), **DOING).unit is unit


def test_nights_that_were_chosen_outside_the_window_are_judged_by_the_nights_themselves(session):
    unit = a_unit(session)
    a_placement(session, unit, start=0, nights=3)
    referral = a_referral(session)
    assert [each.rules for each in shortlist(session, referral, now=NOW).refused] == [("nights",)]

    assert accept(session, referral, unit, chosen(3), **DOING).start_on == night(3)


def test_a_unit_that_has_left_the_register_cannot_be_accepted(session):
    unit = a_unit(session, service=a_service(session, is_listed=False))
    with pytest.raises(Invalid):
        accept(session, a_referral(session), unit, chosen(), **DOING)


def test_a_referral_that_has_a_place_gets_no_second_one(session):
    unit, referral = a_unit(session, accepting=2), a_referral(session)
    accept(session, referral, unit, chosen(), **DOING)
    other = a_unit(session)

    with pytest.raises(OutOfStep):
        accept(session, referral, other, chosen(), **DOING)


@pytest.mark.parametrize("state", list(ProposalState))
@pytest.mark.parametrize("same", [True, False], ids=["the same unit", "another unit"])
def test_accepting_decides_the_runs_proposal_unless_it_was_decided(session, state, same):
    proposed, other, referral = a_unit(session), a_unit(session), a_referral(session)
    run = MatchRun(state=RunState.FINISHED, requested_at=NOW, requester="x", budget_seconds=1)
    proposal = Proposal(run=run, referral=referral, unit_id=proposed.id, start_on=night(0), state=state)
    session.add_all([run, proposal])
    session.flush()
    choice = chosen(run_id=run.id, reason="Because " * 100)
    stay = accept(session, referral, proposed if same else other, choice, by=BROKER, now=NOW + timedelta(hours=1))

    assert stay.run_id == run.id
    if state in (ProposalState.ACCEPTED, ProposalState.REJECTED):
        assert (proposal.state, proposal.decided_at) == (state, None)
    else:
        assert proposal.state is (ProposalState.ACCEPTED if same else ProposalState.REJECTED)
        assert (proposal.decided_by, len(proposal.decision_reason)) == ("Bo Broker", 500)


def test_accepting_without_a_run_decides_no_proposal(session):
    unit, referral = a_unit(session), a_referral(session)
    run = MatchRun(state=RunState.FINISHED, requested_at=NOW, requester="x", budget_seconds=1)
    proposal = Proposal(run=run, referral=referral, unit_id=unit.id, start_on=night(0))
    session.add_all([run, proposal])
    session.flush()
    accept(session, referral, unit, chosen(), **DOING)

    assert proposal.state is ProposalState.PROPOSED


def test_a_price_for_a_level_of_support_is_what_the_limit_is_held_against_and_what_is_agreed(session):
    unit = a_unit(session, weekly_pence=100_000, support_pence="one_to_one=240000", offers=("one_to_one",))
    dear = a_referral(session, essential=("one_to_one",), budget_weekly_pence=200_000)
    usual = a_referral(session, budget_weekly_pence=200_000)
    session.flush()

    (refused,) = [each for each in shortlist(session, dear, now=NOW).refused if each.unit.id == unit.id]
    assert refused.rules == ("budget",)
    assert way_of(refused, dear.support).value == 240_000
    assert [each.unit.id for each in shortlist(session, usual, now=NOW).listed] == [unit.id]
    dear.budget_weekly_pence = 240_000
    session.flush()
    listed = shortlist(session, dear, now=NOW).listed
    assert [each.unit.id for each in listed] == [unit.id]
    stay = accept(session, dear, unit, chosen(rank=1), by=BROKER, now=NOW)
    assert stay.weekly_pence == 240_000
