"""Requests to providers: an answer against the end of its time, many yeses at once, and two who choose among them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from placement.brokerage.offers.answering import Terms, decline_offer, make_offer
from placement.brokerage.offers.ending import expire_offers
from placement.brokerage.offers.sending import Asking, send_due, send_offers
from placement.brokerage.referrals import put_on_hold, withdraw_referral
from placement.brokerage.tasks import do
from placement.domain.people import SYSTEM
from placement.planning.asking import choose
from placement.records.offers import Offer
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.tasks import Task
from tests.brokerage import books
from tests.brokerage.worlds import provider_of
from tests.builders import TODAY, a_unit, night
from tests.conftest import NOW
from tests.races.conftest import FEW, MANY
from tests.races.racing import DONE
from tests.races.stage import BROKER, STAY, at, people, referrals
from tests.races.test_last_place import small_and_full

PLACES = 40
LATE = NOW + timedelta(days=2)


def asked(session, number, *, units, runs_out=1, later=()):
    """Ask these many units about each of as many referrals as there are rounds; return what the acts look up.

    Of referral i the first `runs_out` requests run out i + 1 minutes from now; the places named in `later` wait for
    their wave until then.
    """
    setting = {"referrals": referrals(session, people(session, number), nights=14), "offers": []}
    for i, referral_id in enumerate(setting["referrals"]):
        if i % PLACES == 0:  # so that there is always a place for everybody who is chosen
            ids = [a_unit(session, accepting=PLACES, capacity=PLACES).id for _ in range(units)]
        known = [session.get_one(Unit, number) for number in ids]
        referral = session.get_one(Referral, referral_id)
        soon, made = NOW + timedelta(minutes=i + 1), []
        for rank, unit in enumerate(known, start=1):
            asking = Asking(
                unit=unit, rank=rank, start_on=TODAY, end_on=night(14), wave=2 if rank in later else 1,
                due_at=soon if rank in later else None,
            )  # fmt: skip
            until = soon if rank <= runs_out else LATE
            (offer,) = send_offers(session, referral, [asking], reply_by=until, by=BROKER, now=NOW)
            made.append(offer.id)
        setting["offers"].append(made)
        session.expunge_all()
    return setting


def all_say_yes(session, setting):
    for ids in setting["offers"]:
        for number in ids:
            _yes(session, number)


def _yes(session, number):
    offer = session.get_one(Offer, number)
    make_offer(session, offer, Terms(weekly_pence=90_000), by=provider_of(offer), now=NOW)


def _no(session, number):
    offer = session.get_one(Offer, number)
    decline_offer(session, offer, reason="staffing", by=provider_of(offer), now=NOW)


# Acts. A racer's own request is the one with its number.


def expire(session, _setting, number, _racer):
    return expire_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=number + 1))


def send_next_wave(session, _setting, number, _racer):
    return send_due(session, by=SYSTEM, now=NOW + timedelta(minutes=number + 1))


def say_yes(session, setting, number, racer):
    _yes(session, setting["offers"][number][racer])


def say_yes_to_first(session, setting, number, _racer):
    _yes(session, setting["offers"][number][0])


def say_no_to_first(session, setting, number, _racer):
    _no(session, setting["offers"][number][0])


def say_no_to_second(session, setting, number, _racer):
    _no(session, setting["offers"][number][1])


def say_yes_to_third(session, setting, number, _racer):
    _yes(session, setting["offers"][number][2])


def choose_own(session, setting, number, racer):
    choose(session, session.get_one(Offer, setting["offers"][number][racer]), STAY, by=BROKER, now=NOW)


def hold(session, setting, number, _racer):
    put_on_hold(session, session.get_one(Referral, at(setting, "referrals", number)), by=BROKER, now=NOW)


def withdraw(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "referrals", number))
    withdraw_referral(session, referral, reason="other", by=BROKER, now=NOW)


def do_task(session, setting, number, _racer):
    do(session, session.get_one(Task, at(setting, "tasks", number)), by=BROKER, now=NOW)


# What must hold after every race, whoever was quicker.


def look(store, setting):
    """Let the next minute's job end what a race left over, look for what is wrong, and return the states by round."""
    with store.writing() as session:
        expire_offers(session, by=SYSTEM, now=LATE - timedelta(seconds=1))
    with store.reading() as session:
        read = books.tables(session)
    assert books.untold_moves(read, of=("offer", "task")) == []
    assert books.placed_twice(read) == []
    assert books.orphans(read, LATE) == []
    assert list(books.unasked(read)) == []
    states = {offer.id: offer.state.value for offer in read["offer"]}
    return read, [[states[number] for number in ids] for ids in setting["offers"]]


def open_tasks(read):
    """Return the open tasks of each kind, by the record that they are about."""
    found = {}
    for task in read["task"]:
        if task.state == "open":
            found.setdefault(task.kind, []).append(task.subject_id)
    return found


def said(store, result, what):
    print(f"{store.engine.dialect.name}: {what}: {len(result.outcomes)} rounds, {dict(result.counts())}")


@pytest.mark.parametrize("answer", [say_yes_to_first, say_no_to_first])
@small_and_full(25, 1000)
def test_a_request_either_runs_out_or_is_answered_and_never_both(store, database, racers, size, answer):
    with store.writing() as session:
        setting = asked(session, size, units=1)

    result = racers.race(database.url, [expire, answer], rounds=size, setting=setting)

    said(store, result, f"expiry against {answer.__name__}")
    assert result.unhandled == []
    kept = "offered" if answer is say_yes_to_first else "declined"
    read, states = look(store, setting)
    answered = 0
    for (job, reply), (state,) in zip(result.outcomes, states, strict=True):
        assert job == DONE
        assert reply in (DONE, "OutOfStep")
        assert state == (kept if reply == DONE else "expired")
        answered += reply == DONE
    print(f"{store.engine.dialect.name}: {answered} answered in time, {size - answered} ran out")
    events = [line.event for line in read["audit_line"]]
    assert events.count("offer_expired") == size - answered
    with store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM decline")) == (answered if kept == "declined" else 0)
    # Brokerage hears of every referral, of each in one way.
    tasks = open_tasks(read)
    yeses = [of for of, (state,) in zip(setting["referrals"], states, strict=True) if state == "offered"]
    assert sorted(tasks.get("decide_offers", [])) == yeses
    assert sorted(tasks.get("nobody_left", [])) == sorted(set(setting["referrals"]) - set(yeses))


@small_and_full(25, 1000)
def test_whoever_is_last_to_say_no_or_nothing_leaves_the_task(store, database, racers, size):
    """One request runs out while the other is declined: each must see that the other is no hope any more."""
    with store.writing() as session:
        setting = asked(session, size, units=2)

    result = racers.race(database.url, [expire, say_no_to_second], rounds=size, setting=setting)

    said(store, result, "the end of one request against a no to the other")
    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    read, states = look(store, setting)
    assert states == [["expired", "declined"]] * size
    assert sorted(open_tasks(read)["nobody_left"]) == setting["referrals"]


@small_and_full((FEW, 6), (MANY, 250))
def test_parallel_yeses_are_all_heard_and_leave_one_thing_to_do(store, database, racers, size):
    providers, rounds = size
    with store.writing() as session:
        setting = asked(session, rounds, units=providers, runs_out=0)

    result = racers.race(database.url, [say_yes] * providers, rounds=rounds, setting=setting)

    said(store, result, f"{providers} yeses at once")
    assert result.unhandled == []
    assert result.counts() == {DONE: rounds * providers}
    read, states = look(store, setting)
    assert states == [["offered"] * providers] * rounds
    assert sorted(open_tasks(read)["decide_offers"]) == setting["referrals"]


@small_and_full(25, 1000)
def test_two_brokers_who_choose_two_yeses_place_the_person_once(store, database, racers, size):
    with store.writing() as session:
        setting = asked(session, size, units=3, runs_out=0)
        all_say_yes(session, setting)

    result = racers.race(database.url, [choose_own] * 2, rounds=size, setting=setting)

    said(store, result, "two brokers choose two yeses")
    assert result.unhandled == []
    assert result.counts() == {DONE: size, "OutOfStep": size}
    assert result.rounds_with(winners=1) == size
    read, states = look(store, setting)
    assert {tuple(sorted(each)) for each in states} == {("not_selected", "not_selected", "selected")}
    assert len(read["placement"]) == size
    assert {stay.state.value for stay in read["placement"]} == {"confirmed"}
    assert "decide_offers" not in open_tasks(read)


AGAINST = {
    say_no_to_first: {("selected", "not_selected", "not_selected"), ("declined", "offered", "offered")},
    say_yes_to_third: {("selected", "not_selected", "not_selected")},
    hold: {("selected", "not_selected", "not_selected"), ("withdrawn", "withdrawn", "withdrawn")},
    withdraw: {("selected", "not_selected", "not_selected"), ("withdrawn", "withdrawn", "withdrawn")},
}
"""What may come of it when somebody chooses the first yes while somebody else does this."""


@pytest.mark.parametrize("other", AGAINST, ids=lambda act: act.__name__)
@small_and_full(8, 500)
def test_a_choice_and_whatever_else_is_done_have_one_outcome(store, database, racers, size, other):
    with store.writing() as session:
        setting = asked(session, size, units=3, runs_out=0)
        all_say_yes(session, setting)

    result = racers.race(database.url, [choose_own, other], rounds=size, setting=setting)

    said(store, result, f"choosing against {other.__name__}")
    assert result.unhandled == []
    assert set(result.counts()) <= {DONE, "OutOfStep"}
    read, states = look(store, setting)
    assert {tuple(each) for each in states} <= AGAINST[other]
    for (chosen, _), each in zip(result.outcomes, states, strict=True):
        assert (chosen == DONE) == (each[0] == "selected")
    assert len(read["placement"]) == sum(chosen == DONE for chosen, _ in result.outcomes)


@pytest.mark.parametrize("end", [hold, withdraw], ids=lambda act: act.__name__)
@small_and_full(15, 500)
def test_a_wave_that_goes_out_while_the_search_ends_asks_nobody_any_more(store, database, racers, size, end):
    with store.writing() as session:
        setting = asked(session, size, units=2, runs_out=0, later=(2,))

    result = racers.race(database.url, [send_next_wave, end], rounds=size, setting=setting)

    said(store, result, f"the second wave against {end.__name__}")
    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    _, states = look(store, setting)
    assert states == [["withdrawn"] * 2] * size


@small_and_full(20, 500)
def test_a_task_that_somebody_does_while_it_is_settled_ends_once(store, database, racers, size):
    with store.writing() as session:
        setting = asked(session, size, units=1, runs_out=0)
        rings = text("SELECT id FROM task WHERE kind = 'ring' ORDER BY subject_id")
        setting["tasks"] = list(session.scalars(rings))

    result = racers.race(database.url, [do_task, say_yes_to_first], rounds=size, setting=setting)

    said(store, result, "a task that is done and settled at once")
    assert result.unhandled == []
    assert {each[1] for each in result.outcomes} == {DONE}
    read, _ = look(store, setting)
    done = [line.subject_id for line in read["audit_line"] if line.event == "task_done"]
    assert sorted(done) == sorted(setting["tasks"])
