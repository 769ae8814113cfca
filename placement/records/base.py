"""What every table shares: names of constraints, strict instants, strings for states."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; a naive time is refused, because SQLite would store it without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant must say its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(states: type[Any]) -> list[str]:
    return [state.value for state in states]


class Base(DeclarativeBase):
    """The shared metadata; the web's Flask-SQLAlchemy is built over it, so the types stand in the registry."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Instant(),
            dict[str, Any]: JSON(),
            # States are strings, so a new row in a domain table needs no migration.
            StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=_values),
        },
    )
    # SQLite hands a deleted row's id to the next one unless it is told not to; audit lines name rows by id.
    __table_args__: Any = {"sqlite_autoincrement": True}
