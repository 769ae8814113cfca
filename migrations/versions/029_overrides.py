"""What a manager decides otherwise than the rules, for one person and one place.

Revision: 029, after 028.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "029"
down_revision = "028"
branch_labels = None
depends_on = None

STANDS = sa.text("undone_at IS NULL")


def _key(column: str, other: str, **given: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_pair_override_{column}_{other}"), **given)


def upgrade() -> None:
    op.create_table(
        "pair_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(120), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(120), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_pair_override_undone")),
        _key("referral_id", "referral", ondelete="CASCADE"),
        _key("unit_id", "unit"),
        _key("given_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_override")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_pair_override_pair", "pair_override", ["referral_id", "unit_id"], unique=True,
        sqlite_where=STANDS, postgresql_where=STANDS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("pair_override")
