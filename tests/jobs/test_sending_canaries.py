"""Nothing of a person leaves with a message: not in its words, its headers, what is stored of it, the trail or the log.

And a worker that is killed after the server took a mail leaves a second one of the same Message-ID, never a lost one.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.offers.answering import Terms, answer_question, ask_question, decline_offer, make_offer
from placement.brokerage.offers.sending import Asking, chase_offers, send_offers
from placement.brokerage.placements import confirm, decline, release_expired
from placement.brokerage.reservations import Decision, reserve
from placement.domain.people import SYSTEM, Role
from placement.domain.states import MessageState
from placement.jobs.mail import Smtp
from placement.jobs.queue import open_queue
from placement.jobs.sending import Mailing, send_messages
from placement.records.events import AuditLine
from placement.records.messages import Message, send_later
from placement.records.outbox import LEASE
from tests.brokerage.test_telling import CANARIES, a_canary, somebody
from tests.builders import a_person, a_referral, a_unit, night
from tests.conftest import NOW, ROOT
from tests.jobs.letterboxes import Letterbox, started
from tests.jobs.test_queue import SECRET, run_schedule

ADDRESSES = ("provider.example", "council.example")


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


def live(store):
    """Ask, answer, reserve, confirm, decline and let run out: every word that people type has a canary in it."""
    with store.writing() as session:
        unit = a_unit(session, accepting=5, capacity=5)
        provider = somebody(session, "one@provider.example", Role.PROVIDER, unit.service.provider_id)
        broker = somebody(session, "one@council.example", Role.BROKER)
        other = a_unit(session, service=unit.service)
        referral = a_canary(session)
        askings = [
            Asking(unit=each, rank=rank, start_on=night(0), end_on=night(7)) for rank, each in ((1, unit), (2, other))
        ]
        first, second = send_offers(session, referral, askings, reply_by=NOW + timedelta(hours=2), by=broker, now=NOW)
        ask_question(session, first, "Is Canary Name of CV9 9ZZ mobile?", by=provider, now=NOW)
        answer_question(session, first, "Canary Name, born 11 February 1931, is.", by=broker, now=NOW)
        chase_offers(session, by=SYSTEM, now=NOW + timedelta(minutes=60))
        make_offer(session, first, Terms(weekly_pence=1, conditions="Canary conditions"), by=provider, now=NOW)
        decline_offer(session, second, reason="staffing", note="Canary note", by=provider, now=NOW)
        choice = Decision(start_on=night(0), end_on=night(7), reason="Canary choice")
        for answer in ("confirm", "decline", "nothing"):
            person = referral if answer == "confirm" else another(session, answer)
            stay = reserve(session, person, unit, choice, by=broker, now=NOW)
            if answer == "confirm":
                confirm(session, stay, by=provider, now=NOW)
            elif answer == "decline":
                decline(session, stay, reason="staffing", note="Canary note", by=provider, now=NOW)
        release_expired(session, by=SYSTEM, now=NOW + timedelta(days=3))


def another(session, answer):
    person = a_person(session, name="Canary Other", case_number=f"CANARY-{answer}", postcode="CV9 9ZZ")
    return a_referral(session, person=person, reference=f"RF-{answer}"[:12], persons_words="Canary words")


def found(text):
    return [word for word in CANARIES if word in text.lower()]


def test_nothing_of_a_person_leaves_with_a_message_or_stays_in_a_log(
    store, clock, mailing, letterbox, server, tmp_path, caplog
):
    caplog.set_level(logging.DEBUG)
    live(store)
    clock.now = NOW + timedelta(days=3)
    queue = open_queue(tmp_path, secret=SECRET, store=store, clock=clock, mailing=mailing)
    letterbox.poison = {"one@council.example"}
    assert "send_messages" in run_schedule(queue)
    with store.reading() as session:
        rows = session.scalars(select(Message)).all()
        stored = " ".join(str(getattr(row, column.key)) for row in rows for column in Message.__table__.columns)
        kinds = {row.kind for row in rows}
        lines = session.scalars(select(AuditLine).where(AuditLine.subject == "message")).all()
        trail = " ".join(f"{line.event} {line.details}" for line in lines)
        states = {row.state for row in rows}

    assert states == {MessageState.SENT, MessageState.PARKED, MessageState.DROPPED}
    assert kinds >= {
        "offer_sent",
        "question_answered",
        "offer_chased",
        "offer_answered",
        "place_reserved",
        "place_lost",
    }
    assert len(letterbox.mails) >= 5  # what asks about a request that has ended is not sent any more
    raw = " ".join(mail.as_string() + mail.get_payload(decode=True).decode() for mail in letterbox.mails)
    assert "RF-1" in raw
    assert found(raw) == found(stored) == found(trail) == []
    ours = [record for record in caplog.records if not record.name.startswith("mail.")]  # the test's own server's
    logged = " ".join(record.getMessage() for record in ours)
    assert found(logged) == []
    assert [each for each in (*ADDRESSES, "/answer/link/") if each in f"{logged} {trail}"] == []


def test_a_log_or_a_mail_with_a_canary_would_be_seen():
    assert found("To: Canary Name") == ["canary"]
    assert found("born 11 February 1931") == ["1931", "february"]


KILLED = """
import os, signal, sys
from datetime import datetime, timedelta
from placement.jobs.mail import Smtp
from placement.jobs.sending import Mailing, send_messages
from placement.records.sessions import open_url

class Dies:
    def send(self, mail):
        Smtp(host="127.0.0.1", port=int(sys.argv[2]), is_tls=False).send(mail)
        os.kill(os.getpid(), signal.SIGKILL)

send_messages(
    open_url(sys.argv[1]), clock=lambda: datetime.fromisoformat(sys.argv[3]),
    mailing=Mailing(port=Dies(), sender="placement@example.org"),
)
"""


def test_a_worker_that_is_killed_after_the_server_took_a_mail_leaves_it_to_the_next_under_the_same_number(
    store, database, clock, mailing, letterbox, server
):
    with store.writing() as session:
        for reference in ("RF-1", "RF-2"):
            send_later(session, "offer_sent", to="one@example.org", reference=reference, until=NOW, now=NOW)
    settings = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, database.url, str(server.port), NOW.isoformat()]
    assert subprocess.run(command, cwd=ROOT, env=settings, timeout=60).returncode == -signal.SIGKILL
    assert [about for _, about in letterbox.subjects] == ["RF-1"]

    assert send_messages(store, clock=clock, mailing=mailing) == 0, "its lease is not over, and the second one waits"
    clock.now = NOW + LEASE
    assert send_messages(store, clock=clock, mailing=mailing) == 2
    assert [about for _, about in letterbox.subjects] == ["RF-1", "RF-1", "RF-2"]
    first, again, second = (mail["Message-ID"] for mail in letterbox.mails)
    assert first == again != second
