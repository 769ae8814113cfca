"""What goes wrong with one message is that message's own; what goes wrong with the server costs no message anything."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from placement.domain.people import SYSTEM
from placement.domain.states import MessageState
from placement.jobs.mail import NotSent, Smtp
from placement.jobs.sending import Mailing, send_messages
from placement.records.messages import Message, send_later
from placement.records.outbox import LEASE, MOST_TRIES, drop, take_next, was_not_sent, was_sent
from tests.conftest import NOW
from tests.jobs.letterboxes import Letterbox, started

FROM = "placement@example.org"
HERE = "https://places.example.org"


@pytest.fixture
def letterbox():
    return Letterbox()


@pytest.fixture
def mailing(letterbox):
    controller = started(letterbox)
    yield Mailing(port=Smtp(host="127.0.0.1", port=controller.port, is_tls=False), sender=FROM, address=HERE)
    controller.stop()


def written(store, *references, to="one@example.org", kind="offer_sent"):
    with store.writing() as session:
        for reference in references:
            send_later(session, kind, to=to, reference=reference, path="/answer/link/x", until=NOW, now=NOW)


def rows(store):
    with store.reading() as session:
        found = {each.reference: each for each in session.scalars(select(Message).order_by(Message.id))}
        session.expunge_all()
        return found


def states(store):
    return {reference: row.state.value for reference, row in rows(store).items()}


def minutes(clock, store, mailing, number, start=0):
    for minute in range(start, start + number):
        clock.now = NOW + timedelta(minutes=minute)
        send_messages(store, clock=clock, mailing=mailing)


BREAKS = {
    "an address with a line in it": {"recipient": "a@example.org\nBcc: b@example.org"},
    "no address": {"recipient": ""},
    "a reference with a line in it": {"reference": "RF-1\nBcc: b@c.org"},
    "a kind that has left the table": {"kind": "gone"},
}


@pytest.mark.parametrize("values", BREAKS.values(), ids=BREAKS)
def test_a_message_that_cannot_be_made_a_mail_is_parked_and_all_others_go_on(
    store, clock, mailing, letterbox, values, caplog
):
    written(store, "RF-1", to="poison@example.org")
    with store.writing() as session:
        session.execute(update(Message).values(**values))
    written(store, "RF-2", "RF-3")
    send_messages(store, clock=clock, mailing=mailing)

    found = list(rows(store).values())
    assert [each.state for each in found] == [MessageState.PARKED, MessageState.SENT, MessageState.SENT]
    assert [mail["Subject"][:4] for mail in letterbox.mails] == ["RF-2", "RF-3"]
    assert found[0].failure
    assert "@" not in found[0].failure
    assert "example.org" not in caplog.text


def test_a_mail_that_ends_the_connection_is_parked_in_the_end_and_all_others_go_on(store, clock, mailing, letterbox):
    letterbox.drops = {"RF-1"}
    written(store, "RF-1", to="poison@example.org")
    written(store, "RF-2", "RF-3")
    minutes(clock, store, mailing, 3)
    assert states(store) == {"RF-1": "waiting", "RF-2": "sent", "RF-3": "sent"}
    minutes(clock, store, mailing, 12 * 60, start=3)
    assert states(store)["RF-1"] == "parked"


def test_a_message_at_which_every_worker_dies_is_parked(store, clock, mailing, letterbox):
    written(store, "RF-1", "RF-2")
    for _ in range(MOST_TRIES):
        with store.writing() as session:
            assert take_next(session, now=clock()).reference == "RF-1"
        clock.now += LEASE
    send_messages(store, clock=clock, mailing=mailing)
    assert states(store) == {"RF-1": "parked", "RF-2": "sent"}
    assert rows(store)["RF-1"].failure == "abandoned"


def test_a_server_that_is_away_for_two_days_parks_nothing_and_all_goes_out_within_two_minutes_of_its_return(
    store, clock, letterbox
):
    away = Mailing(port=Smtp(host="127.0.0.1", port=1, is_tls=False), sender=FROM, address=HERE)
    written(store, *(f"RF-{n}" for n in range(20)))
    written(store, *(f"RG-{n}" for n in range(20)), to="two@example.org")
    for minute in range(0, 48 * 60, 7):
        clock.now = NOW + timedelta(minutes=minute)
        assert send_messages(store, clock=clock, mailing=away) == 0
    assert set(states(store).values()) == {"waiting"}

    controller, back = started(letterbox), clock.now
    mailing = Mailing(port=Smtp(host="127.0.0.1", port=controller.port, is_tls=False), sender=FROM, address=HERE)
    for minute in (1, 2):
        clock.now = back + timedelta(minutes=minute)
        send_messages(store, clock=clock, mailing=mailing)
    controller.stop()
    assert set(states(store).values()) == {"sent"}
    for to, letters in (("one@example.org", "RF"), ("two@example.org", "RG")):
        got = [mail["Subject"].partition(":")[0] for mail in letterbox.mails if mail["To"] == to]
        assert got == [f"{letters}-{n}" for n in range(20)]


@pytest.mark.parametrize("answer", ["530 5.7.0 Authentication required", "421 closing", "550 5.7.1 sender not allowed"])
def test_a_server_that_refuses_us_costs_no_message_anything(store, clock, mailing, letterbox, answer):
    """A wrong password or sender is the same for all: nothing is parked for it."""
    letterbox.to_sender = answer
    written(store, "RF-1", "RF-2")
    minutes(clock, store, mailing, 5)
    assert set(states(store).values()) == {"waiting"}
    assert {row.tries for row in rows(store).values()} == {0}
    assert letterbox.asked <= 5, "one message a round is enough to find out"

    letterbox.to_sender = ""
    minutes(clock, store, mailing, 2, start=6)
    assert set(states(store).values()) == {"sent"}


class Slow:
    """A port during whose sending something else happens."""

    def __init__(self, meanwhile, error=None):
        self.meanwhile, self.error = meanwhile, error

    def send(self, mail):
        self.meanwhile()
        if self.error:
            raise self.error


@pytest.mark.parametrize("error", [NotSent("recipient_550", is_for_ever=True), NotSent("recipient_451")])
def test_a_worker_that_was_overtaken_changes_nothing_any_more(store, clock, mailing, error):
    """It hears the server's no after its lease, when another worker has sent the message."""

    def overtaken():
        clock.now = NOW + LEASE
        assert send_messages(store, clock=clock, mailing=mailing) == 1

    written(store, "RF-1")
    send_messages(store, clock=clock, mailing=Mailing(port=Slow(overtaken, error), sender=FROM))
    row = rows(store)["RF-1"]
    assert (row.state, row.failure, row.sent_at) == (MessageState.SENT, None, NOW + LEASE)


def test_what_is_dropped_while_it_goes_out_is_told_as_sent(store, clock):
    """It did go out: a row that said otherwise would be untrue."""

    def dropped():
        with store.writing() as session:
            drop(session, session.scalars(select(Message)).one(), by=SYSTEM, now=NOW)

    written(store, "RF-1")
    assert send_messages(store, clock=clock, mailing=Mailing(port=Slow(dropped), sender=FROM)) == 1
    assert states(store) == {"RF-1": "sent"}


def test_what_is_dropped_while_it_is_refused_stays_dropped(store, clock):
    def dropped():
        with store.writing() as session:
            drop(session, session.scalars(select(Message)).one(), by=SYSTEM, now=NOW)

    written(store, "RF-1")
    port = Slow(dropped, NotSent("recipient_550", is_for_ever=True))
    assert send_messages(store, clock=clock, mailing=Mailing(port=port, sender=FROM)) == 0
    assert states(store) == {"RF-1": "dropped"}


def test_eight_workers_send_a_hundred_messages_once_each_and_in_order(store, clock):
    """No message is taken twice, and none before an earlier one to the same address has gone out."""
    for n in range(25):
        for to in "abcd":
            written(store, f"{to.upper()}-{n:02}", to=f"{to}@example.org")
    seen, wrong, lock = [], [], threading.Lock()

    def work():
        try:
            misses = 0
            while misses < 200:
                with store.writing() as session:
                    taken = take_next(session, now=clock())
                if taken is None:
                    misses += 1
                    continue
                with lock:
                    seen.append(taken.reference)
                with store.writing() as session:
                    was_sent(session, taken, by=SYSTEM, now=clock())
        except Exception as error:
            wrong.append(error)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    assert len(seen) == len(set(seen)) == 100
    for letter in "ABCD":
        mine = [each for each in seen if each.startswith(letter)]
        assert mine == sorted(mine)


def test_a_refusal_of_a_lease_that_is_over_is_told_apart_by_the_lease(store, clock):
    written(store, "RF-1")
    with store.writing() as session:
        first = take_next(session, now=NOW)
    with store.writing() as session:
        second = take_next(session, now=NOW + LEASE)
    with store.writing() as session:
        was_not_sent(session, first, "recipient_451", is_for_ever=False, by=SYSTEM, now=NOW + LEASE)
    row = rows(store)["RF-1"]
    assert (row.next_at, row.tries, row.failure) == (second.held_until, 2, None)
