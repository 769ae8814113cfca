"""Messages to be sent: written in the unit in which they become true; `outbox` says what becomes of them.

A message waits, is sent, or is parked where sending it makes no sense any more. Each has an id of its own that goes out
with it, so that a mail that was sent twice (a worker killed in between) can be told for one.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.messages import MESSAGE
from placement.domain.states import MessageState
from placement.records.base import Base
from placement.records.councils import OfCouncil


class Message(OfCouncil, Base):
    """One message to one address. `path` is where its link leads; once it is sent only the record of it stays.

    `about` is the table of the record without which it is of no use, where there is one, `about_id` its number.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index("ix_message_waiting", "state", "recipient", "id"),
        Index("ix_message_about", "about", "about_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(36), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(20))
    about: Mapped[str | None] = mapped_column(String(40))
    about_id: Mapped[int | None]
    path: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime | None]
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    written_at: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(40))


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
    about: Base | None = None,
) -> Message:
    """Write a message that is sent once this unit has been committed. Raises KeyError for an unknown kind.

    `about` is a record, stored by now, whose end may make the message idle: `outbox.drop_waiting` finds it by that.
    """
    message = Message(
        number=str(uuid.uuid4()),
        recipient=to,
        kind=MESSAGE[kind].slug,
        reference=reference,
        about=about.__tablename__ if about else None,
        about_id=about.id if about else None,  # type: ignore[attr-defined]  # every table that is written of has an id
        path=path,
        until=until,
        state=MessageState.WAITING,
        written_at=now,
        next_at=now,
        council=council,
    )
    session.add(message)
    return message
