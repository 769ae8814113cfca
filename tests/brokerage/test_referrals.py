from datetime import UTC, date, datetime, timedelta

import pytest

from placement.brokerage.answered import mark_answered
from placement.brokerage.answers import (
    ChoiceAnswers,
    DateAnswers,
    PlaceAnswers,
    answer_choices,
    answer_dates,
    answer_funding,
    answer_needs,
    answer_person,
    answer_place,
)
from placement.brokerage.around import AroundAnswers, answer_around, answer_risks
from placement.brokerage.people import NOTHING_SAID, Confirmed, PersonAnswers
from placement.brokerage.referrals import (
    put_on_hold,
    referral,
    resume_referral,
    start_referral,
    submit_referral,
    withdraw_referral,
)
from placement.brokerage.work import View, facets, work_page
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.features import FEATURES, Strength
from placement.domain.funding import FUNDING
from placement.domain.kinds import KINDS
from placement.domain.people import Actor, Gender, Role
from placement.domain.reasons import OUT_OF_CITY
from placement.domain.sections import SECTIONS
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from tests.brokerage.worlds import BROKER, a_location, story
from tests.builders import TODAY, a_person, a_provider, a_referral, a_service, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def the_person(**values):
    given = {"case_number": "C1", "name": "Ann Other", "born_on": date(1980, 1, 1), "gender": Gender.WOMAN}
    return PersonAnswers(**given | {"home": a_location()} | values)


def a_draft(session, kind="crisis", *, confirmed=NOTHING_SAID, **values):
    return start_referral(session, kind, the_person(**values), confirmed=confirmed, **DOING)


def answered(session, kind="crisis", *, earliest=0, latest=1, nights=14, now=NOW, confirmed=NOTHING_SAID, **values):
    """Return a draft with every section answered."""
    doing = {"by": BROKER, "now": now}
    draft = start_referral(session, kind, the_person(**values), confirmed=confirmed, **doing)
    answer_needs(session, draft, {"pbs": Strength.ESSENTIAL}, **doing)
    answer_place(session, draft, PlaceAnswers(near=a_location()), **doing)
    dates = DateAnswers(earliest_on=night(earliest), latest_on=night(latest), nights=nights)
    answer_dates(session, draft, dates, **doing)
    answer_choices(session, draft, ChoiceAnswers(), **doing)
    answer_funding(session, draft, funding="council", budget_weekly_pence=None, **doing)
    return draft


def refused(field, action, *arguments, **values):
    with pytest.raises(Invalid) as refusal:
        action(*arguments, **values, **DOING)
    assert refusal.value.field == field
    return str(refusal.value)


# Beginning


def test_a_draft_has_a_reference_that_shows_its_number_and_is_not_searched_for(session):
    draft = a_draft(session)

    assert draft.reference == f"RF-{draft.id:05}"
    assert draft.state is ReferralState.DRAFT
    assert draft not in work_page(session, View(), actor=BROKER, now=NOW).rows
    assert story(session, draft) == ["began a referral"]


def test_a_kind_that_is_not_in_the_table_is_refused_before_anybody_is_added(session):
    refused("kind", start_referral, session, "holiday", the_person())

    assert not session.new


def test_a_second_referral_of_the_same_case_number_is_of_the_same_person(session):
    first = a_draft(session)
    assert a_draft(session, "respite", confirmed=Confirmed(same_as=first.person.id)).person is first.person


# Six pages of answers


def test_every_section_but_the_person_is_missing_until_it_is_answered(session):
    draft = a_draft(session)
    with pytest.raises(OutOfStep) as refusal:
        submit_referral(session, draft, **DOING)
    needed = {section.label for section in SECTIONS if section.slug != "person" and not section.is_optional}
    assert {label for label in needed if label in str(refusal.value)} == needed
    assert not [section for section in SECTIONS if section.is_optional and section.label in str(refusal.value)]

    answer_needs(session, draft, {}, **DOING)
    with pytest.raises(OutOfStep) as refusal:
        submit_referral(session, draft, **DOING)
    assert "Needs and equipment" not in str(refusal.value)


def test_each_answered_section_leaves_a_line(session):
    draft = answered(session)
    answer_person(session, draft, the_person(name="Ann Married"), **DOING)

    assert story(session, draft) == ["began a referral"] + ["answered a section"] * 6


def test_needs_replace_the_earlier_ones_and_keep_their_strength(session):
    draft = a_draft(session)
    answer_needs(session, draft, {"pbs": Strength.ESSENTIAL, "hoist": Strength.UNKNOWN}, **DOING)
    answer_needs(session, draft, {"hoist": Strength.DESIRABLE, "autism": Strength.ESSENTIAL}, **DOING)
    session.flush()
    session.expire(draft, ["needs"])

    assert {need.slug: need.strength for need in draft.needs} == {
        "hoist": Strength.DESIRABLE,
        "autism": Strength.ESSENTIAL,
    }


def test_every_feature_can_be_a_need_and_nothing_else_can(session):
    draft = a_draft(session)
    answer_needs(session, draft, {feature.slug: Strength.UNKNOWN for feature in FEATURES}, **DOING)
    assert len(draft.needs) == len(FEATURES)

    assert "helipad" in refused("needs", answer_needs, session, draft, {"helipad": Strength.ESSENTIAL})
    assert len(draft.needs) == len(FEATURES)


def test_living_outside_the_city_by_choice_needs_a_reason_that_is_a_choice(session):
    draft = a_draft(session)
    for reason in (None, "", "nonsense", *(each.slug for each in OUT_OF_CITY if not each.by_choice)):
        wants = PlaceAnswers(near=a_location(), wants_out_of_city=True, out_of_city_reason=reason)
        refused("out_of_city_reason", answer_place, session, draft, wants)
    for reason in (each.slug for each in OUT_OF_CITY if each.by_choice):
        wants = PlaceAnswers(near=a_location(), wants_out_of_city=True, out_of_city_reason=reason)
        answer_place(session, draft, wants, **DOING)
        assert draft.out_of_city_reason == reason


def test_a_reason_is_forgotten_when_the_person_wants_to_live_in_the_city_after_all(session):
    draft = a_draft(session)
    wants = PlaceAnswers(near=a_location(), wants_out_of_city=True, out_of_city_reason="safety")
    answer_place(session, draft, wants, **DOING)
    answer_place(session, draft, PlaceAnswers(near=a_location(), out_of_city_reason="safety"), **DOING)

    assert (draft.wants_out_of_city, draft.out_of_city_reason) == (False, None)


@pytest.mark.parametrize("miles", [0, -1, 501, float("inf"), float("nan")])
def test_a_distance_must_be_above_nothing(session, miles):
    refused("max_miles", answer_place, session, a_draft(session), PlaceAnswers(near=a_location(), max_miles=miles))


@pytest.mark.parametrize(
    ("kind", "earliest", "latest", "nights", "field"),
    [
        ("crisis", -1, 0, 14, "earliest_on"),
        ("crisis", 2, 2, 14, "earliest_on"),
        ("crisis", 0, 1, None, "nights"),
        ("crisis", 0, 1, 0, "nights"),
        ("crisis", 0, 1, 43, "nights"),
        ("respite", 10, 9, 7, "latest_on"),
        ("respite", 10, 10 + 366, 7, "latest_on"),
        ("respite", 10, 20, None, "nights"),
        ("planned", 366, 370, None, "earliest_on"),
        ("planned", 0, 10, 3651, "nights"),
    ],
)
def test_dates_that_the_kind_forbids_are_refused_at_their_own_question(session, kind, earliest, latest, nights, field):
    dates = DateAnswers(earliest_on=night(earliest), latest_on=night(latest), nights=nights)

    refused(field, answer_dates, session, a_draft(session, kind), dates)


@pytest.mark.parametrize(
    ("kind", "earliest", "latest", "nights"),
    [("crisis", 0, 0, 1), ("crisis", 1, 1, 42), ("respite", 0, 365, 42), ("planned", 365, 730, 3650)]
    + [(kind.slug, 0, 0, None) for kind in KINDS if not kind.must_end],
)
def test_the_edges_of_what_a_kind_allows_are_taken(session, kind, earliest, latest, nights):
    draft = a_draft(session, kind)
    answer_dates(
        session, draft, DateAnswers(earliest_on=night(earliest), latest_on=night(latest), nights=nights), **DOING
    )
    session.flush()

    assert (draft.earliest_on, draft.latest_on, draft.nights) == (night(earliest), night(latest), nights)


def test_today_is_the_london_day_when_a_crisis_date_is_judged(session):
    """At 23:30 UTC in July it is tomorrow in London already."""
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    draft = start_referral(session, "crisis", the_person(), by=BROKER, now=late)

    dates = DateAnswers(earliest_on=date(2026, 7, 3), latest_on=date(2026, 7, 3), nights=1)
    answer_dates(session, draft, dates, by=BROKER, now=late)
    gone = DateAnswers(earliest_on=date(2026, 7, 1), latest_on=date(2026, 7, 2), nights=1)
    with pytest.raises(Invalid):
        answer_dates(session, draft, gone, by=BROKER, now=late)


def test_people_to_keep_apart_are_found_by_their_case_number_and_named_once(session):
    draft = a_draft(session)
    other = a_person(session, case_number="X9")
    answer_choices(session, draft, ChoiceAnswers(apart_case_numbers=["x9", " X9 "]), **DOING)

    assert draft.apart == [other]
    refused("apart", answer_choices, session, draft, ChoiceAnswers(apart_case_numbers=["nobody"]))
    refused("apart", answer_choices, session, draft, ChoiceAnswers(apart_case_numbers=["c1"]))


def test_a_draft_cannot_be_given_to_somebody_whom_it_keeps_apart(session):
    """Nobody can be kept apart from themselves: the engine refuses the whole instance over it."""
    draft = a_draft(session)
    other = a_person(session, case_number="X9", born_on=date(1980, 1, 1))
    answer_choices(session, draft, ChoiceAnswers(apart_case_numbers=["X9"]), **DOING)

    answers, sure = the_person(case_number="X9"), Confirmed(same_as=other.id)
    with pytest.raises(Invalid) as refusal:
        answer_person(session, draft, answers, confirmed=sure, **DOING)
    assert refusal.value.field == "case_number"
    assert draft.person.case_number == "C1"


def test_services_to_avoid_replace_the_earlier_ones(session):
    draft = a_draft(session)
    first, second = a_service(session), a_service(session)
    answer_choices(session, draft, ChoiceAnswers(avoided_service_ids=[first.id, first.id]), **DOING)
    assert draft.avoided == [first]
    answer_choices(
        session, draft, ChoiceAnswers(persons_words="Near the park", avoided_service_ids=[second.id]), **DOING
    )

    assert (draft.avoided, draft.persons_words) == ([second], "Near the park")


def test_funding_is_one_of_the_list_and_a_budget_is_above_nothing(session):
    draft = a_draft(session)
    refused("funding", answer_funding, session, draft, funding="lottery", budget_weekly_pence=None)
    for pence in (0, -1):
        refused("budget", answer_funding, session, draft, funding="council", budget_weekly_pence=pence)
    for funding in FUNDING:
        answer_funding(session, draft, funding=funding, budget_weekly_pence=1, **DOING)
    session.flush()

    assert (draft.funding, draft.budget_weekly_pence) == (funding, 1)


@pytest.mark.parametrize(
    "answer",
    [
        lambda session, it: answer_person(session, it, the_person(), **DOING),
        lambda session, it: answer_needs(session, it, {}, **DOING),
        lambda session, it: answer_risks(session, it, risks=(), legal=(), note="", **DOING),
        lambda session, it: answer_place(session, it, PlaceAnswers(near=a_location()), **DOING),
        lambda session, it: answer_dates(
            session, it, DateAnswers(earliest_on=TODAY, latest_on=TODAY, nights=1), **DOING
        ),
        lambda session, it: answer_choices(session, it, ChoiceAnswers(), **DOING),
        lambda session, it: answer_funding(session, it, funding="chc", budget_weekly_pence=None, **DOING),
        lambda session, it: answer_around(session, it, AroundAnswers(), **DOING),
        lambda session, it: submit_referral(session, it, **DOING),
    ],
    ids=[*(section.slug for section in SECTIONS), "submit"],
)
def test_what_is_over_can_be_answered_no_more(session, answer):
    sent = answered(session)
    submit_referral(session, sent, **DOING)
    withdraw_referral(session, sent, reason="other", **DOING)
    before = story(session, sent)

    with pytest.raises(OutOfStep):
        answer(session, sent)
    assert story(session, sent) == before


def test_who_it_is_stands_fast_once_a_referral_is_submitted(session):
    sent = answered(session)
    submit_referral(session, sent, **DOING)
    for answer in (answer_person, None):
        with pytest.raises(OutOfStep):
            answer(session, sent, the_person(), **DOING) if answer else submit_referral(session, sent, **DOING)


# Clocks


@pytest.mark.parametrize("now", [NOW, datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)])
def test_a_crisis_clock_runs_two_hours_and_a_day_through_nights_and_holidays(session, now):
    sent = start_referral(session, "crisis", the_person(), by=BROKER, now=now)
    for section in SECTIONS:
        mark_answered(sent, section.slug, by=BROKER, now=now)
    sent.near_postcode, sent.funding, sent.nights = "CV1 5RR", "council", 14
    sent.earliest_on = sent.latest_on = (now + timedelta(days=1)).date()
    submit_referral(session, sent, by=BROKER, now=now)

    assert (sent.submitted_at, sent.reply_by, sent.place_by) == (
        now,
        now + timedelta(hours=2),
        now + timedelta(hours=24),
    )


def test_respite_is_found_by_five_on_the_day_before_its_window(session):
    sent = answered(session, "respite", earliest=14, latest=20, nights=7)
    submit_referral(session, sent, **DOING)

    assert sent.place_by == datetime(2026, 12, 6, 17, 0, tzinfo=UTC)
    assert sent.reply_by == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_respite_in_summer_is_found_by_five_in_london(session):
    sent = answered(session, "respite", earliest=240, latest=250, nights=7)
    submit_referral(session, sent, **DOING)

    assert sent.place_by == datetime(2027, 7, 20, 16, 0, tzinfo=UTC)


def test_a_move_on_clock_counts_working_days_over_christmas(session):
    sent = answered(session, "move_on", earliest=30, latest=40, nights=None)
    submit_referral(session, sent, by=BROKER, now=datetime(2026, 12, 18, 12, 0, tzinfo=UTC))

    assert sent.reply_by == datetime(2026, 12, 22, 17, 0, tzinfo=UTC)
    assert sent.place_by == datetime(2027, 1, 6, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["return_to_city", "planned"])
def test_a_kind_without_a_time_to_be_placed_in_has_no_such_deadline(session, kind):
    sent = answered(session, kind, earliest=14, latest=20, nights=None)
    submit_referral(session, sent, **DOING)

    assert sent.place_by is None
    # For a way back nobody is late: it is looked for until there is one.
    assert sent.reply_by == (datetime(2026, 11, 30, 17, 0, tzinfo=UTC) if kind == "planned" else None)


def test_a_draft_whose_dates_have_passed_is_not_submitted_until_they_are_answered_again(session):
    draft = answered(session)
    later = NOW + timedelta(days=2)
    with pytest.raises(OutOfStep, match="passed"):
        submit_referral(session, draft, by=BROKER, now=later)
    assert (draft.state, draft.submitted_at) == (ReferralState.DRAFT, None)

    dates = DateAnswers(earliest_on=night(2), latest_on=night(3), nights=14)
    answer_dates(session, draft, dates, by=BROKER, now=later)
    submit_referral(session, draft, by=BROKER, now=later)
    assert draft.state is ReferralState.SEARCHING


def test_the_ward_is_kept_with_the_referral_when_the_person_moves_afterwards(session):
    sent = answered(session)
    submit_referral(session, sent, **DOING)
    moved = answered(session, home=None, confirmed=Confirmed(same_as=sent.person.id))
    assert sent.person.ward_code == a_location().ward.code, "a draft changes nobody"
    submit_referral(session, moved, **DOING)

    assert sent.person.ward_code is None
    assert sent.ward_code == a_location().ward.code


# Moves between states


def test_a_referral_is_held_resumed_and_withdrawn_with_a_line_for_each(session):
    sent = answered(session)
    submit_referral(session, sent, **DOING)
    put_on_hold(session, sent, **DOING)
    resume_referral(session, sent, **DOING)
    withdraw_referral(session, sent, reason="no longer needed", **DOING)

    assert (sent.state, sent.closed_at, sent.closed_reason) == (ReferralState.WITHDRAWN, NOW, "no longer needed")
    assert story(session, sent)[-4:] == [
        "submitted a referral",
        "put a referral on hold",
        "resumed a referral",
        "withdrew a referral",
    ]


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (ReferralState.DRAFT, {withdraw_referral}),
        (ReferralState.SEARCHING, {put_on_hold, withdraw_referral}),
        (ReferralState.ON_HOLD, {resume_referral, withdraw_referral}),
        (ReferralState.PLACED, set()),
        (ReferralState.WITHDRAWN, set()),
        (ReferralState.CLOSED, set()),
    ],
)
def test_each_move_is_made_from_its_own_states_only(session, state, allowed):
    for move in (put_on_hold, resume_referral, withdraw_referral):
        it = a_referral(session, state=state)
        reason = {"reason": "x"} if move is withdraw_referral else {}
        if move in allowed:
            move(session, it, **reason, **DOING)
            session.flush()
            assert it.state is not state
        else:
            with pytest.raises(OutOfStep):
                move(session, it, **reason, **DOING)
            assert (it.state, story(session, it)) == (state, [])


def test_a_draft_that_is_no_longer_needed_can_be_withdrawn_before_it_has_dates(session):
    draft = a_draft(session)
    withdraw_referral(session, draft, reason="a mistake", **DOING)
    session.flush()

    assert session.get_one(Referral, draft.id, populate_existing=True).state is ReferralState.WITHDRAWN


def test_a_long_reason_fits_its_column(session):
    draft = a_draft(session)
    withdraw_referral(session, draft, reason="because " * 20, **DOING)
    session.flush()

    assert len(draft.closed_reason) == 40


# Asking


@pytest.mark.parametrize("role", list(Role))
def test_only_brokerage_and_administration_can_open_a_referral(session, role):
    it = a_referral(session)
    provider_id = a_provider(session).id if role is Role.PROVIDER else None
    actor = Actor(user_id=None, name="Somebody", role=role, provider_id=provider_id)
    if role in (Role.BROKER, Role.ADMIN):
        assert referral(session, it.id, actor=actor) is it
        assert work_page(session, View(), actor=actor, now=NOW).rows == [it]
        return

    with pytest.raises(NotFound) as foreign:
        referral(session, it.id, actor=actor)
    with pytest.raises(NotFound) as missing:
        referral(session, it.id + 1, actor=actor)
    assert str(foreign.value) == str(missing.value)
    assert not work_page(session, View(), actor=actor, now=NOW).total
    assert {option.count for facet in facets(session, View(), actor=actor, now=NOW) for option in facet.options} == {0}
