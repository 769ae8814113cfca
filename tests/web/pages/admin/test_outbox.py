import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.messages import FAILURES, failure_words
from placement.domain.people import SYSTEM, Role
from placement.domain.states import MessageState
from placement.jobs.mail import NotSent
from placement.jobs.sending import Mailing, send_messages
from placement.records.events import AuditLine
from placement.records.messages import Message, send_later
from placement.records.outbox import mail_state, try_again
from tests.conftest import NOW
from tests.web.pages.admin.test_home import text_of
from tests.web_client import signed_in


class Refusing:
    def __init__(self, **how):
        self.how = how

    def send(self, mail):
        raise NotSent("recipient_550" if self.how.get("is_for_ever") else "unreachable_TimeoutError", **self.how)


def written(store, *references):
    with store.writing() as session:
        for reference in references:
            send_later(session, "offer_sent", to="gone@example.org", reference=reference, until=NOW, now=NOW)


@pytest.fixture
def parked(store, clock):
    written(store, "RF-1", "RF-2")
    send_messages(store, clock=clock, mailing=Mailing(port=Refusing(is_for_ever=True)))
    with store.reading() as session:
        return session.scalars(select(Message.id).order_by(Message.id)).all()


def states(store):
    with store.reading() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def test_parked_messages_stand_first_with_why_and_what_can_be_done(app, parked):
    text = text_of(signed_in(app, Role.ADMIN).get("/admin/outbox"))
    assert "RF-1: could you take somebody?" in text
    assert "the address was refused (recipient_550)" in text
    assert text.count("Send again the message about") == text.count("Drop the message about") == 2


def test_a_parked_message_is_sent_again_or_dropped_and_both_stand_in_the_trail(app, store, parked):
    admin = signed_in(app, Role.ADMIN)
    assert admin.post(f"/admin/outbox/{parked[0]}/again", page="/admin/outbox").status_code == 302
    assert admin.post(f"/admin/outbox/{parked[1]}/drop", page="/admin/outbox").status_code == 302
    assert states(store) == [MessageState.WAITING, MessageState.DROPPED]
    with store.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.subject == "message").order_by(AuditLine.id)).all()
        told = [(line.event, line.subject_id, line.details) for line in lines]
    assert told[-2:] == [("message_tried_again", parked[0], {}), ("message_dropped", parked[1], {})]
    assert "example.org" not in str(told)


def test_two_who_press_at_once_are_told(app, store, parked, clock):
    with store.writing() as session:
        try_again(session, session.get_one(Message, parked[0]), by=SYSTEM, now=NOW)
    answer = signed_in(app, Role.ADMIN).post(f"/admin/outbox/{parked[0]}/again", page="/admin/outbox")
    assert answer.status_code == 409
    assert "waiting now" in text_of(answer)


def test_a_message_is_an_administrators_alone(app, parked):
    for role in (Role.BROKER, Role.COMMISSIONER):
        assert signed_in(app, role).get("/admin/outbox").status_code == 403


def test_long_lists_have_pages(app, store):
    written(store, *(f"RF-{number}" for number in range(120)))
    admin = signed_in(app, Role.ADMIN)
    first = admin.get("/admin/outbox?show=waiting")
    assert "1 to 50 of 120 messages" in text_of(first)
    (link,) = re.findall(r'href="([^"]*after=\d+[^"]*)"', first.get_data(as_text=True))
    assert "show=waiting" in link
    assert "51 to 100 of 120 messages" in text_of(admin.get(link.replace("&amp;", "&")))


def test_the_overview_tells_what_waits_since_when_and_why_and_what_is_parked(app, store, clock, parked):
    written(store, "RF-3", "RF-4")
    send_messages(store, clock=clock, mailing=Mailing(port=Refusing(is_servers=True)))
    admin = signed_in(app, Role.ADMIN)
    clock.now = NOW + timedelta(minutes=20)
    text = text_of(admin.get("/admin/"))
    assert "2 messages wait, the first written 20 minutes ago: the mail server cannot be reached" in text
    assert "2 messages could not be sent and are parked" in text
    assert admin.get("/health/ready").status_code == 200, "a parked message is no fault of the site"


def test_the_overview_tells_that_all_has_gone_out_or_that_nothing_can(app):
    assert "Everything that was written has gone out." in text_of(signed_in(app, Role.ADMIN).get("/admin/"))


def test_every_code_has_words():
    assert failure_words(None) == ""
    assert failure_words("another_code") == "another_code"
    for first in FAILURES:
        assert failure_words(f"{first}_1").endswith(f"({first}_1)")


def test_how_sending_stands_is_told_of_ones_own_council(store):
    written(store, "RF-1")
    with store.reading("E10000031") as session:
        assert (mail_state(session).waiting, mail_state(session).waits_since) == (0, None)
