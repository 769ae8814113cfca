"""Stays: reserved, confirmed, active, ended or released; what the database itself refuses stands in the migrations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, and_, false, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.periods import Period
from placement.domain.states import LIVE, THERE, PlacementState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.periods import not_over
from placement.records.providers import Unit
from placement.records.referrals import Person, Referral


class Placement(OfCouncil, Base):
    """One person in one unit for the nights [start_on, end_on); end_on None stands for open-ended.

    `differs` names, by slug, in what the place differs from what was asked (`planning.differences`).
    `counted_in_id` is the vacancy report whose numbers already account for this stay. Where the person moves on,
    `ends_for_referral_id` is the referral whose place ends this stay, and `end_on_before_move` its end before that. On
    `seen_there_on` the provider last said that the person, who was to have left, is still there. `manager_id` is who is
    to sign off, or has signed off, a place outside the city.

    A reservation is held by `held_by`, for `hold_reason` once it has been held longer than the first answer takes.
    Whoever is in hospital is so since `away_since`; on `notice_on` `notice_by` gave notice, before which the stay was
    to end on `end_on_before_notice`. On `as_planned_on` the provider last said that the next step comes as planned.
    `moved_from_id` is the stay of the same referral that this one goes on with elsewhere; `number` says which stay of a
    series it is, from 1, and is empty where the referral asks for no series. A stay that was given back `is_counted` in
    the yearly allowance where that came too late.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("end_on >= start_on", name="period"),
        CheckConstraint("state <> 'reserved' OR expires_at IS NOT NULL", name="expiry"),
        CheckConstraint("is_in_city OR out_of_city_reason IS NOT NULL", name="out_of_city_has_reason"),
        Index("ix_placement_unit_start", "unit_id", "start_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_run.id"))
    state: Mapped[PlacementState] = mapped_column(default=PlacementState.RESERVED, index=True)
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    weekly_pence: Mapped[int | None]
    rank: Mapped[int | None]
    choice_reason: Mapped[str] = mapped_column(Text, default="")
    is_in_city: Mapped[bool]
    differs: Mapped[str] = mapped_column(String(80), default="", server_default="")
    out_of_city_reason: Mapped[str | None] = mapped_column(String(40))
    out_of_city_evidence: Mapped[str] = mapped_column(Text, default="")
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_off_at: Mapped[datetime | None]
    host_notified_at: Mapped[datetime | None]
    miles: Mapped[float | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None] = mapped_column(String(40))
    counted_in_id: Mapped[int | None] = mapped_column(ForeignKey("vacancy_report.id"), index=True)
    seen_there_on: Mapped[date | None]
    ends_for_referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    end_on_before_move: Mapped[date | None]
    held_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
    hold_reason: Mapped[str | None] = mapped_column(String(40))
    away_since: Mapped[date | None]
    back_expected_on: Mapped[date | None]
    notice_by: Mapped[str | None] = mapped_column(String(40))
    notice_on: Mapped[date | None]
    end_on_before_notice: Mapped[date | None]
    as_planned_on: Mapped[date | None]
    longer_reason: Mapped[str | None] = mapped_column(String(40))
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    number: Mapped[int | None]
    is_counted: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship()
    referral: Mapped[Referral] = relationship(foreign_keys=[referral_id])
    unit: Mapped[Unit] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def period(self) -> Period:
        """The nights of the stay."""
        return Period(self.start_on, self.end_on)

    def held(self, day: date) -> Period:
        """The nights that it holds, as they are known on a day."""
        return nights_held(self.state, self.start_on, self.end_on, day)

    def holds_from(self, day: date) -> bool:
        """Return whether it holds its place on a day or later; `holding_from` asks the same of the database."""
        return self.state in LIVE and not self.held(day).is_over(day)

    def is_overdue(self, day: date) -> bool:
        """Return whether the person was to have left by a day and nobody has recorded a departure."""
        return self.state in THERE and self.period.is_over(day)


class StayConcern(Base):
    """That the place of a live stay was taken from under it: by what, when, and how somebody dealt with it."""

    __tablename__ = "stay_concern"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    cause: Mapped[str] = mapped_column(String(20))
    raised_at: Mapped[datetime]
    raised_by: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(String(20))

    placement: Mapped[Placement] = relationship()


def nights_held(state: PlacementState, start: date, end: date | None, day: date) -> Period:
    """Return the nights that a live stay holds, as they are known on a day.

    A planned end is a plan: who has arrived is there, with no end known, until somebody records a departure.
    """
    period = Period(start, end)
    return Period(start) if state in THERE and period.is_over(day) else period


def holding_from(day: date) -> ColumnElement[bool]:
    """Say that a stay holds its place on a day or later: a live one, its last night to come or the person there."""
    is_there = Placement.state.in_(THERE)
    return and_(Placement.state.in_(LIVE), or_(is_there, not_over(Placement.end_on, day)))


def overdue(day: date) -> ColumnElement[bool]:
    """Say that the person was to have left by a day and nobody has recorded a departure."""
    return and_(Placement.state.in_(THERE), Placement.end_on <= day)
