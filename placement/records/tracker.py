"""What is kept for the national tracker: a council's words for its columns, categories of units, and what was keyed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.tracker import BED_CATEGORIES, COLUMN_MAP
from placement.records.base import Base
from placement.records.councils import EVERY_COUNCIL, OfCouncil
from placement.records.events import record
from placement.records.providers import Unit

ColumnMap = Mapping[str, tuple[str, ...]]
MOST_WORDS = 2000  # characters of one row of the map


class MappedWords(OfCouncil, Base):
    """What extracts call one thing, a line each, as a council's administrator has set it."""

    __tablename__ = "mapped_words"
    __table_args__ = (UniqueConstraint("council", "slug", name="uq_mapped_words_slug"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(MOST_WORDS))


class UnitCategory(Base):
    """The bed category under which the tracker counts a unit; a unit without one is in no count of it."""

    __tablename__ = "unit_category"
    __table_args__ = {}

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(String(40))


class KeyedNumbers(Base):
    """The four numbers of a unit as somebody has entered them in the tracker."""

    __tablename__ = "keyed_numbers"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), index=True)
    keyed_at: Mapped[datetime]
    keyed_by: Mapped[str] = mapped_column(String(120))
    maximum: Mapped[int]
    occupied: Mapped[int]
    reserved: Mapped[int]
    accepting: Mapped[int]

    unit: Mapped[Unit] = relationship()


def column_map(session: Session, council: str, *, to_change: bool = False) -> dict[str, tuple[str, ...]]:
    """Return what a council's extracts call each thing; locked until the commit where it is to be changed."""
    rows = select(MappedWords).where(MappedWords.council == council).order_by(MappedWords.id)
    found = session.scalars(rows.with_for_update() if to_change else rows, execution_options=EVERY_COUNCIL)
    known = {row.slug: tuple(filter(None, row.words.split("\n"))) for row in found}
    return {row.slug: known.get(row.slug, row.usual) for row in COLUMN_MAP}


def set_column_map(session: Session, council: str, given: ColumnMap, *, by: Actor, now: datetime) -> int:
    """Set what extracts call some things; return how many have changed. Raises Invalid, naming the field."""
    before = column_map(session, council, to_change=True)
    rows = {row.slug: row for row in session.scalars(select(MappedWords).where(MappedWords.council == council))}
    changed = 0
    for slug, words in sorted(given.items()):
        if words == before[slug]:
            continue
        if len("\n".join(words)) > MOST_WORDS:
            raise Invalid(f"Enter at most {MOST_WORDS:,} characters.", field=slug)
        row = rows.get(slug) or MappedWords(slug=slug, council=council)
        row.words = "\n".join(words)
        session.add(row)
        record(session, "column_map_set", row, by=by, now=now, setting=slug, words=len(words))
        changed += 1
    return changed


def categories_of(session: Session, unit_ids: Collection[int]) -> dict[int, str]:
    """Return the bed categories of those units that have one."""
    rows = select(UnitCategory).where(UnitCategory.unit_id.in_(unit_ids)).order_by(UnitCategory.unit_id)
    return {row.unit_id: row.category for row in session.scalars(rows)}


def set_category(session: Session, unit: Unit, category: str | None, *, by: Actor, now: datetime) -> None:
    """Say under which category the tracker counts a unit, None for under none. Raises Invalid, naming the field."""
    if category is not None and category not in BED_CATEGORIES:
        raise Invalid("Choose one of the categories.", field=f"category-{unit.id}")
    row = session.get(UnitCategory, unit.id)
    before = row.category if row else None
    if before == category:
        return
    if row is None:
        session.add(UnitCategory(unit_id=unit.id, category=category or ""))
    elif category is None:
        session.delete(row)
    else:
        row.category = category
    record(session, "category_set", unit, by=by, now=now, category=category, before=before)


def newest_keyed(session: Session, unit_ids: Collection[int]) -> dict[int, KeyedNumbers]:
    """Return what was last entered in the tracker for each of these units."""
    rows = select(KeyedNumbers).where(KeyedNumbers.unit_id.in_(unit_ids)).order_by(KeyedNumbers.id)
    return {row.unit_id: row for row in session.scalars(rows)}
