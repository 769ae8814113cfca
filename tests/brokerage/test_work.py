from datetime import timedelta

import pytest

from placement.brokerage.assigning import chosen, hand_over, notes_of, write_note
from placement.brokerage.offers.answering import ask_question, show_interest
from placement.brokerage.work import RUNNING, TO_WORK_ON, View, facets, sound, waiting, work_page
from placement.domain.errors import Invalid
from placement.domain.people import Actor, Role
from placement.domain.states import ReferralState
from placement.records.accounts import add_user
from placement.records.pages import PlaceInList
from placement.records.teams import add_team, set_hand
from placement.records.users import User
from tests.brokerage.test_offers import asked
from tests.brokerage.worlds import BROKER, provider_of, story
from tests.builders import a_referral, a_unit
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def a_broker(session, name, team=None, *, is_manager=False):
    user = add_user(
        session, email=f"{name}@example.org", name=name, role=Role.BROKER, password="not 1 of the usual", **DOING
    )
    session.flush()
    return set_hand(session, user.id, team_id=team.id if team else None, is_manager=is_manager, **DOING)


def shown(session, actor=BROKER, **view):
    return list(work_page(session, View(**view), actor=actor, now=NOW).rows)


def counts(session, actor=BROKER, **view):
    found = facets(session, View(**view), actor=actor, now=NOW)
    return {facet.name: {option.slug: option.count for option in facet.options} for facet in found}


def test_a_crisis_stands_first_then_the_soonest_deadline_and_those_without_one_last(session):
    late = a_referral(session, kind="planned", place_by=NOW - timedelta(days=5))
    never = a_referral(session, kind="planned", place_by=None)
    crisis = a_referral(session, kind="crisis", place_by=NOW + timedelta(hours=20))
    soon = a_referral(session, kind="respite", place_by=NOW + timedelta(hours=1))
    for state in ReferralState:
        if state not in TO_WORK_ON:
            a_referral(session, state=state, place_by=NOW)

    assert shown(session) == [crisis, late, soon, never]
    assert shown(session, sort="newest") == [soon, crisis, never, late]
    after = work_page(session, View(), at=PlaceInList(after=crisis.id), actor=BROKER, now=NOW)
    assert (after.rows, after.first) == ([late, soon, never], 2)


def test_by_name_goes_on_from_a_row_by_its_name(session):
    rows = {name: a_referral(session) for name in ("Zed", "Ann", "Mo")}
    for name, referral in rows.items():
        referral.person.name = name
    session.flush()
    assert [each.person.name for each in shown(session, sort="name")] == ["Ann", "Mo", "Zed"]
    page = work_page(session, View(sort="name"), at=PlaceInList(after=rows["Ann"].id), actor=BROKER, now=NOW)
    assert [each.person.name for each in page.rows] == ["Mo", "Zed"]


def test_work_is_ones_own_ones_teams_or_nobodys_and_every_choice_says_how_many(session):
    discharge, community = (add_team(session, name, **DOING) for name in ("Discharge", "Community"))
    me, mate = a_broker(session, "me", discharge), a_broker(session, "mate", discharge)
    other = a_broker(session, "other", community)
    mine, mates, others, teams, nobodys = (a_referral(session) for _ in range(5))
    hand_over(session, [mine], me, **DOING)
    hand_over(session, [mates], mate, **DOING)
    hand_over(session, [others], other, **DOING)
    hand_over(session, [teams], None, team=discharge, **DOING)
    actor = me.actor()

    assert shown(session, actor, whose="mine") == [mine]
    assert shown(session, actor, whose="team") == [mine, mates, teams]
    assert shown(session, actor, whose="nobody") == [nobodys]
    assert counts(session, actor)["whose"] == {"": 5, "mine": 1, "team": 3, "nobody": 1}
    assert counts(session, actor, whose="team")["kind"][""] == 3
    assert "team" not in counts(session, a_broker(session, "alone").actor())["whose"]
    assert sound(View(whose="team", kind="x", sort="y"), actor=BROKER, now=NOW) == View()


def test_what_is_due_is_counted_and_shown(session):
    calm = a_referral(session, place_by=NOW + timedelta(days=9), reply_by=NOW + timedelta(days=5))
    over = a_referral(session, place_by=NOW - timedelta(hours=1), reply_by=NOW + timedelta(days=5))
    reply = a_referral(session, place_by=NOW + timedelta(days=9), reply_by=NOW + timedelta(hours=1))
    (yes,) = asked(session, [a_unit(session)])
    (question,) = asked(session, [a_unit(session)])
    show_interest(session, yes, by=provider_of(yes), now=NOW)
    ask_question(session, question, "May she smoke?", by=provider_of(question), now=NOW)
    for offer in (yes, question):
        offer.referral.place_by, offer.referral.reply_by = NOW + timedelta(days=8), NOW + timedelta(days=5)
    session.flush()

    assert shown(session, what="overdue") == [over]
    assert shown(session, what="reply") == [reply]
    assert shown(session, what="decide") == [yes.referral, question.referral]
    assert {*shown(session, what="alerts")} >= {yes.referral, question.referral}
    assert calm in shown(session)
    told = counts(session)["what"]
    assert told == {what: len(shown(session, what=what)) for what in told}
    found = waiting(session, shown(session))
    assert (found[yes.referral.id].yeses, found[question.referral.id].question_offer) == (1, question.id)


def test_no_time_runs_for_who_has_a_place_or_needs_none_any_more(session):
    past = NOW - timedelta(days=3)
    for state in ReferralState:
        a_referral(session, state=state, place_by=past, reply_by=past)
    for state in ReferralState:
        late = counts(session, state=state.value)["what"]
        assert (late["overdue"], late["reply"]) == ((1, 1) if state in RUNNING else (0, 0))


def test_handing_over_is_told_once_with_its_note_and_only_to_brokerage(session):
    referral, me = a_referral(session), a_broker(session, "me")
    assert hand_over(session, [referral], me, note="Rings back at 4", **DOING) == 1
    assert hand_over(session, [referral], me, **DOING) == 0
    assert story(session, referral) == ["gave a referral to somebody", "wrote a note"]
    assert [each.words for each in notes_of(session, referral)] == ["Rings back at 4"]
    somebody = User(email="x", name="X", role=Role.COMMISSIONER, password_hash="", created_at=NOW)
    with pytest.raises(Invalid):
        hand_over(session, [referral], somebody, **DOING)
    assert hand_over(session, [referral], None, **DOING) == 1
    assert (referral.assigned_to_id, referral.team_id) == (None, None)


def test_a_note_is_words_and_not_too_many(session):
    referral = a_referral(session)
    for wrong in ("", "   ", "x" * 2001):
        with pytest.raises(Invalid):
            write_note(session, referral, wrong, **DOING)
    write_note(session, referral, "two\nlines", **DOING)
    assert notes_of(session, referral)[0].words == "two\nlines"


def test_only_what_somebody_may_see_is_chosen_from_a_list(session):
    rows = [a_referral(session) for _ in range(3)]
    provider = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=a_unit(session).service.provider_id)
    assert chosen(session, [each.id for each in rows] + [10**6], actor=BROKER) == rows
    assert chosen(session, [each.id for each in rows], actor=provider) == []
