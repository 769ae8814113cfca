from placement.domain.councils import COUNCILS
from placement.domain.people import SYSTEM
from placement.domain.states import RunState
from placement.planning.proposals import newest_proposals
from placement.planning.runs import newest_finished
from placement.records.councils import ServiceCouncil
from placement.records.providers import Unit
from placement.records.runs import MatchRun, Proposal
from tests.builders import a_referral, a_unit, night
from tests.conftest import NOW


def test_what_counts_is_the_newest_run_of_ones_own_council(store):
    here, there = COUNCILS[0].code, COUNCILS[1].code
    with store.writing(here) as session:
        unit_id = a_unit(session).id
        session.add(ServiceCouncil(council=there, service_id=session.get_one(Unit, unit_id).service_id))
    runs = {}
    for council in (here, there):  # the neighbour's is the newer one
        with store.writing(council) as session:
            run = MatchRun(requested_at=NOW, requester="S", state=RunState.FINISHED, progress=[])
            referral = a_referral(session)
            session.add(Proposal(run=run, referral=referral, unit_id=unit_id, start_on=night(0)))
            session.flush()
            runs[council] = run.id, referral.id
    for council, (run_id, referral_id) in runs.items():
        with store.reading(council) as session:
            assert newest_finished(session, actor=SYSTEM).id == run_id
            assert set(newest_proposals(session, [referral_id], actor=SYSTEM)) == {referral_id}
