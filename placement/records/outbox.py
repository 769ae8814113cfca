"""Messages to be sent: written in the unit in which they become true, sent later by the worker, in order.

A message waits, is sent, or is parked where sending it makes no sense any more. Each has an id of its own that goes out
with it, so that a mail that was sent twice (a worker killed in between) can be told for one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from placement.domain.messages import MESSAGE
from placement.domain.people import Actor
from placement.domain.states import MessageState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.lifecycles import move
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.visibility import one

LEASE = timedelta(minutes=2)  # longer than any port waits for an answer
MOST_TRIES = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
SERVERS_WAIT = timedelta(minutes=1)  # when the server is back, what waits goes out with the next round


class Message(OfCouncil, Base):
    """One message to one address. `path` is where its link leads; once it is sent only the record of it stays."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index("ix_message_waiting", "state", "recipient", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(36), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime | None]
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    written_at: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(40))


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


def send_later(
    session: Session,
    kind: str,
    *,
    to: str,
    reference: str,
    now: datetime,
    path: str = "",
    until: datetime | None = None,
    council: str | None = None,
) -> Message:
    """Write a message that is sent once this unit has been committed. Raises KeyError for an unknown kind."""
    message = Message(
        number=str(uuid.uuid4()),
        recipient=to,
        kind=MESSAGE[kind].slug,
        reference=reference,
        path=path,
        until=until,
        state=MessageState.WAITING,
        written_at=now,
        next_at=now,
        council=council,
    )
    session.add(message)
    return message


def take_next(session: Session, *, now: datetime) -> ToSend | None:
    """Take the next message that is due; a later one to an address waits for those before it."""
    earlier = aliased(Message)
    waits = select(earlier.id).where(
        earlier.recipient == Message.recipient, earlier.state == MessageState.WAITING, earlier.id < Message.id
    )
    rows = select(Message).where(Message.state == MessageState.WAITING, Message.next_at <= now, ~waits.exists())
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
        message.failure = "no_worker_came_back"
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
