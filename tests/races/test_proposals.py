"""Two who decide about one proposal at the same moment: one decision, and one line of it."""

from sqlalchemy import func, insert, select

from placement.brokerage.holding import hold_place
from placement.brokerage.reservations import Decision
from placement.domain.people import SYSTEM
from placement.domain.states import RunState
from placement.planning.proposals import decide_proposal
from placement.planning.shortlists import accept
from placement.records.holds import PlaceHold
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal
from tests.brokerage import books
from tests.builders import TODAY, night
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, at, last_places, people, referrals
from tests.races.test_last_place import small_and_full


def reject(session, setting, number, _racer):
    found = session.get_one(Proposal, at(setting, "proposals", number))
    decide_proposal(session, found, "reject", reason="other", by=BROKER, now=NOW)


def accept_place(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "referrals", number))
    decision = Decision(start_on=TODAY, end_on=night(14), run_id=setting["run"])
    accept(session, referral, session.get_one(Unit, at(setting, "units", number)), decision, by=BROKER, now=NOW)


def hold(session, setting, number, racer):
    """Each racer holds the one place of the round for somebody else."""
    referral = session.get_one(Referral, at(setting, f"referrals {racer}", number))
    unit = session.get_one(Unit, at(setting, "units", number))
    wanted = Decision(start_on=TODAY, end_on=night(14))
    hold_place(session, referral, unit, wanted, length="half_hour", by=BROKER, now=NOW)


def staged(store, size):
    with store.writing() as session:
        units, asked = last_places(session, size), referrals(session, people(session, size))
        run = MatchRun(requested_at=NOW, requester=SYSTEM.name, state=RunState.FINISHED, progress=[])
        session.add(run)
        session.flush()
        rows = [
            {"run_id": run.id, "referral_id": referral, "unit_id": unit, "start_on": TODAY}
            for referral, unit in zip(asked, units, strict=True)
        ]
        found = session.scalars(insert(Proposal).returning(Proposal.id, sort_by_parameter_order=True), rows)
        return {"run": run.id, "units": units, "referrals": asked, "proposals": list(found)}


def look(store):
    with store.reading() as session:
        read = books.tables(session)
    assert books.untold_moves(read, of=("proposal",)) == []
    assert books.placed_twice(read) == []
    return [proposal.state.value for proposal in read["proposal"]], len(read["placement"])


@small_and_full(20, 500)
def test_a_proposal_that_two_brokers_reject_is_rejected_once(store, database, racers, size):
    setting = staged(store, size)

    result = racers.race(database.url, [reject, reject], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "OutOfStep": size}
    assert look(store) == (["rejected"] * size, 0)


@small_and_full(20, 500)
def test_a_place_that_is_accepted_is_had_whoever_rejects_its_proposal_meanwhile(store, database, racers, size):
    setting = staged(store, size)

    result = racers.race(database.url, [accept_place, reject], rounds=size, setting=setting)

    assert result.unhandled == []
    states, placed = look(store)
    assert placed == size
    for (chosen, refused), state in zip(result.outcomes, states, strict=True):
        assert chosen == DONE
        assert (refused, state) in ((DONE, "rejected"), ("OutOfStep", "accepted"))


@small_and_full(20, 500)
def test_the_last_place_is_held_for_one_of_two_people(store, database, racers, size):
    with store.writing() as session:
        setting = {"units": last_places(session, size)}
        asked = referrals(session, people(session, 2 * size))
        setting |= {"referrals 0": asked[:size], "referrals 1": asked[size:]}

    result = racers.race(database.url, [hold, hold], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "NoLongerVacant": size}
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlaceHold)) == size
