"""The yearly allowance of nights: every door to a respite place asks it, and only a manager gives more."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.allowance import ask_manager, asked_beyond, grant, ledger, ledgers_of
from placement.brokerage.placements import confirm, release
from placement.brokerage.reservations import Decision, reserve
from placement.brokerage.series import reserve_series
from placement.domain.allowance import year_of
from placement.domain.errors import Invalid, NotAllowed
from placement.domain.people import Actor, Role
from placement.domain.states import PlacementState, TaskState
from placement.planning.dates import change_dates
from placement.planning.shortlists import accept
from placement.records.settings import set_numbers
from placement.records.tasks import Task
from placement.records.users import User
from tests.brokerage.test_series import WHY, chosen
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_person, a_placement, a_referral, a_series, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
YEAR = year_of(TODAY)


def a_manager(session, **values):
    given = {"email": "m@example.org", "name": "Manager", "role": Role.BROKER, "password_hash": "", "created_at": NOW}
    user = User(**given | {"is_manager": True} | values)
    session.add(user)
    session.flush()
    return user, Actor(user_id=user.id, name=user.name, role=Role.BROKER)


def respite(session, person=None, nights=3, **values):
    return a_referral(
        session, kind="respite", person=person or a_person(session), nights=nights, earliest_on=night(3),
        latest_on=night(20), **values,
    )  # fmt: skip


def used(session, person, nights):
    """Some nights of this year are spent already."""
    before = a_referral(session, kind="respite", person=person)
    a_placement(
        session, a_unit(session), person=person, referral=before, start=-nights - 1, nights=nights,
        state=PlacementState.ENDED,
    )  # fmt: skip


def decision(nights=3):
    return Decision(start_on=night(3), end_on=night(3 + nights), reason="It is the best match for the person")


@pytest.mark.parametrize(("before", "nights", "fits"), [(39, 3, True), (39, 4, False), (0, 42, True)])
def test_no_more_nights_are_reserved_than_are_left(session, before, nights, fits):
    person = a_person(session)
    if before:
        used(session, person, before)
    referral, unit = respite(session, person, nights), a_unit(session)
    if fits:
        assert reserve(session, referral, unit, decision(nights), **DOING)
    else:
        with pytest.raises(Invalid, match=f"With these {nights} nights the person would have 43 of 42 nights"):
            reserve(session, referral, unit, decision(nights), **DOING)


def test_the_ranked_list_leads_to_no_other_door(session):
    person, unit = a_person(session), a_unit(session)
    used(session, person, 41)
    with pytest.raises(Invalid, match="44 of 42 nights"):
        accept(session, respite(session, person), unit, decision(), **DOING)


def test_a_series_counts_all_of_its_stays(session):
    referral, unit = a_series(session, 3, 31, 59, nights=15), a_unit(session)
    with pytest.raises(Invalid, match="45 of 42 nights"):
        reserve_series(session, referral, chosen(referral, unit, 1, 2, 3), WHY, **DOING)


def test_a_stay_is_not_made_longer_than_what_is_left(session):
    person, unit = a_person(session), a_unit(session)
    used(session, person, 39)
    stay = reserve(session, respite(session, person), unit, decision(), **DOING)
    with pytest.raises(Invalid, match="43 of 42 nights"):
        change_dates(session, stay, start_on=night(3), end_on=night(7), **DOING)


def test_another_kind_of_stay_counts_nothing(session):
    person, unit = a_person(session), a_unit(session)
    used(session, person, 42)
    assert reserve(
        session, a_referral(session, person=person), unit, Decision(start_on=night(0), end_on=night(9)), **DOING
    )


def test_the_allowance_is_what_an_administrator_has_set(session):
    set_numbers(session, {"respite_nights": 2}, by=BROKER, now=NOW)
    session.flush()
    with pytest.raises(Invalid, match="3 of 2 nights"):
        reserve(session, respite(session), a_unit(session), decision(), **DOING)


def test_a_manager_allows_more_with_a_reason_and_it_counts_at_once(session):
    person, unit = a_person(session), a_unit(session)
    used(session, person, 41)
    referral = respite(session, person)
    _, manager = a_manager(session)
    grant(session, referral, YEAR, 2, "The carer is in hospital", by=manager, now=NOW)
    assert reserve(session, referral, unit, decision(), **DOING)
    assert ledger(session, person.id, YEAR, setting="respite_nights").left == 0


@pytest.mark.parametrize("values", [{"is_manager": False}, {"is_active": False}], ids=["no right", "not active"])
def test_nobody_else_allows_more(session, values):
    _, somebody = a_manager(session, **values)
    with pytest.raises(NotAllowed, match="Only a manager"):
        grant(session, respite(session), YEAR, 2, "The carer is in hospital", by=somebody, now=NOW)


@pytest.mark.parametrize(
    ("nights", "reason", "field"), [(0, "Ill", "nights"), (367, "Ill", "nights"), (2, " ", "reason")]
)
def test_more_is_allowed_by_a_number_and_a_reason(session, nights, reason, field):
    _, manager = a_manager(session)
    with pytest.raises(Invalid) as refused:
        grant(session, respite(session), YEAR, nights, reason, by=manager, now=NOW)
    assert refused.value.field == field


def test_a_manager_who_is_asked_has_a_task_until_more_is_allowed(session):
    user, manager = a_manager(session)
    referral = respite(session)
    ask_manager(session, referral, user.id, **DOING)
    task = session.scalars(select(Task).where(Task.kind == "allow_nights")).one()
    assert (task.assigned_to_id, task.state) == (user.id, TaskState.OPEN)
    grant(session, referral, YEAR, 2, "The carer is in hospital", by=manager, now=NOW)
    assert task.state is TaskState.DONE
    with pytest.raises(Invalid, match="Choose the manager"):
        ask_manager(session, referral, None, **DOING)


@pytest.mark.parametrize(
    ("reason", "ahead", "left"),
    [("not_needed", 3, 39), ("not_needed", 20, 42), ("did_not_arrive", 3, 39), ("provider_withdrew", 3, 42)],
    ids=["late", "in time", "no show", "the provider's"],
)
def test_a_stay_that_is_given_back_counts_by_the_rule(session, reason, ahead, left):
    referral, unit = respite(session), a_unit(session)
    nights = Decision(start_on=night(ahead), end_on=night(ahead + 3))
    stay = reserve(session, referral, unit, nights, **DOING)
    confirm(session, stay, **DOING)
    release(session, stay, reason=reason, **DOING)
    session.flush()
    assert ledger(session, referral.person_id, YEAR, setting="respite_nights").left == left


def test_a_referral_that_asks_for_more_than_is_left_is_told_by_how_much_and_when(session):
    person = a_person(session)
    used(session, person, 40)
    referral = respite(session, person, nights=5)
    ((known, over),) = asked_beyond(session, referral, TODAY)
    assert (known.year, over) == (YEAR, 3)
    assert asked_beyond(session, respite(session, nights=5), TODAY) == []


def test_a_referral_into_the_next_year_shows_both(session):
    days = (date(YEAR.end.year, 3, 30) - TODAY).days
    referral = a_series(session, 3, days, nights=4)
    assert [known.year.start.year for known in ledgers_of(session, referral, TODAY)] == [YEAR.start.year, YEAR.end.year]
    assert ledgers_of(session, a_referral(session), TODAY + timedelta(days=1)) == []
