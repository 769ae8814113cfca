"""What a finished run answered, as pages and figures read it; the exact instance and plan stay beside it for replay.

Sentences are the engine's own, as it said them when it solved: they stay true to what was known then.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.records.base import Base
from placement.records.providers import Unit
from placement.records.referrals import Referral


class RunAnswer(Base):
    """A finished run counted in people; `is_proven`: no other plan is better on any objective."""

    __tablename__ = "run_answer"
    __table_args__ = {}

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), primary_key=True)
    is_proven: Mapped[bool]
    seconds: Mapped[float]
    asked: Mapped[int]
    in_city: Mapped[int]
    out_by_choice: Mapped[int]
    out_by_need: Mapped[int]
    unplaced: Mapped[int]


class RunObjective(Base):
    """The value of one objective and the bound that is proven for it, in the objective's own unit."""

    __tablename__ = "run_objective"
    __table_args__ = {}

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(20))
    value: Mapped[int] = mapped_column(BigInteger)
    bound: Mapped[int] = mapped_column(BigInteger)


class ProposalReason(Base):
    """One of the reasons for a proposal, in the order in which they are told."""

    __tablename__ = "proposal_reason"
    __table_args__ = {}

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sentence: Mapped[str] = mapped_column(Text)


class ProposalQuestion(Base):
    """A need that is not known: what to ask before the proposal is accepted."""

    __tablename__ = "proposal_question"
    __table_args__ = {}

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))


class ProposalRival(Base):
    """A referral without a place in the city that wanted this one, as the run weighed it.

    `changes` says what each objective would gain, by its slug and in its own unit, were the place given to them.
    """

    __tablename__ = "proposal_rival"
    __table_args__ = {}

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    changes: Mapped[dict[str, Any]]

    referral: Mapped[Referral] = relationship()


class ProposalStay(Base):
    """One stay of a series as a run answered it: its window, and where and when, or neither where nothing was found."""

    __tablename__ = "proposal_stay"
    __table_args__ = (CheckConstraint("(unit_id IS NULL) = (start_on IS NULL)", name="place"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    earliest_on: Mapped[date]
    latest_on: Mapped[date]
    nights: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    start_on: Mapped[date | None]

    unit: Mapped[Unit | None] = relationship()


class UnmetNeed(Base):
    """A referral for which a run found no place in the city, though it is wanted there."""

    __tablename__ = "unmet_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), index=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    is_met_out_of_city: Mapped[bool]

    referral: Mapped[Referral] = relationship()
    causes: Mapped[list[UnmetCause]] = relationship(order_by="UnmetCause.position", cascade="all, delete-orphan")
    changes: Mapped[list[UnmetChange]] = relationship(order_by="UnmetChange.position", cascade="all, delete-orphan")
    nearest: Mapped[list[UnmetNearest]] = relationship(order_by="UnmetNearest.position", cascade="all, delete-orphan")


class UnmetCause(Base):
    """How many units of the city a rule is the first to refuse, in the order of the rules.

    `outbid`: their places go to others; `stale`: what is free on the nights needed has not been confirmed lately.
    """

    __tablename__ = "unmet_cause"
    __table_args__ = {}

    unmet_id: Mapped[int] = mapped_column(ForeignKey("unmet_need.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(40))
    units: Mapped[int]


class UnmetChange(Base):
    """One change that would open a place: the rule that it is about, and what it is in words."""

    __tablename__ = "unmet_change"
    __table_args__ = {}

    unmet_id: Mapped[int] = mapped_column(ForeignKey("unmet_need.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(Text)


class UnmetNearest(Base):
    """A unit that few rules refuse; `refused_by` lists them with spaces between them, `says` tells by how much."""

    __tablename__ = "unmet_nearest"
    __table_args__ = {}

    unmet_id: Mapped[int] = mapped_column(ForeignKey("unmet_need.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    refused_by: Mapped[str] = mapped_column(String(200))
    says: Mapped[str] = mapped_column(String(500), default="", server_default="")

    unit: Mapped[Unit] = relationship()
