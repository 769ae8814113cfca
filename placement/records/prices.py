"""What places are worth to people still to come, as computed night by night; and what is held back for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.people import Actor
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.events import record

FRESH = timedelta(days=14)
"""Older prices speak of a demand and of vacancies that are no longer there: then places have none."""


class PriceList(OfCouncil, Base):
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


class PriceLimit(OfCouncil, Base):
    """How many points a stay of one kind of referral may cost; None, as at first: whatever it costs."""

    __tablename__ = "price_limit"
    __table_args__ = (
        CheckConstraint("most_points >= 0", name="points"),
        UniqueConstraint("council", "kind", name="uq_price_limit_kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    most_points: Mapped[int | None]


def newest_prices(session: Session, day: date) -> PriceList | None:
    """Return the newest prices that still hold on a day."""
    fresh = (PriceList.first_night <= day) & (PriceList.first_night > day - FRESH)
    return session.scalars(select(PriceList).where(fresh).order_by(PriceList.id.desc()).limit(1)).first()


def price_limits(session: Session) -> dict[str, int]:
    """Return the kinds of referral that are held back, and the points that a stay of each may cost."""
    rows = select(PriceLimit).where(PriceLimit.most_points.is_not(None)).order_by(PriceLimit.id)
    return {row.kind: row.most_points for row in session.scalars(rows) if row.most_points is not None}


def locked_price_limits(session: Session) -> dict[str, int]:
    """Return what `price_limits` does, and keep everybody else from changing what is set until the commit."""
    session.scalars(select(PriceLimit).with_for_update()).all()
    return price_limits(session)


def set_price_limits(session: Session, limits: Mapping[str, int | None], *, by: Actor, now: datetime) -> int:
    """Set the limit of each kind given, None for no limit; return how many have changed."""
    rows = {row.kind: row for row in session.scalars(select(PriceLimit).with_for_update())}
    changed = 0
    for kind, points in sorted(limits.items()):
        row = rows.get(kind) or PriceLimit(kind=kind)
        if row.most_points == points:
            continue
        before, row.most_points = row.most_points, points
        session.add(row)
        record(session, "price_limit_set", row, by=by, now=now, kind=kind, most_points=points, before=before)
        changed += 1
    return changed
