"""Long lists as pages: at most fifty rows each, with true counts, found by where a row stands and not by counting off.

A page is asked for by the number of the row that it follows or precedes. So rows that come or go meanwhile shift
nothing, the last page costs what the first one does, and an address holds no word about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
U = TypeVar("U")
ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInList:
    """Where a page begins: after one row, or before one; neither is the first page. Both are numbers of rows."""

    after: int | None = None
    before: int | None = None


START = PlaceInList()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list of `total`; the first of them is the `first` one, from 1.

    `before` and `after` are what the pages on either side are asked for with, None where there is no such page.
    """

    rows: Sequence[T]
    total: int
    first: int
    before: int | None = None
    after: int | None = None

    def with_rows(self, rows: Sequence[U]) -> Page[U]:
        """Return the same page of the same list, its rows told another way."""
        return Page(rows=rows, total=self.total, first=self.first, before=self.before, after=self.after)

    @property
    def last(self) -> int:
        """The place in the list of the last row; 0 where there is none."""
        return self.first + len(self.rows) - 1 if self.rows else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One thing that a list is ordered by. It may not be NULL: coalesce it to what stands last."""

    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    is_descending: bool = False

    def ordered(self, *, forwards: bool) -> ColumnElement[Any]:
        """Return the column as ORDER BY wants it."""
        return self.column.desc() if self.is_descending == forwards else self.column.asc()

    def beyond(self, value: Any, *, forwards: bool) -> ColumnElement[bool]:
        """Return whether a row stands beyond a value."""
        found: ColumnElement[bool] = self.column < value if self.is_descending == forwards else self.column > value
        return found


def page_of(session: Session, rows: Select[T], *keys: Key, at: PlaceInList = START, size: int = ROWS) -> Page[T]:
    """Return a page of a list; the last key is the number of its rows. Three statements, whatever the list's length.

    A place that is not in the list any more, or beyond its ends, gives the first page.
    """
    forwards = at.before is None
    stands = _stands(session, at.after if forwards else at.before, keys)
    if stands is None:
        total, _ = _counts(session, rows, keys, false())
        return _cut(session, rows, keys, total=total, first=1, size=size)
    beyond = _beyond(keys, stands, forwards=forwards)
    total, others = _counts(session, rows, keys, beyond)
    if not others or (not forwards and others <= size):
        return _cut(session, rows, keys, total=total, first=1, size=size)
    if forwards:
        return _cut(session, rows.where(beyond), keys, total=total, first=total - others + 1, size=size)
    return _cut(session, rows.where(beyond), keys, total=total, first=others - size + 1, size=size, forwards=False)


def cut(found: Sequence[T], numbers: Sequence[int], *, at: PlaceInList = START, size: int = ROWS) -> Page[T]:
    """Return a page of rows that are worked out and not stored, each with a number of its own."""
    start = 0
    if at.after in numbers:
        start = numbers.index(at.after) + 1
    elif at.before in numbers:
        start = max(0, numbers.index(at.before) - size)
    start = start if start < len(found) else 0
    shown = found[start : start + size]
    return _paged(shown, numbers[start : start + size], total=len(found), first=start + 1)


def _counts(session: Session, rows: Select[Any], keys: Sequence[Key], beyond: ColumnElement[bool]) -> tuple[int, int]:
    """Return how many rows there are, and how many of them stand beyond a place."""
    every, others = func.count(keys[-1].column), func.count(case((beyond, 1)))
    total, further = session.execute(
        rows.with_only_columns(every, others, maintain_column_froms=True).order_by(None)
    ).one()
    return total, further


def _stands(session: Session, row_id: int | None, keys: Sequence[Key]) -> Sequence[Any] | None:
    """Return what a row is ordered by, None where there is no such row."""
    if row_id is None:
        return None
    return session.execute(select(*(key.column for key in keys)).where(keys[-1].column == row_id)).first()


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, forwards: bool) -> ColumnElement[bool]:
    *others, last = zip(keys, values, strict=True)
    found = last[0].beyond(last[1], forwards=forwards)
    for key, value in reversed(others):
        found = or_(key.beyond(value, forwards=forwards), and_(key.column == value, found))
    return found


def _cut(
    session: Session, rows: Select[T], keys: Sequence[Key], *, total: int, first: int, size: int, forwards: bool = True
) -> Page[T]:
    asked = rows.order_by(None).order_by(*(key.ordered(forwards=forwards) for key in keys)).limit(size)
    found = list(session.scalars(asked).unique())
    if not forwards:
        found.reverse()
    return _paged(found, [row.id for row in found], total=total, first=first)  # type: ignore[attr-defined]  # rows have


def _paged(rows: Sequence[T], numbers: Sequence[int], *, total: int, first: int) -> Page[T]:
    last = first + len(rows) - 1
    return Page(
        rows=rows,
        total=total,
        first=first if rows else 0,
        before=numbers[0] if rows and first > 1 else None,
        after=numbers[-1] if rows and last < total else None,
    )
