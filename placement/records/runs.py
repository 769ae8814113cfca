"""Match runs: what was asked, what was answered, and what people made of each proposal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.states import ProposalState, RunState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.leases import Leased
from placement.records.outcomes import (
    ProposalQuestion,
    ProposalReason,
    ProposalRival,
    ProposalStay,
    RunAnswer,
    RunObjective,
    UnmetNeed,
)
from placement.records.providers import Unit
from placement.records.referrals import Referral

_UNDER_WAY = text("state IN ('queued', 'running')")


class MatchRun(Leased, OfCouncil, Base):
    """One solve over all open referrals. Instance, seed, budget, versions and proof stay, so it can be replayed."""

    __tablename__ = "match_run"
    __table_args__ = (
        CheckConstraint("budget_seconds > 0", name="budget"),
        Index("uq_match_run_under_way", "council", unique=True, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RunState] = mapped_column(default=RunState.QUEUED, index=True)
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    requester: Mapped[str] = mapped_column(String(120))
    first_night: Mapped[date | None]
    seed: Mapped[int] = mapped_column(default=0)
    budget_seconds: Mapped[int] = mapped_column(default=60)
    instance_sha256: Mapped[str | None] = mapped_column(String(64))

    proposals: Mapped[list[Proposal]] = relationship(back_populates="run", order_by="Proposal.id")
    documents: Mapped[RunDocuments | None] = relationship(back_populates="run")
    answer: Mapped[RunAnswer | None] = relationship(cascade="all, delete-orphan")
    objectives: Mapped[list[RunObjective]] = relationship(order_by=RunObjective.position, cascade="all, delete-orphan")
    unmet: Mapped[list[UnmetNeed]] = relationship(order_by=UnmetNeed.id, cascade="all, delete-orphan")


class RunDocuments(Base):
    """The exact instance and plan of a run, kept apart because lists of runs never need them."""

    __tablename__ = "match_run_documents"
    __table_args__ = {}

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), primary_key=True)
    instance: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any] | None]

    run: Mapped[MatchRun] = relationship(back_populates="documents")


class Proposal(OfCouncil, Base):
    """One match of a run, and what a human made of it.

    Of a series it is the first stay that has a place; `stays` then tells of each of them, and is empty otherwise.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("run_id", "referral_id", name="uq_proposal_run_referral"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), index=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    start_on: Mapped[date]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.PROPOSED)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decision_reason: Mapped[str] = mapped_column(String(500), default="")

    run: Mapped[MatchRun] = relationship(back_populates="proposals")
    reasons: Mapped[list[ProposalReason]] = relationship(order_by=ProposalReason.position, cascade="all, delete-orphan")
    questions: Mapped[list[ProposalQuestion]] = relationship(
        order_by=ProposalQuestion.position, cascade="all, delete-orphan"
    )
    rivals: Mapped[list[ProposalRival]] = relationship(order_by=ProposalRival.position, cascade="all, delete-orphan")
    stays: Mapped[list[ProposalStay]] = relationship(order_by=ProposalStay.number, cascade="all, delete-orphan")
    referral: Mapped[Referral] = relationship()
    unit: Mapped[Unit] = relationship()

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """The units that it proposes, each once: several only where the stays of a series are in several."""
        return tuple(sorted({stay.unit_id for stay in self.stays if stay.unit_id is not None} or {self.unit_id}))
