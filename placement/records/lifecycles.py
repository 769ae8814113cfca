"""Moving a record from state to state: check, change, record. Nothing else in the product sets a state."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy.orm import Session

from placement.domain.lifecycles import move_of
from placement.domain.people import Actor
from placement.domain.states import State
from placement.records.base import Base
from placement.records.events import record


class Moving(Protocol):
    """A row of a table that has a state."""

    __tablename__: str
    state: Any


def move(session: Session, row: Moving, verb: str, *, by: Actor, now: datetime, **details: Any) -> None:
    """Move a record as its lifecycle allows, and write the move's event with these details.

    The caller holds the row's lock, where two people can meet. Raises OutOfStep if the record cannot move so from
    where it is, NotAllowed if this actor may not, and KeyError for a verb that is not in the lifecycle.
    """
    require(row, verb, by=by)
    found = move_of(row.state, verb)
    row.state = found.after
    record(session, found.event, cast(Base, row), by=by, now=now, **details)


def require(row: Moving, verb: str, *, by: Actor) -> None:
    """Raise what `move` would raise, and change nothing."""
    state: State = row.state
    move_of(state, verb).require(state, by)
