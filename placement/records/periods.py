"""The questions of `domain.periods` for the database: conditions on a row's first day and on the day of its end."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute


def not_over(end: InstrumentedAttribute[date | None], day: date) -> ColumnElement[bool]:
    """Say that a period that ends on a day or never holds this night or a later one."""
    return or_(end.is_(None), end > day)


def in_force(
    start: InstrumentedAttribute[date], end: InstrumentedAttribute[date | None], night: date
) -> ColumnElement[bool]:
    """Say that a period holds this night."""
    return and_(start <= night, not_over(end, night))
