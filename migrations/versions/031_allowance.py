"""Nights beyond the yearly allowance, and stays that count in it though they were given back.

Revision: 031, after 030.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "031"
down_revision = "030"
branch_labels = None
depends_on = None


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_allowance_grant_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "allowance_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year_from", sa.Date(), nullable=False),
        sa.Column("nights", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(120), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("nights > 0", name=op.f("ck_allowance_grant_nights")),
        _key("person_id", "person"),
        _key("granted_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_grant")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_allowance_grant_person", "allowance_grant", ["person_id", "year_from"])
    op.add_column("placement", sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("placement", "is_counted")
    op.drop_table("allowance_grant")
