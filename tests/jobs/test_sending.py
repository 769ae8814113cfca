"""Messages go out once they are true: in order, none lost, none on and on, and each under one number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from placement.domain.messages import BY_DAY, MESSAGES
from placement.domain.people import SYSTEM
from placement.domain.states import MessageState
from placement.jobs.mail import Console, NotSent, Smtp, mail_of
from placement.jobs.sending import Mailing, send_messages
from placement.records.messages import Message, send_later
from placement.records.outbox import LEASE, MOST_TRIES, drop, take_next, try_again
from placement.records.settings import set_numbers
from tests.conftest import NOW
from tests.jobs.letterboxes import Letterbox, started

ADDRESSES = ("one@example.org", "two@example.org")


@pytest.fixture
def letterbox():
    return Letterbox()


@pytest.fixture
def server(letterbox):
    controller = started(letterbox)
    yield controller
    controller.stop()


@pytest.fixture
def mailing(server):
    port = Smtp(host="127.0.0.1", port=server.port, is_tls=False)
    return Mailing(port=port, sender="placement@example.org", address="https://places.example.org")


def written(store, *references, to=ADDRESSES[0]):
    with store.writing() as session:
        for reference in references:
            send_later(
                session, "offer_sent", to=to, reference=reference, path="/answer/link/secret", until=NOW, now=NOW
            )


def states(store):
    with store.reading() as session:
        return {each.reference: each.state.value for each in session.scalars(select(Message))}


def test_a_message_goes_out_with_its_words_and_link_and_forgets_the_link(store, clock, mailing, letterbox):
    written(store, "RF-1")
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    (mail,) = letterbox.mails
    words = mail.get_payload(decode=True).decode()

    assert mail["Subject"] == "RF-1: could you take somebody?"
    assert "https://places.example.org/answer/link/secret" in words
    assert "10:00 on 23 November 2026" in words
    with store.reading() as session:
        sent = session.scalars(select(Message)).one()
        assert (sent.state, sent.path, sent.sent_at) == (MessageState.SENT, "", NOW)
        assert mail["Message-ID"] == f"<{sent.number}@example.org>"
    assert send_messages(store, clock=clock, mailing=mailing) == 0


def test_what_is_not_committed_is_not_sent(store, clock, mailing, letterbox):
    def fails():
        with store.writing() as session:
            send_later(session, "offer_sent", to=ADDRESSES[0], reference="RF-1", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert send_messages(store, clock=clock, mailing=mailing) == 0


def test_a_server_that_is_away_for_an_hour_loses_nothing_and_keeps_the_order(store, clock, letterbox):
    """The port is one that nobody listens on, then the server is back."""
    nobody = Mailing(port=Smtp(host="127.0.0.1", port=1, is_tls=False), sender="placement@example.org")
    written(store, "RF-1", "RF-2", "RF-3")
    written(store, "RF-4", to=ADDRESSES[1])
    for minute in range(60):
        clock.now = NOW + timedelta(minutes=minute)
        assert send_messages(store, clock=clock, mailing=nobody) == 0
    controller = started(letterbox)
    back = Smtp(host="127.0.0.1", port=controller.port, is_tls=False)
    for minute in range(60, 125):
        clock.now = NOW + timedelta(minutes=minute)
        send_messages(store, clock=clock, mailing=Mailing(port=back, sender="placement@example.org"))
    controller.stop()

    assert sorted(letterbox.subjects) == sorted(
        [*((ADDRESSES[0], f"RF-{n}") for n in (1, 2, 3)), (ADDRESSES[1], "RF-4")]
    )
    assert [about for to, about in letterbox.subjects if to == ADDRESSES[0]] == ["RF-1", "RF-2", "RF-3"]
    assert set(states(store).values()) == {"sent"}


def test_one_that_is_refused_for_ever_is_parked_at_once_and_others_go_on(store, clock, mailing, letterbox):
    letterbox.poison = {"gone@example.org"}
    written(store, "RF-1", "RF-2", to="gone@example.org")
    written(store, "RF-3")
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert states(store) == {"RF-1": "parked", "RF-2": "parked", "RF-3": "sent"}
    with store.reading() as session:
        assert set(session.scalars(select(Message.failure).where(Message.state == MessageState.PARKED))) == {
            "recipient_550"
        }


def test_one_that_is_refused_for_now_waits_longer_each_time_and_is_parked_in_the_end(store, clock, mailing, letterbox):
    letterbox.busy = True
    written(store, "RF-1")
    waits = []
    for _ in range(MOST_TRIES):
        send_messages(store, clock=clock, mailing=mailing)
        with store.reading() as session:
            found = session.scalars(select(Message)).one()
            waits.append((found.next_at - clock.now).total_seconds() / 60)
            clock.now = max(clock.now, found.next_at)
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert states(store) == {"RF-1": "parked"}


def test_a_worker_that_dies_after_sending_leaves_a_second_mail_of_the_same_number(store, clock, mailing, letterbox):
    """The mail is out and nobody has noted it; the next worker waits for the lease and sends it again."""
    written(store, "RF-1")
    with store.writing() as session:
        taken = take_next(session, now=clock())
    number = taken.number
    mail = mail_of(number=number, sender=mailing.sender, to=taken.recipient, subject="RF-1: …", words="…", sent=0.0)
    mailing.port.send(mail)
    assert send_messages(store, clock=clock, mailing=mailing) == 0
    clock.now = NOW + LEASE
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert {mail["Message-ID"] for mail in letterbox.mails} == {f"<{number}@example.org>"}
    assert len(letterbox.mails) == 2


def test_a_parked_message_is_sent_again_or_dropped_by_hand(store, clock, mailing, letterbox):
    letterbox.poison = {ADDRESSES[0]}
    written(store, "RF-1", "RF-2")
    send_messages(store, clock=clock, mailing=mailing)
    letterbox.poison = set()
    with store.writing() as session:
        one, two = session.scalars(select(Message).order_by(Message.id)).all()
        try_again(session, one, by=SYSTEM, now=clock())
        drop(session, two, by=SYSTEM, now=clock())
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert states(store) == {"RF-1": "sent", "RF-2": "dropped"}


def test_development_prints_a_mail():
    out = StringIO()
    Console(out=out).send(mail_of(number="1", sender="a@b", to="c@d", subject="RF-1: …", words="A link", sent=0.0))
    assert "Mail to c@d: RF-1" in out.getvalue()
    assert "A link" in out.getvalue()


def test_a_server_without_encryption_is_not_told_anything_where_it_is_asked_for(server):
    mail = mail_of(number="1", sender="a@b", to="c@d", subject="s", words="w", sent=0.0)
    with pytest.raises(NotSent) as error:
        Smtp(host="127.0.0.1", port=server.port, is_tls=True).send(mail)
    assert not error.value.is_for_ever


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.slug)
def test_the_words_of_a_message_have_a_place_for_a_reference_a_time_and_a_link_and_nothing_else(kind):
    said = {"reference": "RF-1", "until": "noon", "link": "https://…"}
    assert "RF-1" in kind.subject.format(**said)
    assert kind.words.format(**said)


@pytest.mark.parametrize("kind", sorted(BY_DAY))
def test_what_was_refused_in_the_evening_waits_for_the_morning_and_holds_up_no_request(
    store, clock, mailing, letterbox, kind
):
    evening = clock.now = datetime(2026, 11, 23, 19, 59, 30, tzinfo=UTC)
    with store.writing() as session:
        send_later(session, kind, to=ADDRESSES[0], reference="2 services", path="/x", until=NOW, now=evening)
    letterbox.busy = True
    assert send_messages(store, clock=clock, mailing=mailing) == 0

    clock.now, letterbox.busy = evening + timedelta(minutes=2), False
    written(store, "RF-1")
    assert send_messages(store, clock=clock, mailing=mailing) == 1, "a request goes out at night"
    clock.now = evening + timedelta(hours=10, minutes=50)
    assert send_messages(store, clock=clock, mailing=mailing) == 0
    clock.now = evening + timedelta(hours=11, minutes=1)
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert states(store) == {"2 services": "sent", "RF-1": "sent"}


def test_the_quiet_hours_that_count_are_those_of_the_messages_council(store, clock, mailing):
    clock.now = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    for council, hour in (("E08000026", 22), ("E08000029", 20)):
        with store.writing(council) as session:
            set_numbers(session, {"quiet_from_hour": hour}, by=SYSTEM, now=NOW)
            send_later(session, "tasks_due", to=f"{council}@example.org", reference=council, now=NOW, council=council)
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert states(store) == {"E08000026": "sent", "E08000029": "waiting"}
