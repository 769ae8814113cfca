import ast
import inspect
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from placement import reports
from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState, Status
from placement.geography.ward_names import OLD_WARDS
from placement.matching.judging.rules import CAUSES
from placement.matching.tiers.solving import solve
from placement.planning import runs
from placement.planning.outcomes import STALE
from placement.records.providers import Standing
from placement.records.referrals import Decline
from placement.reports.asked import DemandPeriod
from placement.reports.askers import waiting_askers
from placement.reports.gaps import COLUMNS, gap_map, gap_rows
from placement.reports.waiting import LACK_OF, LACKS, waiting, waiting_referrals
from tests.builders import TODAY, a_person, a_referral, a_report, a_service, a_unit
from tests.conftest import NOW
from tests.reports.markets import a_market, a_question

FOLESHILL, EARLSDON = OLD_WARDS.wards[4].code, OLD_WARDS.wards[3].code


def lacks(store):
    """Return how many people wait, by what they lack."""
    with store.reading() as session:
        return Counter(each.lack for each in waiting_askers(session, a_question()))


def known(store, **values):
    with store.reading() as session:
        return waiting(session, a_question(**values))


def run(store, *, now=NOW):
    with store.writing() as session:
        run_id = runs.request_run(session, by=SYSTEM, now=now).id
    with store.writing() as session:
        token = runs.claim_run(session, run_id, now=now)
        instance = runs.snapshot_run(session, run_id, token, now=now)
    plan = solve(instance)
    with store.writing() as session:
        runs.publish_run(session, run_id, token, instance, plan, now=now)
        answer = session.get_one(runs.MatchRun, run_id).answer
        return answer.out_by_need + answer.unplaced


def from_foleshill(session, **values):
    return a_referral(
        session, person=a_person(session, ward_code=FOLESHILL), ward_code=FOLESHILL, kind="planned", **values
    )


def test_every_rule_of_the_engine_and_every_cause_of_a_run_says_what_is_lacking():
    assert set(LACK_OF) == {*CAUSES, STALE}
    assert sum(len(lack.rules) for lack in LACKS) == len(LACK_OF), "no rule stands in two groups"


def test_places_to_spare_elsewhere_or_of_another_kind_make_nobodys_wait_shorter(store):
    with store.writing() as session:
        from_foleshill(session, essential=("dementia", "nurse"))
        a_unit(session, accepting=40, capacity=40, offers=("autism",), service=a_service(session, ward_code=FOLESHILL))
        a_unit(session, accepting=9, capacity=9, offers=("dementia",), service=a_service(session, ward_code=EARLSDON))
    run(store)

    assert lacks(store) == {"no_service": 1}
    with store.reading() as session:
        assert gap_map(session, a_question()).city.supply == 49


def _declined(session, referral, unit):
    values = {"reason": "staffing", "declined_by": "Home", "declined_at": NOW}
    session.add(Decline(referral_id=referral.id, unit_id=unit.id, **values))


def _suspended(session, referral, unit):
    values = {"reason": "Review", "decided_by": "Somebody", "created_at": NOW}
    provider = unit.service.provider_id
    session.add(Standing(provider_id=provider, status=Status.SUSPENDED, start_on=TODAY, **values))


CASES = {
    "no_service": ({"accepting": 1, "offers": ("autism",)}, lambda *_: None),
    "full": ({"accepting": 0, "offers": ("dementia",)}, lambda *_: None),
    "refuses": ({"accepting": 1, "offers": ("dementia",)}, _declined),
    "unaffordable": ({"accepting": 1, "offers": ("dementia",), "weekly_pence": 900_00}, lambda *_: None),
    "stale": ({"accepting": None, "offers": ("dementia",)}, lambda *_: None),
}


@pytest.mark.parametrize("lack", CASES)
def test_what_is_lacking_is_the_last_thing_that_stood_in_the_way(store, lack):
    values, then = CASES[lack]
    with store.writing() as session:
        a_unit(session, accepting=5, capacity=5, offers=("pbs",))  # it falls at an earlier rule, and decides nothing
        unit = a_unit(session, **values)
        referral = from_foleshill(session, essential=("dementia",), budget_weekly_pence=500_00)
        if lack != "unaffordable":
            unit.weekly_pence = 400_00
        then(session, referral, unit)
    run(store)

    assert lacks(store) == {lack: 1}


def test_a_full_unit_whose_number_is_old_is_not_known_and_one_with_a_new_number_decides(store):
    with store.writing() as session:
        old = a_unit(session, accepting=None, offers=("dementia",))
        a_report(session, old, accepting=0, reported_at=NOW - timedelta(days=8))
        from_foleshill(session, essential=("dementia",))
    run(store)
    assert lacks(store) == {"stale": 1}

    with store.writing() as session:
        a_unit(session, accepting=0, offers=("dementia",))
    run(store)
    assert lacks(store) == {"full": 1}


def test_a_city_without_a_unit_has_no_service_that_fits(store):
    with store.writing() as session:
        from_foleshill(session)
    run(store)
    assert lacks(store) == {"no_service": 1}


def test_who_is_met_outside_for_want_of_a_place_waits_as_well(store):
    with store.writing() as session:
        from_foleshill(session, essential=("dementia",))
        far = a_service(session, authority="E07000220", ward_code=None, lat=52.37, lon=-1.26)
        a_unit(session, service=far, offers=("dementia",))
    assert run(store) == 1
    assert lacks(store).total() == 1


def test_nobody_knows_who_waits_before_a_run_has_finished(store):
    with store.writing() as session:
        from_foleshill(session)

    assert not lacks(store)
    assert (known(store).run_at, known(store).some_newer) == (None, True)


def test_that_some_left_or_came_since_the_run_is_told_beside_its_numbers(store):
    with store.writing() as session:
        gone = from_foleshill(session).id
        from_foleshill(session)
    run(store)
    assert not known(store).some_left
    assert not known(store).some_newer
    with store.writing() as session:
        session.get_one(runs.Referral, gone).state = ReferralState.WITHDRAWN
        from_foleshill(session)
    told = known(store, now=NOW + timedelta(hours=25))

    assert lacks(store).total() == 1
    assert told.some_left
    assert told.some_newer
    assert told.is_old
    assert not known(store).is_old


@pytest.mark.parametrize("seed", range(3))
def test_who_waits_is_whom_the_run_left_and_no_number_of_places_changes_it(store, seed):
    with store.writing() as session:
        a_market(session, seed)
    without = run(store)
    with store.reading() as session:
        before = waiting_referrals(session)
    assert len(before) == lacks(store).total() == without
    with store.writing() as session:
        for ward in OLD_WARDS.wards:
            a_unit(session, accepting=9, capacity=9, service=a_service(session, ward_code=ward.code))
    with store.reading() as session:
        assert waiting_referrals(session) == before


def test_somebody_with_two_referrals_waits_once_with_the_newer(store):
    with store.writing() as session:
        person = a_person(session, ward_code=FOLESHILL)
        values = {"person": person, "ward_code": FOLESHILL, "kind": "planned", "essential": ("dementia",)}
        a_referral(session, submitted_at=NOW - timedelta(days=3), **values)
        newer = a_referral(session, submitted_at=NOW - timedelta(days=1), **values).id
    run(store)
    with store.reading() as session:
        found = waiting_askers(session, a_question())

    assert [each.case.referral_id for each in found] == [newer]


def test_a_file_has_the_same_columns_whatever_was_asked_and_a_mark_for_few(store):
    with store.writing() as session:
        from_foleshill(session)
    run(store)
    for period in DemandPeriod:
        with store.reading() as session:
            city = gap_rows(session, a_question(period=period))[-2]
        cells = {column.heading: column.value(city) for column in COLUMNS}
        assert cells["Without a place in the city"] == cells["Of them: full"] == "*"
        assert cells["Nights they waited in all"] is None
        assert not any("missing" in heading.lower() for heading in cells)


def test_no_report_takes_places_away_from_people():
    asked_for = {"demand", "wanted", "unmet", "referrals", "lacks", "waiting"}
    places = {"supply", "free", "capacity", "offered", "places"}

    def words(node):
        return {getattr(each, "attr", getattr(each, "id", "")) for each in ast.walk(node)}

    netted = [
        f"{path.name}:{node.lineno}"
        for path in Path(inspect.getfile(reports)).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
        if (words(node.left) & asked_for and words(node.right) & places)
        or (words(node.left) & places and words(node.right) & asked_for)
    ]  # fmt: skip
    assert not netted
