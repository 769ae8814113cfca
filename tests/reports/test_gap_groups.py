"""What the gap map tells, for every combination of its filters: counted again, and attacked as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from sqlalchemy import text

from placement.domain.states import PlacementState, ReferralState
from placement.reports.asked import OUTSIDE, DemandPeriod, Level, span_of_period
from placement.reports.askers import Asker, past_askers
from placement.reports.cases import Outcome
from placement.reports.gap_groups import ASKED, CITY, UNMET, gap_groups
from placement.reports.gaps import gap_map
from placement.reports.quarters import quarters_over
from placement.reports.small_numbers import FEWEST, rounded
from tests.builders import TODAY, a_person, a_placement, a_referral, a_unit
from tests.exploring import tried
from tests.reports.markets import a_question
from tests.reports.test_city_needs import EARLSDON, FOLESHILL, a_case

QUARTERS = (DemandPeriod.LAST, DemandPeriod.SECOND)
SORTS = [
    (area, kind, needs, quarter, is_outside, lack)
    for area in ("north", "west", OUTSIDE)
    for kind in ("planned", "crisis")
    for needs in ((), ("dementia",), ("dementia", "nurse"))
    for quarter in QUARTERS
    for is_outside in (True, False)
    for lack in ("", "full", "refuses")
]


def an_asker(person, sort):
    area, kind, needs, quarter, is_outside, lack = sort
    case = a_case(person, area=area, kind=kind, needs=needs, is_outside=is_outside and bool(lack))
    return Asker(case=case, periods=(DemandPeriod.YEAR, quarter), lack=lack)


def some_askers(seed, most=60):
    chance = Random(seed)
    common = chance.sample(SORTS, 8)
    many = chance.randint(0, most)
    return [an_asker(person, chance.choice([*common, *common, chance.choice(SORTS)])) for person in range(many)]


@tried(5)
@given(seed=st.integers(0, 10**6))
def test_every_figure_is_the_plain_count_to_the_nearest_5_or_is_not_told(seed):
    askers = some_askers(seed, most=120)
    found = gap_groups(askers, a_question())
    wanted = a_question(period=DemandPeriod.LAST, needs=("dementia",), kind="planned", level=Level.LOCALITY)
    count = sum(
        DemandPeriod.LAST in each.periods
        and bool(each.lack)
        and "dementia" in each.case.needs
        and each.case.kind == "planned"
        and wanted.area_of(each.case.ward_code, each.case.authority) == "north"
        for each in askers
    )

    told = found.people(wanted, "north", UNMET)
    assert told is None or (told == rounded(count) and count >= FEWEST)
    assert found.people(a_question(period=DemandPeriod.YEAR, needs=("dementia",)), CITY, ASKED) is None


@tried(1)
@given(seed=st.integers(0, 10**6))
def test_nobody_can_work_out_a_small_number_from_all_filters_areas_and_quarters_together(seed):
    askers = some_askers(seed)
    sorts = [an_asker(number, sort) for number, sort in enumerate(SORTS)]
    told = gap_groups(askers, a_question()).told
    where = {key: group for key, group in gap_groups(sorts, a_question()).groups.items() if told.get(key)}
    size = [sum(_sort(each) == _sort(sort) for each in askers) for sort in sorts]

    model = cp_model.CpModel()
    unknown = [model.new_int_var(0, 200, str(place)) for place in range(len(sorts))]
    for key, group in where.items():
        model.add_linear_constraint(sum(unknown[place] for place in group), max(8, told[key] - 2), told[key] + 2)
    for place, count in enumerate(size):
        if 0 < count < FEWEST:
            wanted = model.clone()
            wanted.add(wanted.get_int_var_from_proto_index(place) >= FEWEST)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            assert solver.solve(wanted) in (cp_model.OPTIMAL, cp_model.FEASIBLE), SORTS[place]


def _sort(each):
    case = each.case
    return case.ward_code, case.kind, case.needs, each.periods, case.outcome is Outcome.NOT_BY_CHOICE, each.lack


def a_history(session):
    """Add people who asked within fourteen months, some twice, and what became of them."""
    chance = Random(11)
    inside, outside = (a_unit(session, accepting=200, capacity=200) for _ in range(2))
    for _ in range(90):
        ward = chance.choice([FOLESHILL, FOLESHILL, EARLSDON])
        person = a_person(session, ward_code=ward)
        for _ in range(chance.choice([1, 1, 2])):
            at = datetime(2025, 9, 1, 9, tzinfo=UTC).replace(month=chance.randint(1, 12), year=2026)
            at = at if at.month <= 10 else at.replace(year=2025)
            placed = chance.choice(["in", "out", "", ""])
            state = ReferralState.PLACED if placed else ReferralState.CLOSED
            values = {"person": person, "ward_code": ward, "state": state, "submitted_at": at}
            referral = a_referral(session, kind=chance.choice(["crisis", "planned"]), **values)
            if placed:
                out = {"is_in_city": False, "out_of_city_reason": "cost", "miles": 5.0} if placed == "out" else {}
                unit = outside if out else inside
                values = {"person": person, "referral": referral, "created_at": at, "state": PlacementState.ENDED}
                a_placement(session, unit, start=-30, nights=5, **values, **out)


COUNTED = """
    select count(distinct r.person_id) from referral r left join placement p on p.referral_id = r.id
    where r.ward_code = :ward and r.submitted_at >= :start and r.submitted_at < :end
"""


def test_who_asked_and_who_found_no_place_in_the_year_is_what_sql_counts(store):
    with store.writing() as session:
        a_history(session)
    year = span_of_period(DemandPeriod.YEAR, TODAY)
    spans = {
        "start": datetime.combine(year.start, datetime.min.time()),
        "end": datetime.combine(year.end, datetime.min.time()),
    }
    with store.reading() as session:
        found = gap_map(session, a_question(period=DemandPeriod.YEAR))
        for ward in (FOLESHILL, EARLSDON):
            row = next(each for each in found.rows if each.area.code == ward)
            asked = session.scalar(text(COUNTED), {"ward": ward, **spans})
            unmet = session.scalar(
                text(COUNTED + " and (p.id is null or p.is_in_city = false)"), {"ward": ward, **spans}
            )
            assert row.asked is None or row.asked == rounded(asked)
            assert row.unmet is None or row.unmet == rounded(unmet)
        assert found.city.unmet
        assert found.city.asked


def test_a_person_counts_in_one_quarter_of_the_year_and_in_the_present_one_by_itself(store):
    with store.writing() as session:
        a_history(session)
    with store.reading() as session:
        askers = past_askers(session, a_question())
    over = [each for each in askers if DemandPeriod.YEAR in each.periods]
    so_far = [each for each in askers if DemandPeriod.PRESENT in each.periods]

    assert len(over) + len(so_far) == len(askers)
    for some in (over, so_far):
        assert len({each.case.person_id for each in some}) == len(some)
    assert so_far
    assert all(len(each.periods) == 2 for each in over)
    assert [span_of_period(period, TODAY) for period in QUARTERS] == list(quarters_over(TODAY)[:2])
    assert all(bool(each.lack) == each.case.is_unmet for each in askers)
    assert all(each.case.outcome is Outcome.NOT_BY_CHOICE for each in askers if each.is_outside)
