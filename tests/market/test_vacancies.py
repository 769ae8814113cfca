from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.errors import EditedMeanwhile, Invalid, NotFound, OutOfStep
from placement.domain.limits import MOST_PLACES
from placement.domain.people import Actor, Role
from placement.domain.reasons import CLOSURES
from placement.domain.states import LIVE, PlacementState
from placement.market.closures import cancel_closure, close_places, closure, closures
from placement.market.numbers import Numbers
from placement.market.vacancies import DUE_AFTER, is_due, report_unchanged, report_vacancies
from placement.records.availability import availability, newest_reports
from placement.records.events import AuditLine
from placement.records.placements import Placement
from placement.records.vacancies import VacancyReport
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_placement, a_report, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def numbers(maximum=5, occupied=2, reserved=1, accepting=2):
    return Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)


def told(session, unit, given=None, **values):
    (report,) = report_vacancies(session, unit.service, {unit.id: given or numbers()}, **DOING, **values)
    return report


def free(session, unit, start=0, end=1):
    return availability(session, [unit.id], day=TODAY).bookable(
        unit.id, night(start), None if end is None else night(end)
    )


def counted_in(session, stay):
    return session.scalar(select(Placement.counted_in_id).where(Placement.id == stay.id))


# The four numbers


def test_a_report_is_kept_beside_the_older_ones_and_sets_the_units_capacity(session):
    unit = a_unit(session, accepting=1)
    report = told(session, unit)

    assert newest_reports(session, [unit.id])[unit.id] is report
    assert (unit.capacity, free(session, unit)) == (5, 2)
    assert (report.reporter, report.reported_at, report.is_unchanged) == ("Bo Broker", NOW, False)
    assert len(session.scalars(select(VacancyReport).where(VacancyReport.unit_id == unit.id)).all()) == 2
    assert story(session, report) == ["reported vacancies"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (numbers(maximum=-1, occupied=0, reserved=0, accepting=0), "maximum"),
        (numbers(maximum=MOST_PLACES + 1), "maximum"),
        (numbers(occupied=-1), "occupied"),
        (numbers(reserved=-1), "reserved"),
        (numbers(accepting=-1), "accepting"),
        (numbers(accepting=3), "accepting"),
        (numbers(maximum=0), "accepting"),
    ],
)
def test_numbers_that_do_not_add_up_are_refused_at_their_own_box_and_nothing_is_kept(session, given, field):
    first = a_unit(session, accepting=1)
    second = a_unit(session, service=first.service, accepting=1)
    before = newest_reports(session)
    with pytest.raises(Invalid) as refusal:
        report_vacancies(session, first.service, {first.id: numbers(), second.id: given}, **DOING)

    assert refusal.value.field == f"{field}-{second.id}"
    assert newest_reports(session) == before


@pytest.mark.parametrize(
    "given", [numbers(0, 0, 0, 0), numbers(MOST_PLACES, 0, 0, MOST_PLACES), numbers(5, 5, 0, 0), numbers(9, 1, 1, 1)]
)
def test_numbers_at_the_edges_are_taken(session, given):
    unit = a_unit(session)
    told(session, unit, given)

    assert (unit.capacity, free(session, unit)) == (given.maximum, given.accepting)


def test_a_unit_of_another_service_is_refused(session):
    unit, foreign = a_unit(session), a_unit(session)
    with pytest.raises(Invalid, match="another service"):
        report_vacancies(session, unit.service, {foreign.id: numbers()}, **DOING)


def test_numbers_that_are_as_before_are_marked_so(session):
    unit = a_unit(session)
    assert told(session, unit).is_unchanged is False
    assert told(session, unit).is_unchanged is True
    assert told(session, unit, numbers(accepting=1)).is_unchanged is False


def test_a_report_over_one_that_the_form_did_not_show_is_refused_with_its_author(session):
    unit = a_unit(session, accepting=None)
    first = told(session, unit, seen={unit.id: None})
    with pytest.raises(EditedMeanwhile, match="Bo Broker"):
        told(session, unit, numbers(accepting=0), seen={unit.id: None})
    with pytest.raises(EditedMeanwhile):
        told(session, unit, numbers(accepting=0), seen={})

    assert told(session, unit, numbers(accepting=0), seen={unit.id: first.id}).accepting == 0


def test_a_report_counts_every_live_stay_in_and_none_that_is_over(session):
    unit = a_unit(session, accepting=9)
    live = [a_placement(session, unit, state=state) for state in LIVE]
    later = a_placement(session, unit, start=50)
    gone = [
        a_placement(session, unit, state=PlacementState.ENDED),
        a_placement(session, unit, state=PlacementState.RELEASED),
        a_placement(session, unit, start=-10, nights=10),
    ]
    elsewhere = a_placement(session, a_unit(session))
    report = told(session, unit, numbers(9, 3, 2, 4))

    assert {counted_in(session, stay) for stay in [*live, later]} == {report.id}
    assert {counted_in(session, stay) for stay in [*gone, elsewhere]} == {None}
    assert free(session, unit, 0, None) == 4
    newer = told(session, unit, numbers(9, 5, 0, 4))
    assert {counted_in(session, stay) for stay in [*live, later]} == {newer.id}


def test_a_stay_that_was_booked_while_the_form_was_open_stops_the_report(session):
    unit = a_unit(session, accepting=5)
    known = a_placement(session, unit)
    told(session, unit, counted={unit.id: [known.id]})
    booked = a_placement(session, unit, start=3)
    with pytest.raises(EditedMeanwhile, match="reserved after"):
        told(session, unit, counted={unit.id: [known.id]})
    with pytest.raises(EditedMeanwhile):
        told(session, unit, counted={})

    booked.state = PlacementState.RELEASED
    session.flush()
    assert told(session, unit, counted={unit.id: [known.id, booked.id]})


# Nothing has changed


def test_nothing_has_changed_repeats_the_numbers_and_keeps_what_was_booked(session):
    unit = a_unit(session, accepting=3)
    counted = a_placement(session, unit)
    told(session, unit, numbers(5, 0, 1, 3))
    booked = a_placement(session, unit)
    assert free(session, unit) == 2
    (again,) = report_unchanged(session, unit.service, **DOING)

    assert (again.is_unchanged, again.reserved, again.accepting) == (True, 1, 3)
    assert (counted_in(session, counted), counted_in(session, booked)) == (again.id, None)
    assert free(session, unit) == 2


def test_nothing_has_changed_is_refused_until_every_unit_has_reported(session):
    unit = a_unit(session)
    a_unit(session, service=unit.service, accepting=None)
    with pytest.raises(Invalid):
        report_unchanged(session, unit.service, **DOING)
    with pytest.raises(Invalid):
        report_unchanged(session, a_service(session), **DOING)


def test_nothing_has_changed_about_numbers_that_have_changed_is_refused(session):
    unit = a_unit(session, accepting=1)
    shown = newest_reports(session, [unit.id])[unit.id]
    told(session, unit, numbers())
    with pytest.raises(EditedMeanwhile):
        report_unchanged(session, unit.service, seen=[shown.id], **DOING)

    now = newest_reports(session, [unit.id])[unit.id]
    (first,) = report_unchanged(session, unit.service, seen=[now.id], **DOING)
    # Somebody who has confirmed the same numbers in between is no reason to stop.
    (second,) = report_unchanged(session, unit.service, seen=[now.id], **DOING)
    assert second.id != first.id


@pytest.mark.parametrize(("age", "due"), [(DUE_AFTER - timedelta(seconds=1), False), (DUE_AFTER, True)])
def test_a_vacancy_is_due_a_week_after_it_was_confirmed(session, age, due):
    report = a_report(session, a_unit(session), reported_at=NOW - age)

    assert is_due(report, now=NOW) is due
    assert is_due(None, now=NOW)


# Places closed for a while


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end_on": TODAY}, "end_on"),
        ({"end_on": night(-1)}, "end_on"),
        ({"reason": "bored"}, "reason"),
        ({"places": 0}, "places"),
        ({"places": -1}, "places"),
        ({"places": 4}, "places"),
    ],
)
def test_a_closure_that_cannot_be_is_refused_at_its_own_question(session, values, field):
    unit = a_unit(session, accepting=3)
    given = {"start_on": TODAY, "end_on": night(5), "places": 1, "reason": "other"}
    with pytest.raises(Invalid) as refusal:
        close_places(session, unit, **given | values, **DOING)

    assert refusal.value.field == field
    assert free(session, unit) == 3


def test_closed_places_are_not_free_until_they_open_again(session):
    unit = a_unit(session, accepting=3)
    closed = close_places(session, unit, start_on=night(1), end_on=night(3), places=2, reason="infection", **DOING)
    assert [free(session, unit, n, n + 1) for n in range(4)] == [3, 1, 1, 3]
    assert list(closures(session, [unit], today=TODAY)) == [closed]

    cancel_closure(session, closed, **DOING)
    session.flush()
    assert free(session, unit, 0, None) == 3
    assert not closures(session, [unit], today=TODAY)
    with pytest.raises(OutOfStep):
        cancel_closure(session, closed, **DOING)
    assert story(session, closed) == ["closed places", "reopened places"]


def test_closing_a_whole_unit_for_good_leaves_nothing_for_ever(session):
    unit = a_unit(session, accepting=3)
    for reason in CLOSURES:
        close_places(session, unit, start_on=night(9), end_on=None, places=None, reason=reason.slug, **DOING)

    assert (free(session, unit, 0, 9), free(session, unit, 0, 10), free(session, unit, 0, None)) == (3, 0, 0)


def test_closures_that_are_over_are_not_shown_and_the_others_come_soonest_first(session):
    unit, other = a_unit(session, accepting=5), a_unit(session)

    def closed(start, end, where=unit):
        return close_places(
            session, where, start_on=night(start), end_on=end and night(end), places=1, reason="other", **DOING
        )

    later, ending, over, ever = closed(5, 9), closed(-3, 1), closed(-3, -1), closed(2, None)
    closed(-2, -1, other)

    assert over not in closures(session, [unit, other], today=TODAY)
    assert list(closures(session, [unit, other], today=TODAY)) == [ending, ever, later]


def test_a_provider_opens_its_own_closures_only(session):
    unit = a_unit(session)
    closed = close_places(session, unit, start_on=TODAY, end_on=None, places=None, reason="other", **DOING)
    own = Actor(user_id=None, name="Own", role=Role.PROVIDER, provider_id=unit.service.provider_id)
    other = Actor(user_id=None, name="Other", role=Role.PROVIDER, provider_id=unit.service.provider_id + 1)

    assert closure(session, closed.id, actor=own) is closed
    with pytest.raises(NotFound) as foreign:
        closure(session, closed.id, actor=other)
    with pytest.raises(NotFound) as missing:
        closure(session, closed.id + 1, actor=own)
    assert str(foreign.value) == str(missing.value)


def test_a_report_stands_in_the_trail_with_the_numbers_before_and_after(session):
    unit = a_unit(session, accepting=None)
    for given in (numbers(5, 2, 1, 2), numbers(6, 3, 0, 3)):
        told(session, unit, given)
    lines = session.query(AuditLine).filter_by(event="vacancies_reported").order_by(AuditLine.id).all()

    assert [(line.details["before"], line.details["after"]) for line in lines] == [
        (None, [5, 2, 1, 2]),
        ([5, 2, 1, 2], [6, 3, 0, 3]),
    ]
