"""On the demo city, the gap map and the run that it speaks of say the same number."""

from placement.domain.people import SYSTEM
from placement.geography.gazetteer import Gazetteer
from placement.matching.tiers.solving import solve
from placement.planning import runs
from placement.reports.asked import Asked, DemandPeriod, Level
from placement.reports.demand import asked_for
from placement.reports.gaps import gap_map
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

        def ask(**values):
            return gap_map(
                session, Asked(now=NOW, ward_set=gazetteer.ward_set, localities=gazetteer.localities, **values)
            )

        for level in Level:
            gaps = ask(level=level)
            assert gaps.city.unmet + gaps.outside.unmet == without
            assert gaps.waiting.newer == gaps.waiting.left == 0
            assert gaps.city.unmet == sum(row.unmet for row in gaps.rows)
        known = asked_for(session, period=DemandPeriod.OPEN, now=NOW)
        kinds = [ask(kind=kind) for kind in known.kinds]
        assert sum(gaps.city.unmet + gaps.outside.unmet for gaps in kinds) == without
        for slug in known.needs:
            gaps = ask(needs=(slug,))
            assert gaps.city.unmet == sum(row.unmet for row in gaps.rows) <= without
        session.rollback()
