"""What places are worth to people still to come, as computed night by night; and what is held back for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.people import Actor
from placement.records.audit import record
from placement.records.base import Base

FRESH = timedelta(days=14)
"""Older prices speak of a demand and of vacancies that are no longer there: then places have none."""


class PriceList(Base):
    """One computation: the prices of units over the `nights` from `first_night`, and what they were made from.

    `prices` lists [unit, from night, to night, points a night]; what it does not list has no price. `arrivals` in
    `history_days` days are what the futures were drawn from.
    """

    __tablename__ = "price_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    computed_at: Mapped[datetime]
    first_night: Mapped[date]
    nights: Mapped[int]
    seed: Mapped[int]
    history_days: Mapped[int]
    arrivals: Mapped[int]
    seconds: Mapped[float]
    versions: Mapped[dict[str, Any]]
    prices: Mapped[list[Any]] = mapped_column(JSON)


class Holding(Base):
    """How many points a stay of one kind of referral may cost; None, as at first: whatever it costs."""

    __tablename__ = "holding"
    __table_args__ = (CheckConstraint("most_points >= 0", name="points"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), unique=True)
    most_points: Mapped[int | None]


def newest_prices(session: Session, day: date) -> PriceList | None:
    """Return the newest prices that still hold on a day."""
    fresh = (PriceList.first_night <= day) & (PriceList.first_night > day - FRESH)
    return session.scalars(select(PriceList).where(fresh).order_by(PriceList.id.desc()).limit(1)).first()


def holdings(session: Session) -> dict[str, int]:
    """Return the kinds of referral that are held back, and the points that a stay of each may cost."""
    rows = select(Holding).where(Holding.most_points.is_not(None)).order_by(Holding.id)
    return {row.kind: row.most_points for row in session.scalars(rows) if row.most_points is not None}


def set_holdings(session: Session, limits: Mapping[str, int | None], *, by: Actor, now: datetime) -> int:
    """Set the limit of each kind given, None for no limit; return how many have changed."""
    rows = {row.kind: row for row in session.scalars(select(Holding).with_for_update())}
    changed = 0
    for kind, points in sorted(limits.items()):
        row = rows.get(kind) or Holding(kind=kind)
        if row.most_points == points:
            continue
        before, row.most_points = row.most_points, points
        session.add(row)
        record(session, "set what is held back", row, by=by, now=now, kind=kind, most_points=points, before=before)
        changed += 1
    return changed
