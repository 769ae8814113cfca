from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from placement.domain.states import LIVE, PlacementState
from placement.records.availability import availability, most_at_once
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import SharedCap
from placement.records.sessions import Store
from placement.records.vacancies import Closure
from tests.builders import TODAY, a_placement, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried


def free(session, unit, start=0, end=1):
    return availability(session, [unit.id], day=TODAY).bookable(
        unit.id, night(start), None if end is None else night(end)
    )


def close(session, unit, start, end, places=None):
    session.add(
        Closure(
            unit_id=unit.id, start_on=night(start), end_on=None if end is None else night(end), places=places,
            reason="other", created_at=NOW, created_by="Somebody",
        )
    )  # fmt: skip
    session.flush()


def keep(session, unit, start, nights, places=1, report=None, purpose="private_client", **values):
    """Keep places for others; with a report, they are among its numbers."""
    other = OtherStay(
        unit_id=unit.id, purpose=purpose, places=places, start_on=night(start),
        end_on=None if nights is None else night(start + nights), counted_in_id=report.id if report else None,
        created_at=NOW, created_by="Somebody", **values,
    )  # fmt: skip
    session.add(other)
    session.flush()
    return other


def report_counting(session, unit, **numbers):
    """Do what the market's report action does: the report accounts for every stay that is live now."""
    live = session.query(Placement).filter(Placement.unit_id == unit.id, Placement.state.in_(LIVE)).all()
    most = most_at_once([(stay.start_on, stay.end_on) for stay in live], day=TODAY)
    counted = min(most, numbers.get("occupied", 0) + numbers.get("reserved", 0))
    report = a_report(session, unit, counted=counted, **numbers)
    for stay in live:
        stay.counted_in_id = report.id
    session.flush()
    return report


def test_a_unit_that_never_reported_has_nothing_free(store: Store):
    with store.writing() as session:
        assert free(session, a_unit(session, accepting=None)) == 0


def test_a_stay_takes_a_place_on_its_own_nights_only(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2)
        a_placement(session, unit, start=3, nights=4)

        assert [free(session, unit, n, n + 1) for n in (2, 3, 6, 7)] == [2, 1, 1, 2]
        assert free(session, unit, 0, None) == 1


def test_a_report_that_counts_a_stay_is_not_counted_twice_and_its_end_frees_the_place(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2)
        a_placement(session, unit, start=0, nights=5)
        report_counting(session, unit, maximum=2, occupied=1, accepting=1)

        assert [free(session, unit, n, n + 1) for n in (0, 4, 5)] == [1, 1, 2]


def test_releasing_a_stay_that_a_report_had_counted_gives_its_place_back(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        stay = a_placement(session, unit, nights=None, state=PlacementState.RESERVED)
        report_counting(session, unit, maximum=1, reserved=1, accepting=0)
        assert free(session, unit) == 0

        stay.state = PlacementState.RELEASED
        session.flush()
        assert free(session, unit) == 1


def test_bookings_one_after_the_other_share_a_place_and_free_it_once(store: Store):
    """A respite room with two bookings ahead has one reserved place, and after both there is one room, not two."""
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        a_placement(session, unit, start=8, nights=7)
        a_placement(session, unit, start=20, nights=7)
        report_counting(session, unit, maximum=1, reserved=1)

        assert [free(session, unit, n, n + 1) for n in (0, 8, 16, 20, 26, 27)] == [0, 0, 0, 0, 0, 1]
        with pytest.raises(IntegrityError, match="placement_over"), session.begin_nested():
            a_placement(session, unit, start=16, nights=3)
        a_placement(session, unit, start=27, nights=None)
        assert free(session, unit, 27, 28) == 0


def test_a_provider_who_forgets_our_stays_in_the_numbers_is_not_overbooked(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        a_placement(session, unit, start=0, nights=5)
        report_counting(session, unit, maximum=1, occupied=0, accepting=1)

        assert [free(session, unit, n, n + 1) for n in (0, 4, 5)] == [0, 0, 1]


def test_a_closure_that_the_provider_already_left_out_is_not_subtracted_twice(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=3, capacity=10)
        a_report(session, unit, maximum=10, occupied=6, reserved=1, accepting=1)
        close(session, unit, 0, 5, places=2)

        assert free(session, unit) == 1


def test_closing_the_whole_unit_leaves_nothing_until_it_opens_again(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=3)
        close(session, unit, 2, 4)

        assert [free(session, unit, n, n + 1) for n in (1, 2, 3, 4)] == [3, 0, 0, 3]


def test_a_shared_cap_counts_a_flexible_vacancy_once(store: Store):
    with store.writing() as session:
        service = a_service(session)
        first, second = a_unit(session, service=service, accepting=2), a_unit(session, service=service, accepting=2)
        session.add(SharedCap(service=service, name="Waking nights", places=2, units=[first, second]))
        session.flush()
        a_placement(session, first)
        assert free(session, second) == 1
        a_placement(session, second)

        assert free(session, first) == free(session, second) == 0


def others():
    return st.tuples(st.booleans(), st.integers(0, 12), st.one_of(st.none(), st.integers(1, 9)), st.integers(1, 2))


def stays():
    return st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 9)))


@tried(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accepting=st.integers(0, 3),
    said=st.integers(0, 3),
    before=st.lists(stays(), max_size=3),
    closures=st.lists(
        st.tuples(st.integers(0, 10), st.one_of(st.none(), st.integers(1, 5)), st.integers(1, 2)), max_size=2
    ),
    released=st.booleans(),
    cap=st.one_of(st.none(), st.integers(0, 4)),
    others=st.lists(others(), max_size=3),
    after=st.lists(stays(), max_size=6),
)
def test_the_database_takes_exactly_what_availability_offers(
    store: Store, accepting, said, before, closures, released, cap, others, after
):
    """Everything the search offers can be booked, and nothing else can: on both engines, through the triggers."""
    with store.write() as session:
        unit = a_unit(session, accepting=3, capacity=6)
        other = a_unit(session, service=unit.service, accepting=2)
        if cap is not None:
            session.add(SharedCap(service=unit.service, name="Staff", places=cap + 3, units=[unit, other]))
            session.flush()
        counted = []
        for start, nights in before:
            if free(session, unit, start, None if nights is None else start + nights):
                counted.append(a_placement(session, unit, start=start, nights=nights))
        report = report_counting(session, unit, maximum=6, occupied=min(len(counted), said), accepting=accepting)
        if released and counted:
            counted[0].state = PlacementState.RELEASED
        for start, nights, places in closures:
            close(session, unit, start, None if nights is None else start + nights, places)
        for is_counted, start, nights, places in others:
            keep(session, unit, start, nights, places, report if is_counted else None)
        for start, nights in after:
            offered = free(session, unit, start, None if nights is None else start + nights)
            if offered:
                a_placement(session, unit, start=start, nights=nights)
            else:
                with pytest.raises(IntegrityError, match="placement_over"), session.begin_nested():
                    a_placement(session, unit, start=start, nights=nights)
        session.rollback()


def test_one_person_cannot_be_in_two_places_on_one_night(store: Store):
    with store.write() as session:
        first = a_placement(session, a_unit(session), nights=5)
        with pytest.raises(IntegrityError, match="one_place_a_person"), session.begin_nested():
            a_placement(session, a_unit(session), start=4, person=first.person)
        a_placement(session, a_unit(session), start=5, person=first.person)
        session.rollback()


def test_steps_answer_for_ever(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        a_placement(session, unit, start=30, nights=None)
        found = availability(session, day=TODAY)

        assert found.bookable(unit.id, TODAY, night(30)) == 1
        assert found.bookable(unit.id, TODAY, night(31)) == 0
        assert found.bookable(unit.id, TODAY, None) == 0
        assert found.last_change() == TODAY + timedelta(days=30)


def test_a_place_comes_free_on_the_day_on_which_somebody_leaves_who_lives_there(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=None, capacity=3)
        report = a_report(session, unit, maximum=3, occupied=3)
        keep(session, unit, 0, 5, report=report, purpose="resident")

        assert [free(session, unit, n, n + 1) for n in (0, 4, 5, 30)] == [0, 0, 1, 1]
        with pytest.raises(IntegrityError, match="placement_over"), session.begin_nested():
            a_placement(session, unit, start=4, nights=3)
        a_placement(session, unit, start=5, nights=None)


def test_who_was_to_leave_and_of_whom_nobody_said_so_still_has_the_place(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=None, capacity=1)
        report = a_report(session, unit, maximum=1, occupied=1)
        leaving = keep(session, unit, -9, 9, report=report, purpose="resident")
        assert free(session, unit, 0, 9) == 0

        leaving.ended_at = NOW
        session.flush()
        assert free(session, unit, 0, 9) == 1


def test_no_more_leave_than_the_report_has_of_others(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1, capacity=2)
        a_placement(session, unit, start=0, nights=None)
        report = report_counting(session, unit, maximum=2, occupied=1)
        keep(session, unit, 0, 1, places=2, report=report, purpose="resident")

        assert free(session, unit, 5, 9) == 0


def test_what_is_kept_from_a_day_is_free_before_and_not_subtracted_twice(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, capacity=3)
        keep(session, unit, 4, None)
        assert [free(session, unit, n, n + 1) for n in (3, 4)] == [2, 2]  # the third place, which is not offered

        keep(session, unit, 6, 2, purpose="contract")
        assert [free(session, unit, n, n + 1) for n in (5, 6, 7, 8)] == [2, 1, 1, 2]


def test_a_pool_knows_who_is_kept_a_place_and_who_leaves(store: Store):
    with store.writing() as session:
        service = a_service(session)
        first, second = a_unit(session, service=service, accepting=2), a_unit(session, service=service, accepting=None)
        report = a_report(session, second, maximum=2, occupied=1, accepting=1)
        session.add(SharedCap(service=service, name="Waking nights", places=2, units=[first, second]))
        session.flush()
        keep(session, first, 5, None)
        keep(session, second, 0, 9, report=report, purpose="resident")

        assert [free(session, first, n, n + 1) for n in (4, 5, 9)] == [1, 0, 1]
        with pytest.raises(IntegrityError, match="shared_cap"), session.begin_nested():
            a_placement(session, first, start=4, nights=4)


def test_a_place_is_prepared_after_each_stay(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1, turnaround_nights=2)
        a_placement(session, unit, start=10, nights=5)

        assert [free(session, unit, 0, end) for end in (8, 9)] == [1, 0]
        assert [free(session, unit, start, 30) for start in (16, 17)] == [0, 1]


def test_who_has_left_leaves_a_place_to_prepare_until_somebody_reports_that_it_is_ready(store: Store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1, turnaround_nights=3)
        stay = a_placement(session, unit, start=-9, nights=10)
        report_counting(session, unit, maximum=1, occupied=1)
        stay.state = PlacementState.ENDED
        session.flush()
        assert [free(session, unit, n, n + 1) for n in (0, 3, 4)] == [0, 0, 1]

        a_report(session, unit, maximum=1, accepting=1, reported_at=NOW + timedelta(days=2))
        assert free(session, unit, 2, 30) == 1


@tried(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    maximum=st.integers(1, 4),
    taken=st.integers(0, 4),
    turnaround=st.integers(0, 3),
    ours=st.lists(stays(), max_size=4),
    kept=st.lists(others(), max_size=3),
    closures=st.lists(st.tuples(st.integers(0, 10), st.integers(1, 5), st.integers(1, 2)), max_size=2),
)
def test_it_is_what_a_slow_reading_of_the_same_books_says(
    store: Store, maximum, taken, turnaround, ours, kept, closures
):
    """Night by night and place by place: who is there, who is to come, and whose room is still being prepared."""
    taken = min(taken, maximum)
    with store.write() as session:
        unit = a_unit(session, accepting=None, capacity=maximum, turnaround_nights=turnaround)
        report = a_report(session, unit, maximum=maximum, occupied=taken, accepting=maximum - taken)
        for start, nights in ours:
            with suppress(IntegrityError), session.begin_nested():
                a_placement(session, unit, start=start, nights=nights)
        for is_counted, start, nights, places in kept:
            keep(session, unit, start, nights, places, report if is_counted else None)
        for start, nights, places in closures:
            close(session, unit, start, start + nights, places)

        def there(row, tail):
            first, last = row.start_on, row.end_on and row.end_on + timedelta(days=tail)
            return lambda day: first <= day and (last is None or day < last)

        booked = [there(row, turnaround) for row in session.query(Placement)]
        rows = session.query(OtherStay).all()
        coming = [(there(row, turnaround), row.places) for row in rows if row.counted_in_id is None]
        leaving = [(row.end_on + timedelta(days=turnaround), row.places) for row in rows
                   if row.counted_in_id and row.end_on]  # fmt: skip
        shut = [(there(row, 0), row.places) for row in session.query(Closure)]

        def empty(day):
            others = max(0, taken - sum(places for gone_on, places in leaving if gone_on <= day))
            mine = sum(on(day) for on in booked)
            lost = sum(places for on, places in [*coming, *shut] if on(day))
            return max(0, min(maximum - taken, maximum - taken - lost) + taken - others - mine)

        found = availability(session, [unit.id], day=TODAY)
        for n in range(30):
            least = min(empty(night(n + ahead)) for ahead in range(turnaround + 1))
            assert found.bookable(unit.id, night(n), night(n + 1)) == least
        session.rollback()
