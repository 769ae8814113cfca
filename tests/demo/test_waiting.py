"""On the demo city, the gap map counts whom the run that it speaks of left without a place, and tells it rounded."""

from placement.domain.people import SYSTEM
from placement.geography.gazetteer import Gazetteer
from placement.matching.tiers.solving import solve
from placement.planning import runs
from placement.reports.asked import OUTSIDE, Asked, Level
from placement.reports.askers import waiting_askers
from placement.reports.gaps import gap_map
from placement.reports.small_numbers import FEWEST, rounded
from placement.reports.waiting import waiting_referrals
from tests.conftest import NOW
from tests.demo.conftest import City


def test_whom_the_map_says_to_wait_are_whom_the_run_left_without_a_place(city: City, gazetteer: Gazetteer):
    with city.store.writing() as session:
        run_id = runs.request_run(session, by=SYSTEM, now=NOW).id
        token = runs.claim_run(session, run_id, now=NOW) or ""
        instance = runs.snapshot_run(session, run_id, token, now=NOW)
        runs.publish_run(session, run_id, token, instance, solve(instance), now=NOW)
        answer = session.get_one(runs.MatchRun, run_id).answer
        assert answer is not None
        without = answer.out_by_need + answer.unplaced
        assert without > 0

        assert len(waiting_referrals(session)) == without
        for level in Level:
            asked = Asked(now=NOW, ward_set=gazetteer.ward_set, localities=gazetteer.localities, level=level)
            waiting = waiting_askers(session, asked)
            at = [asked.area_of(each.case.ward_code, each.case.authority) for each in waiting]
            gaps = gap_map(session, asked)
            for told, count in [
                (gaps.city.unmet, len(at) - at.count(OUTSIDE)),
                *((row.unmet, at.count(row.area.code)) for row in (*gaps.rows, gaps.outside)),
            ]:
                assert told is None or (told == rounded(count) and count >= FEWEST)
            assert not gaps.waiting.some_newer
            assert not gaps.waiting.some_left
        session.rollback()
