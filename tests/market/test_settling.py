from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from placement.domain.errors import Invalid, ToConfirm
from placement.domain.people import Actor, Role
from placement.market.numbers import Numbers
from placement.market.others import expect_departure, give_back, keep_places
from placement.market.stays import expected, others_in
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.records.availability import availability, newest_reports
from tests.builders import TODAY, a_report, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

PIA = Actor(user_id=None, name="Pia", role=Role.PROVIDER)


def doing(days=0):
    return {"by": PIA, "now": NOW + timedelta(days=days)}


def report(session, unit, maximum, occupied, reserved, accepting, days=0, **more):
    given = Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)
    return report_vacancies(session, unit.service, {unit.id: given}, **doing(days), **more)[0]


def free(session, unit, n, day=0):
    return availability(session, [unit.id], day=night(day)).bookable(unit.id, night(n), night(n + 1))


def as_expected(session, unit, days=0):
    newest = newest_reports(session, [unit.id])[unit.id]
    return expected(newest, [], others_in(session, [unit.id])[unit.id], today=night(days))


def a_full_unit(session, places=2):
    unit = a_unit(session, accepting=None, capacity=places)
    a_report(session, unit, maximum=places, occupied=places)
    return unit


def test_who_left_sooner_is_not_counted_as_leaving_again(store):
    with store.writing() as session:
        unit = a_full_unit(session)
        expect_departure(session, unit, places=1, leave_on=night(5), **doing())
        report(session, unit, 2, 1, 0, 1, days=2)

        assert [free(session, unit, n, day=2) for n in (2, 9)] == [1, 1]


def test_a_report_before_the_day_leaves_the_departure_as_it_is(store):
    with store.writing() as session:
        unit = a_full_unit(session)
        expect_departure(session, unit, places=1, leave_on=night(5), **doing())
        report(session, unit, 2, 2, 0, 0, days=2)
        assert [free(session, unit, n, day=2) for n in (4, 5)] == [0, 1]

        report(session, unit, 2, 2, 0, 0, days=6)
        assert free(session, unit, 9, day=6) == 0, "whoever reports after the day says who is still there"


def test_nothing_has_changed_says_nothing_of_who_is_to_leave(store):
    with store.writing() as session:
        unit = a_full_unit(session)
        leaving = expect_departure(session, unit, places=1, leave_on=night(5), **doing())
        report_unchanged(session, unit.service, **doing(3))
        assert [free(session, unit, n, day=3) for n in (4, 5)] == [0, 1]

        give_back(session, leaving, **doing(6))
        assert as_expected(session, unit, 6) == Numbers(maximum=2, occupied=1, reserved=0, accepting=1)
        report_unchanged(session, unit.service, **doing(7))
        assert free(session, unit, 9, day=7) == 1


def test_who_was_to_come_is_in_the_numbers_from_the_day_on(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, capacity=2)
        keep_places(session, unit, purpose="private_client", places=1, start_on=night(3), **doing())
        report(session, unit, 2, 0, 0, 2, days=1)
        assert [free(session, unit, n, day=1) for n in (2, 3)] == [2, 1], "who is still to come is in no number"

        assert as_expected(session, unit, 4) == Numbers(maximum=2, occupied=1, reserved=0, accepting=1)
        report(session, unit, 2, 1, 0, 1, days=4)
        assert free(session, unit, 9, day=4) == 1


def test_who_came_for_a_time_still_leaves_on_the_day(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        keep_places(session, unit, purpose="private_client", places=1, start_on=night(1), end_on=night(9), **doing())
        report(session, unit, 1, 1, 0, 0, days=2)

        assert [free(session, unit, n, day=2) for n in (8, 9)] == [0, 1]


def test_numbers_with_fewer_reserved_than_are_kept_are_asked_about_and_then_count(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=None, capacity=3)
        a_report(session, unit, maximum=3, reserved=2, accepting=1)
        kept = keep_places(
            session, unit, purpose="contract", name="Block contract", places=2, start_on=TODAY, end_on=night(9),
            is_counted=True, **doing(),
        )  # fmt: skip

        with pytest.raises(ToConfirm, match="keeps 2 places for others \\(Block contract\\)") as asked:
            report(session, unit, 3, 0, 1, 1, confirmed=[])
        assert kept.over_at is None
        report(session, unit, 3, 0, 1, 1, confirmed=[each.key for each in asked.value.questions])
        assert kept.over_at is not None
        assert free(session, unit, 9) == 1, "a place that is reserved stays so without an end"


class House:
    """Four places whose people really come and go as their provider says; `stays` are [first night, the one after]."""

    def __init__(self, session):
        self.session, self.unit, self.day = session, a_full_unit(session, places=4), 0
        self.stays, self.said = [[0, None] for _ in range(4)], []

    def there(self, n):
        return sum(start <= n and (end is None or n < end) for start, end in self.stays)

    def leaves(self, ahead, _):
        row = expect_departure(self.session, self.unit, places=1, leave_on=night(self.day + ahead), **doing(self.day))
        mine = next(each for each in self.stays if each[1] is None and each[0] <= self.day)
        mine[1] = self.day + ahead
        self.said.append((row, mine))

    def comes(self, ahead, which):
        first, last = self.day + ahead, None if which else self.day + ahead + 4
        row = keep_places(
            self.session, self.unit, purpose="private_client", places=1, start_on=night(first),
            end_on=None if which else night(last), **doing(self.day),
        )  # fmt: skip
        self.stays.append([first, last])
        self.said.append((row, self.stays[-1]))

    def reports(self, *_):
        there = self.there(self.day)
        report(self.session, self.unit, 4, there, 0, 4 - there, days=self.day)

    def confirms(self, *_):
        report_unchanged(self.session, self.unit.service, **doing(self.day))

    def goes(self, *_):
        left = [row for row, (_, end) in self.said if not row.over_at and not row.ended_at and end and end <= self.day]
        for row in left[:1]:
            give_back(self.session, row, **doing(self.day))

    def waits(self, ahead, _):
        self.day += ahead


STEPS = ("leaves", "comes", "reports", "confirms", "goes", "waits")


@tried(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 6), st.integers(0, 3)), max_size=9))
def test_whatever_is_said_nobody_is_offered_a_place_that_somebody_has(store, steps):
    """What is free never exceeds the beds that are really empty, on any night."""
    with store.write() as session:
        house = House(session)
        for what, ahead, which in steps:
            with suppress(Invalid):
                getattr(house, what)(ahead, which)
            found = availability(session, [house.unit.id], day=night(house.day))
            for n in range(house.day, house.day + 20):
                assert found.bookable(house.unit.id, night(n), night(n + 1)) <= 4 - house.there(n), f"night {n}"
        session.rollback()
