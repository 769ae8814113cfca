"""What a council has set of the numbers in `domain/settings.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.councils import COUNCIL
from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.settings import SETTING, SETTINGS
from placement.records.base import Base
from placement.records.councils import EVERY_COUNCIL, OfCouncil
from placement.records.events import record


class NumberSet(OfCouncil, Base):
    """One number as somebody has set it."""

    __tablename__ = "number_set"
    __table_args__ = (UniqueConstraint("council", "slug", name="uq_number_set_slug"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]


def number(session: Session, slug: str) -> int:
    """Return a setting of the council at work, or what it usually is. Raises KeyError for one that is not there."""
    usual = SETTING[slug].usual
    value = session.scalar(select(NumberSet.value).where(NumberSet.slug == slug))
    return usual if value is None else value


def numbers(session: Session) -> dict[str, int]:
    """Return every setting."""
    known = {row.slug: row.value for row in session.scalars(select(NumberSet).order_by(NumberSet.id))}
    return {row.slug: known.get(row.slug, row.usual) for row in SETTINGS}


def numbers_of_all(session: Session, slugs: Collection[str]) -> list[tuple[str, dict[str, int]]]:
    """Return some settings of every council, by its code, whichever is at work; one question."""
    rows = session.scalars(select(NumberSet).where(NumberSet.slug.in_(slugs)), execution_options=EVERY_COUNCIL)
    known = {(row.council, row.slug): row.value for row in rows}
    return [(code, {slug: known.get((code, slug), SETTING[slug].usual) for slug in slugs}) for code in COUNCIL]


def locked_numbers(session: Session) -> dict[str, int]:
    """Return every setting, and keep everybody else from setting what is set until the commit."""
    session.scalars(select(NumberSet).with_for_update()).all()
    return numbers(session)


def set_numbers(session: Session, values: Mapping[str, int], *, by: Actor, now: datetime) -> int:
    """Set some numbers; return how many have changed. Raises Invalid, naming the field, for one out of its bounds."""
    rows = {row.slug: row for row in session.scalars(select(NumberSet).with_for_update())}
    changed = 0
    for slug, value in sorted(values.items()):
        row, known = rows.get(slug), SETTING[slug]
        if not known.least <= value <= known.most:
            raise Invalid(f"Enter a number from {known.least} to {known.most}.", field=slug)
        before = row.value if row else known.usual
        if value == before:
            continue
        row = row or NumberSet(slug=slug)
        row.value = value
        session.add(row)
        record(session, "number_set", row, by=by, now=now, setting=slug, value=value, before=before)
        changed += 1
    return changed
