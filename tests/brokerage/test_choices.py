"""Options are kept as they were given, and say what the regulations ask for; a choice names who made it and how."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from placement.brokerage.choices import (
    AllTheSame,
    OptionFacts,
    WhatWasChosen,
    choice_of,
    give_options,
    reach,
    record_choice,
    sheet,
    sheets_of,
    withdraw_sheet,
)
from placement.domain.choices import CHOOSERS, MOST_OPTIONS
from placement.domain.errors import EditedMeanwhile, Invalid, NotFound, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import ReferralState, SheetState
from placement.records.choices import Choice, OptionsSheet, SheetOption
from placement.records.races import is_race
from tests.brokerage.sheets import a_given_sheet, an_option
from tests.brokerage.worlds import BROKER, story
from tests.builders import a_referral, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
LATER = NOW + timedelta(days=2)


DEAR = {"weekly_pence": 160_000, "top_up_pence": 10_000, "is_affordable": False}
UNKNOWN = {"weekly_pence": None, "top_up_pence": None, "is_affordable": None}
FULL = {"is_available": False, "why_not": ("It has no free place.",)}


def said(**values):
    return WhatWasChosen(**{"position": 1, "chooser": "person", "way": "visit", "chosen_on": night(0)} | values)


def test_a_sheet_keeps_every_fact_of_its_options_and_the_names_of_the_day(session):
    unit = a_unit(session)
    option = an_option(unit, rated_on=night(-90), conditions="After a visit", lacks=("Garden",))
    found = a_given_sheet(session, option, an_option(unit, **DEAR))
    session.flush()
    session.expire_all()
    again = sheet(session, found.id, actor=BROKER)
    kept = again.options[0]

    for column in fields(OptionFacts):
        value = getattr(option, column.name)
        assert getattr(kept, column.name) == (list(value) if isinstance(value, tuple) else value), column.name
    assert [each.position for each in again.options] == [1, 2]
    assert (again.person_name, again.case_number) == (again.referral.person.name, again.referral.person.case_number)
    assert (again.near, again.budget_weekly_pence, again.given_at) == ("her mother", 150_000, NOW)
    assert (again.has_option_within_reach, again.given_anyway, again.given_by) == (True, None, "Bo Broker")
    assert story(session, again) == ["gave this options sheet"]
    assert "gave the person options" in story(session, again.referral)


@pytest.mark.parametrize(
    ("options", "is_met", "missing"),
    [
        ([FULL, DEAR | FULL], False, "None of these places is available."),
        ([UNKNOWN | FULL], False, "None of these places is available."),
        ([DEAR, UNKNOWN | FULL], False, "None of the available places is within the personal budget."),
        ([UNKNOWN, FULL], None, "The price of an available place, or the personal budget, is not recorded."),
        ([UNKNOWN, DEAR], None, "The price of an available place, or the personal budget, is not recorded."),
    ],
)
def test_without_an_available_and_affordable_option_a_sheet_says_so_and_asks_why(session, options, is_met, missing):
    unit = a_unit(session)
    places = [an_option(unit, **each) for each in options]
    for why in (AllTheSame(), AllTheSame(reason="because"), AllTheSame(note="only words")):
        with pytest.raises(Invalid, match=missing) as refused:
            a_given_sheet(session, *places, all_the_same=why)
        assert refused.value.field == "reason"
    found = a_given_sheet(
        session, *places, all_the_same=AllTheSame(reason="still_looking", note="Three more were rung")
    )

    assert (found.has_option_within_reach, found.given_anyway) == (False, "still_looking")
    assert found.given_anyway_note == "Three more were rung"
    assert (reach(found.options).is_met, reach(found.options).words) == (is_met, missing)


def test_a_reason_is_not_kept_where_none_is_needed(session):
    found = a_given_sheet(session, all_the_same=AllTheSame(reason="no_time", note="…"))
    assert (found.given_anyway, found.given_anyway_note) == (None, "")
    assert (reach(found.options).is_met, reach(found.options).words) == (True, "")


def test_no_option_and_too_many_are_refused(session):
    option = an_option(a_unit(session))
    for options in ((), (option,) * (MOST_OPTIONS + 1)):
        with pytest.raises(Invalid) as refused:
            give_options(session, a_referral(session), options, **DOING)
        assert refused.value.field == "units"
    assert len(a_given_sheet(session, *(option,) * MOST_OPTIONS).options) == MOST_OPTIONS


@pytest.mark.parametrize("state", [state for state in ReferralState if not state.is_open])
def test_options_are_given_only_while_a_place_is_searched_for(session, state):
    with pytest.raises(OutOfStep, match=state.label.lower()):
        a_given_sheet(session, referral=a_referral(session, state=state))


def test_a_choice_names_who_made_it_how_when_and_in_which_words(session):
    found = a_given_sheet(session)
    choice = record_choice(
        session, found, said(words="I like the garden.", chooser="advocate", chosen_by="A. Speaker, Voices"), seen=0,
        by=BROKER, now=LATER,
    )  # fmt: skip

    assert (choice.option, choice.chooser, choice.chosen_by, choice.way) == (
        found.options[0], "advocate", "A. Speaker, Voices", "visit",
    )  # fmt: skip
    assert (choice.words, choice.chosen_on, choice.recorded_at) == ("I like the garden.", night(0), LATER)
    assert choice.recorded_by == "Bo Broker"
    assert found.state is SheetState.ANSWERED
    assert choice_of(session, found.referral) is choice
    assert story(session, found)[-1] == "recorded a choice"
    assert "wrote down the person’s choice" in story(session, found.referral)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"position": 2}, "option"),
        ({"position": None}, "none_reason"),
        ({"position": None, "none_reason": "because"}, "none_reason"),
        ({"chooser": "nobody"}, "chooser"),
        *(({"chooser": each.slug}, "chosen_by") for each in CHOOSERS if each.asks),
        ({"way": "telepathy"}, "way"),
        ({"chosen_on": night(-1)}, "chosen_on"),
        ({"chosen_on": night(3)}, "chosen_on"),
    ],
)
def test_a_choice_that_lacks_something_is_refused_beside_its_question_and_leaves_nothing(session, values, field):
    found = a_given_sheet(session)
    with pytest.raises(Invalid) as refused:
        record_choice(session, found, said(**values), seen=0, by=BROKER, now=LATER)
    assert refused.value.field == field
    assert (found.state, found.choices) == (SheetState.GIVEN, [])


def test_who_chooses_alone_has_nobody_beside_them(session):
    choice = record_choice(session, a_given_sheet(session), said(chosen_by="Somebody"), seen=0, **DOING)
    assert choice.chosen_by == ""


def test_a_mind_can_be_changed_and_the_last_choice_counts_while_the_others_stay_on_record(session):
    found = a_given_sheet(session)
    first = record_choice(session, found, said(), seen=0, **DOING)
    none = said(position=None, none_reason="too_far", chooser="family", chosen_by="His daughter, attorney")
    second = record_choice(session, found, none, seen=1, by=BROKER, now=LATER)
    session.expire_all()

    assert [each.number for each in found.choices] == [1, 2]
    assert choice_of(session, found.referral) is second
    assert second.option is None
    assert first.option is not None


def test_of_two_sheets_the_last_choice_counts_and_with_a_withdrawn_sheet_its_choice_goes(session):
    referral = a_referral(session, budget_weekly_pence=150_000)
    older, newer = a_given_sheet(session, referral=referral), a_given_sheet(session, referral=referral)
    second = record_choice(session, newer, said(), seen=0, **DOING)
    first = record_choice(session, older, said(), seen=0, **DOING)
    assert [each.id for each in sheets_of(session, referral)] == [newer.id, older.id]
    assert choice_of(session, referral) is first

    withdraw_sheet(session, older, reason="wrong_person", **DOING)
    assert choice_of(session, referral) is second
    withdraw_sheet(session, newer, reason="given_by_mistake", **DOING)
    assert choice_of(session, referral) is None


def test_a_withdrawn_sheet_stays_on_record_and_takes_no_choice(session):
    found = a_given_sheet(session)
    with pytest.raises(Invalid):
        withdraw_sheet(session, found, reason="because", **DOING)
    withdraw_sheet(session, found, reason="given_by_mistake", by=BROKER, now=LATER)

    assert (found.state, found.withdrawn_at, found.withdrawn_by) == (SheetState.WITHDRAWN, LATER, "Bo Broker")
    assert sheet(session, found.id, actor=BROKER).withdrawn_reason == "given_by_mistake"
    with pytest.raises(OutOfStep, match="withdrawn: no choice can be recorded"):
        record_choice(session, found, said(), seen=0, **DOING)
    with pytest.raises(OutOfStep, match="withdrawn already"):
        withdraw_sheet(session, found, reason="replaced", **DOING)


def test_whoever_has_not_read_the_newest_choice_is_told(session):
    found = a_given_sheet(session)
    record_choice(session, found, said(), seen=0, **DOING)
    with pytest.raises(EditedMeanwhile):
        record_choice(session, found, said(position=None, none_reason="top_up"), seen=0, **DOING)
    assert len(found.choices) == 1


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.COMMISSIONER])
def test_nobody_but_brokerage_opens_a_sheet(session, role):
    found = a_given_sheet(session)
    session.flush()
    with pytest.raises(NotFound):
        sheet(session, found.id, actor=Actor(user_id=None, name="S", role=role, provider_id=1))


def test_another_councils_broker_finds_no_sheet(store):
    with store.writing() as session:
        number = a_given_sheet(session).id
        session.flush()
        number = session.scalars(select(OptionsSheet.id)).one()
    with store.reading("E08000029") as session, pytest.raises(NotFound):
        sheet(session, number, actor=BROKER)
    with store.reading("E08000026") as session:
        assert sheet(session, number, actor=BROKER).council == "E08000026"


def test_of_eight_brokers_who_record_at_once_one_does_and_the_others_are_told(store):
    with store.writing() as session:
        a_given_sheet(session)
    gate, told = threading.Barrier(8), []

    def records():
        gate.wait()
        try:
            with store.writing() as session:
                (found,) = session.scalars(select(OptionsSheet)).all()
                record_choice(session, found, said(), seen=0, by=SYSTEM, now=NOW)
        except EditedMeanwhile:
            told.append("told")
        except IntegrityError as error:
            told.append("race" if is_race(error) else "fault")

    threads = [threading.Thread(target=records) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Choice)) == 1
    assert len(told) == 7
    assert "fault" not in told


def test_the_facts_and_the_stored_option_are_the_same_columns(session):
    columns = {column.name for column in SheetOption.__table__.columns} - {"sheet_id", "position"}
    assert columns == {each.name for each in fields(OptionFacts)}
    option = an_option(a_unit(session))
    assert [option.is_within_reach, replace(option, **FULL).is_within_reach, replace(option, **DEAR).is_within_reach,
            replace(option, **UNKNOWN).is_within_reach] == [True, False, False, False]  # fmt: skip
