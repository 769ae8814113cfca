"""Sending what waits in the outbox: one message after the other, in order for each address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from placement.domain.clocks import LONDON
from placement.domain.messages import MESSAGE
from placement.domain.people import SYSTEM
from placement.jobs.claimed import Clock
from placement.jobs.mail import Console, NotSent, Port, mail_of
from placement.records.outbox import ToSend, park_abandoned, put_back, take_next, was_not_sent, was_sent
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
    """Send what is due; return how many went out. A worker that dies on the way leaves its message to the next.

    Where the server is at fault the round ends: one message has found that out for all, and it costs none a try.
    """
    sent = 0
    with store.writing() as session:
        park_abandoned(session, by=SYSTEM, now=clock())
    for _ in range(MOST_AT_ONCE):
        with store.writing() as session:
            taken = take_next(session, now=clock())
        if taken is None:
            break
        refused = _refusal(taken, mailing, clock())
        with store.writing() as session:
            if refused is None:
                was_sent(session, taken, by=SYSTEM, now=clock())
                sent += 1
            elif refused.is_servers:
                put_back(session, taken, refused.code, now=clock())
            else:
                for_ever = refused.is_for_ever
                was_not_sent(session, taken, refused.code, is_for_ever=for_ever, by=SYSTEM, now=clock())
        if refused is not None and refused.is_servers:
            break
    return sent


def _refusal(taken: ToSend, mailing: Mailing, now: datetime) -> NotSent | None:
    """Send one message; return why it was not sent. Whatever is wrong with it, the others go on."""
    try:
        mail = _mail(taken, mailing, now)
    except Exception as error:  # a kind that has left the table, a line in an address: it will not get better
        return NotSent(f"unwritable_{type(error).__name__}", is_for_ever=True)
    try:
        mailing.port.send(mail)
    except NotSent as error:
        return error
    except Exception as error:
        return NotSent(f"fault_{type(error).__name__}")
    return None


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
