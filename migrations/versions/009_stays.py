"""Stays whose place was taken from under them, and people who are still there after their last day.

Revision: 009, after 008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("placement", sa.Column("seen_there_on", sa.Date(), nullable=True))
    op.add_column("placement", sa.Column("differs", sa.String(80), nullable=False, server_default=""))
    op.create_table(
        "stay_concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(120), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(120), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_stay_concern_settled")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_stay_concern_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_concern")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stay_concern_placement_id"), "stay_concern", ["placement_id"])


def downgrade() -> None:
    op.drop_table("stay_concern")
    op.drop_column("placement", "differs")
    op.drop_column("placement", "seen_there_on")
