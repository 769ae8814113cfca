"""What more places would have been worth over a past period: who asked for the figures, and what was found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.errors import OutOfStep
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.events import record

LOST_AFTER = timedelta(hours=2)
"""Nobody works any longer on figures that were asked for so long ago: they can be asked for again."""


class Valuation(OfCouncil, Base):
    """One question and its answer. `done` of `replays` are over; `finished_at` None: not yet, or never.

    `ideas` lists of each place thought of the slugs of what it is for, its price, and by number of places how many
    fewer were placed outside the city (`outside`) or not at all (`without`), how many fewer nights were waited
    (`waited`) and lived outside not by choice (`away`), all over the period, and how much less was spent a week
    (`weekly_pence`). They are exact: what of them may be told, `reports.place_values` says. `people` is how many
    referrals were lived through.
    """

    __tablename__ = "valuation"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(120))
    first_on: Mapped[date]
    end_on: Mapped[date]
    seed: Mapped[int]
    begun_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    replays: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    has_failed: Mapped[bool] = mapped_column(default=False)
    seconds: Mapped[float] = mapped_column(default=0.0)
    people: Mapped[int] = mapped_column(default=0)
    versions: Mapped[dict[str, Any]]
    ideas: Mapped[list[Any]] = mapped_column(JSON, default=list)

    @property
    def span(self) -> Period:
        """The days that are lived through."""
        return Period(self.first_on, self.end_on)

    def is_under_way(self, now: datetime) -> bool:
        """Return whether somebody is still at work on it, as far as is known."""
        return self.finished_at is None and not self.has_failed and now - self.asked_at < LOST_AFTER


def ask_for_values(session: Session, span: Period, *, seed: int = 0, by: Actor, now: datetime) -> Valuation:
    """Store a question; whoever calls puts it before the worker. Raises OutOfStep while an earlier one is under way."""
    newest = session.scalars(select(Valuation).order_by(Valuation.id.desc()).limit(1)).first()
    if newest is not None and newest.is_under_way(now):
        raise OutOfStep("Figures are being worked out already. Wait until they are there.")
    row = Valuation(
        asked_at=now, asked_by=by.name, first_on=span.start, end_on=span.end, seed=seed, done=0, replays=0, people=0,
        seconds=0.0, versions={}, ideas=[],
    )  # fmt: skip
    session.add(row)
    record(session, "values_asked", row, by=by, now=now)
    return row


def newest_valuation(session: Session, span: Period) -> Valuation | None:
    """Return the newest answer about a period; None where there is none yet."""
    of_span = (Valuation.first_on == span.start, Valuation.end_on == span.end, Valuation.finished_at.is_not(None))
    return session.scalars(select(Valuation).where(*of_span).order_by(Valuation.id.desc()).limit(1)).first()


def last_asked(session: Session) -> Valuation | None:
    """Return the newest question, answered or not."""
    return session.scalars(select(Valuation).order_by(Valuation.id.desc()).limit(1)).first()
