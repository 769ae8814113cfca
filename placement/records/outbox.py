"""What becomes of messages that were written: taken by a worker, in order, sent, tried again, parked or dropped."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from placement.domain.messages import BY_DAY
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import MessageState
from placement.records.base import Base
from placement.records.digests import quiet_councils
from placement.records.lifecycles import move
from placement.records.messages import Message
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.visibility import one

LEASE = timedelta(minutes=2)  # longer than any port waits for an answer
MOST_TRIES = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
SERVERS_WAIT = timedelta(minutes=1)  # when the server is back, what waits goes out with the next round


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """How many messages wait and are parked; of those that wait, when the first was written and what failed last."""

    waiting: int
    parked: int
    waits_since: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """A message that a worker has taken: nobody else sends it until its lease is over, at `held_until`."""

    id: int
    number: str
    recipient: str
    kind: str
    reference: str
    path: str
    until: datetime | None
    tries: int
    held_until: datetime


def take_next(session: Session, *, now: datetime) -> ToSend | None:
    """Take the next message that is due; a later one to an address waits for those before it.

    One that goes out by day alone is not due in the quiet hours, and no other waits for it then.
    """
    earlier, quiet = aliased(Message), quiet_councils(session, now=now)
    waits = select(earlier.id).where(
        earlier.recipient == Message.recipient, earlier.state == MessageState.WAITING, earlier.id < Message.id
    )
    waits = waits.where(_may_go(earlier, quiet))
    due = (Message.state == MessageState.WAITING, Message.next_at <= now, _may_go(Message, quiet))
    rows = select(Message).where(*due, ~waits.exists())
    found = session.scalars(rows.order_by(Message.next_at, Message.id).limit(1)).first()
    if found is None:
        return None
    mine = update(Message).where(Message.id == found.id, Message.tries == found.tries, Message.next_at <= now)
    taken = session.execute(
        mine.values(tries=Message.tries + 1, next_at=now + LEASE).execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # the result of an UPDATE counts its rows
        return None
    return ToSend(
        id=found.id,
        number=found.number,
        recipient=found.recipient,
        kind=found.kind,
        reference=found.reference,
        path=found.path,
        until=found.until,
        tries=found.tries + 1,
        held_until=now + LEASE,
    )


def _may_go(message: type[Message], quiet: Collection[str]) -> ColumnElement[bool]:
    return or_(message.kind.not_in(BY_DAY), message.council.not_in(quiet))


def was_sent(session: Session, taken: ToSend, *, by: Actor, now: datetime) -> None:
    """Note that a message has gone out; where its link led, and to whom it opened what, is forgotten.

    What was parked or dropped while it went out has gone out all the same.
    """
    message = session.get_one(Message, taken.id, with_for_update=True)
    if message.state is not MessageState.SENT:
        move(session, message, "go_out", by=by, now=now)
        message.sent_at, message.path, message.failure = now, "", None


def was_not_sent(session: Session, taken: ToSend, failure: str, *, is_for_ever: bool, by: Actor, now: datetime) -> None:
    """Try again later, twice as much later each time; park what is refused for ever or has been tried often enough.

    `failure` is a code, and never what a server said: that may quote an address.
    """
    message = _still_held(session, taken)
    if message is None:
        return
    message.failure = failure
    if is_for_ever or taken.tries >= MOST_TRIES:
        move(session, message, "park", by=by, now=now, failure=failure)
    else:
        message.next_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (taken.tries - 1))


def put_back(session: Session, taken: ToSend, failure: str, *, now: datetime) -> None:
    """Let a message wait as if it had not been tried: the server took none, for a reason that is not the message's."""
    message = _still_held(session, taken)
    if message is not None:
        message.tries, message.next_at, message.failure = taken.tries - 1, now + SERVERS_WAIT, failure


def park_abandoned(session: Session, *, by: Actor, now: datetime) -> None:
    """Park what was taken as often as it may be and has no worker left: each of them may have died of it."""
    rows = select(Message).where(
        Message.state == MessageState.WAITING, Message.tries >= MOST_TRIES, Message.next_at <= now
    )
    for message in session.scalars(rows.order_by(Message.id).with_for_update(skip_locked=True)).all():
        message.failure = "abandoned"
        move(session, message, "park", by=by, now=now, failure=message.failure)


def _still_held(session: Session, taken: ToSend) -> Message | None:
    """Return a taken message unless its lease ended and somebody else has taken, parked, dropped or sent it since."""
    message = session.get_one(Message, taken.id, with_for_update=True)
    is_held = message.state is MessageState.WAITING and message.next_at == taken.held_until
    return message if is_held else None


def try_again(session: Session, message: Message, *, by: Actor, now: datetime) -> None:
    """Let a parked message wait to be sent again."""
    session.refresh(message, with_for_update=True)
    move(session, message, "try_again", by=by, now=now)
    message.next_at, message.tries, message.failure = now, 0, None


def drop(session: Session, message: Message, *, by: Actor, now: datetime) -> None:
    """Do not send a message any more."""
    session.refresh(message, with_for_update=True)
    move(session, message, "drop", by=by, now=now)
    message.path = ""


def drop_waiting(session: Session, about: Base, kinds: Collection[str], *, now: datetime) -> None:
    """Drop what waits to be sent about a record."""
    of_it = (Message.about == about.__tablename__, Message.about_id == about.id)  # type: ignore[attr-defined]  # it has one
    rows = select(Message).where(*of_it, Message.kind.in_(kinds), Message.state == MessageState.WAITING)
    for each in session.scalars(rows.order_by(Message.id).with_for_update()).all():
        move(session, each, "drop", by=SYSTEM, now=now)
        each.path = ""


def message(session: Session, message_id: int) -> Message:
    """Return one message. Raises NotFound."""
    return one(session, select(Message).where(Message.id == message_id), "message")


def messages_page(session: Session, state: MessageState, *, at: PlaceInList = START) -> Page[Message]:
    """Return a page of the messages in a state, the newest first."""
    return page_of(
        session, select(Message).where(Message.state == state), Key(column=Message.id, is_descending=True), at=at
    )


def message_counts(session: Session) -> dict[MessageState, int]:
    """Return how many messages there are in each state; one query."""
    rows = select(Message.state, func.count()).group_by(Message.state)
    found = {state: number for state, number in session.execute(rows)}  # noqa: C416  # a row is no pair to mypy
    return {state: found.get(state, 0) for state in MessageState}


def mail_state(session: Session) -> MailState:
    """Return how sending stands; three queries."""
    counts = message_counts(session)
    waiting = Message.state == MessageState.WAITING
    failed = select(Message.failure).where(waiting, Message.failure.is_not(None))
    return MailState(
        waiting=counts[MessageState.WAITING],
        parked=counts[MessageState.PARKED],
        waits_since=session.scalar(select(func.min(Message.written_at)).where(waiting)),
        failure=session.scalars(failed.order_by(Message.next_at.desc(), Message.id).limit(1)).first(),
    )
