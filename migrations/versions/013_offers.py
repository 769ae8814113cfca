"""Requests to providers with their thread, and tasks; declines keep which needs cannot be met.

Revision: 013, after 012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("state IN ('later', 'sent', 'viewed', 'asking', 'interested', 'offered')")
ONCE = sa.text("state = 'open' AND kind <> 'follow_up'")


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.add_column("decline", sa.Column("needs", sa.String(400), nullable=False, server_default=""))
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(120), nullable=False),
        sa.Column("decline_reason", sa.String(40), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("weekly_pence", sa.Integer(), nullable=True),
        sa.Column("offered_start_on", sa.Date(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("link_hash", sa.String(64), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_offer_period")),
        sa.CheckConstraint("state IN ('later', 'withdrawn') OR sent_at IS NOT NULL", name=op.f("ck_offer_sent")),
        sa.CheckConstraint("state <> 'declined' OR decline_reason IS NOT NULL", name=op.f("ck_offer_declined")),
        sa.CheckConstraint("weekly_pence > 0", name=op.f("ck_offer_price")),
        _key("offer", "referral_id", "referral"),
        _key("offer", "unit_id", "unit"),
        _key("offer", "made_by_id", "user"),
        _key("offer", "placement_id", "placement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_offer_link_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_offer_referral_id"), "offer", ["referral_id"])
    op.create_index(op.f("ix_offer_state"), "offer", ["state"])
    op.create_index("ix_offer_unit_state", "offer", ["unit_id", "state"])
    op.create_index(
        "uq_offer_under_way",
        "offer",
        ["referral_id", "unit_id"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    op.create_table(
        "offer_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("is_providers", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _key("offer_message", "offer_id", "offer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_message")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_offer_message_offer_id"), "offer_message", ["offer_id"])
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_task_ended")),
        _key("task", "assigned_to_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_task_assigned_to_id"), "task", ["assigned_to_id"])
    op.create_index("ix_task_due", "task", ["council", "state", "due_at"])
    op.create_index("ix_task_subject", "task", ["subject", "subject_id"])
    op.create_index(
        "uq_task_once",
        "task",
        ["kind", "subject", "subject_id"],
        unique=True,
        sqlite_where=ONCE,
        postgresql_where=ONCE,
    )


def downgrade() -> None:
    op.drop_table("task")
    op.drop_table("offer_message")
    op.drop_table("offer")
    op.drop_column("decline", "needs")
