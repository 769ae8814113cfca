"""The details of a person that brokerage gives the provider of a stay.

Revision: 027, after 026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "027"
down_revision = "026"
branch_labels = None
depends_on = None

STANDS = sa.text("taken_back_at IS NULL")


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(120), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(120), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("until > given_at", name=op.f("ck_pack_until")),
        sa.CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name=op.f("ck_pack_taken_back")),
        _key("pack", "placement_id", "placement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pack_placement_id"), "pack", ["placement_id"])
    op.create_index(
        "uq_pack_standing", "pack", ["placement_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )
    op.create_table(
        "pack_file",
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        _key("pack_file", "pack_id", "pack"),
        _key("pack_file", "attachment_id", "attachment"),
        sa.PrimaryKeyConstraint("pack_id", "attachment_id", name=op.f("pk_pack_file")),
    )


def downgrade() -> None:
    for table in ("pack_file", "pack"):
        op.drop_table(table)
