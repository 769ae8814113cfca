"""Rows of which there is one, whoever writes it first: an insert that gives way, on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from placement.records.base import Base


def put_once(session: Session, table: type[Base], key: Mapping[str, Any], **values: Any) -> bool:
    """Write a row unless its key is there; return whether it was written. Of two at once one writes it."""
    row = _insert(session)(table).values(**key, **values).on_conflict_do_nothing(index_elements=list(key))
    # What is returned tells: how many rows were written an engine need not say of an insert that makes an id.
    return session.execute(row.returning(*(getattr(table, name) for name in key))).first() is not None


def put(session: Session, table: type[Base], key: Mapping[str, Any], **values: Any) -> None:
    """Write a row, or its values over those of the row with this key."""
    row = _insert(session)(table).values(**key, **values)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def _insert(session: Session) -> Any:
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
