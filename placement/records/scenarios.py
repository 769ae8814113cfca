"""Scenarios: a past period, what a commissioner would have changed in the market, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.scenarios import Verb
from placement.domain.states import ScenarioState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.leases import Leased
from placement.records.providers import Unit


class Scenario(Leased, OfCouncil, Base):
    """One question “what if”. Period, changes, seed, versions and the fingerprint of what was read reproduce it.

    Once it was asked for nothing in it changes: who wants it otherwise copies it.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="period"),
        CheckConstraint("seed >= 0", name="seed"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[ScenarioState] = mapped_column(default=ScenarioState.DRAFT, index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    seed: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    writer: Mapped[str] = mapped_column(String(120))
    versions: Mapped[dict[str, Any] | None]
    history_sha256: Mapped[str | None] = mapped_column(String(64))

    changes: Mapped[list[ScenarioChange]] = relationship(order_by="ScenarioChange.id", cascade="all, delete-orphan")
    result: Mapped[ScenarioResult | None] = relationship(cascade="all, delete-orphan")


class ScenarioChange(OfCouncil, Base):
    """One change: to a unit, or else to the places of a kind (`kind_of`: slugs) in a locality ("": in the whole city).

    `places`: how many, None for all. `becomes`: slugs of what converted places offer. `weekly_pence`: the new price.
    """

    __tablename__ = "scenario_change"
    __table_args__ = (
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("weekly_pence > 0", name="price"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"), index=True)
    verb: Mapped[Verb]
    start_on: Mapped[date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    locality: Mapped[str] = mapped_column(String(40), default="")
    kind_of: Mapped[list[str]] = mapped_column(JSON, default=list)
    places: Mapped[int | None]
    becomes: Mapped[list[str]] = mapped_column(JSON, default=list)
    weekly_pence: Mapped[int | None]

    unit: Mapped[Unit | None] = relationship()


class ScenarioResult(Base):
    """What a replay came to: the sums of each world, who gained and lost by group, and which units it changed.

    Exact counts of people: whatever leaves this table is protected first (`reports.what_if`), as the headline is.
    """

    __tablename__ = "scenario_result"
    __table_args__ = {}

    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"), primary_key=True)
    worlds: Mapped[dict[str, Any]]
    shifts: Mapped[list[Any]] = mapped_column(JSON)
    made: Mapped[list[Any]] = mapped_column(JSON)
    headline: Mapped[str] = mapped_column(String(200))
