"""Sending what waits in the outbox: one message after the other, in order for each address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from placement.domain.clocks import LONDON
from placement.domain.messages import MESSAGE
from placement.domain.people import SYSTEM
from placement.jobs.mail import Console, NotSent, Port, mail_of
from placement.jobs.solving import Clock
from placement.records.outbox import ToSend, take_next, was_not_sent, was_sent
from placement.records.sessions import Store

MOST_AT_ONCE = 200
"""Messages of one round; those that are left go out with the next, a minute later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Through which port, from whom, and at which address the links of a mail begin."""

    port: Port = field(default_factory=Console)
    sender: str = "placement@localhost"
    address: str = "http://127.0.0.1:8000"


def send_messages(store: Store, *, clock: Clock, mailing: Mailing) -> int:
    """Send what is due; return how many went out. A worker that dies on the way leaves its message to the next."""
    sent = 0
    for _ in range(MOST_AT_ONCE):
        with store.writing() as session:
            taken = take_next(session, now=clock())
        if taken is None:
            break
        try:
            mailing.port.send(_mail(taken, mailing, clock()))
        except NotSent as error:
            with store.writing() as session:
                was_not_sent(session, taken, error.code, is_for_ever=error.is_for_ever, by=SYSTEM, now=clock())
            continue
        with store.writing() as session:
            was_sent(session, taken, by=SYSTEM, now=clock())
        sent += 1
    return sent


def _mail(taken: ToSend, mailing: Mailing, now: datetime) -> EmailMessage:
    kind = MESSAGE[taken.kind]
    until = "" if taken.until is None else f"{taken.until.astimezone(LONDON):%H:%M on %-d %B %Y}"
    said = {"reference": taken.reference, "until": until, "link": f"{mailing.address}{taken.path}"}
    return mail_of(
        number=taken.number,
        sender=mailing.sender,
        to=taken.recipient,
        subject=kind.subject.format(**said),
        words=kind.words.format(**said),
        sent=now.timestamp(),
    )
