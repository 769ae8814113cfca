"""Places held while somebody decides, places ruled out for somebody, and who else wanted what a run proposes.

Revision: 020, after 019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "020"
down_revision = "019"
branch_labels = None
depends_on = None

HELD, COUNTS = sa.text("state = 'held'"), sa.text("undone_at IS NULL")


def _key(table: str, column: str, other: str, **given: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **given)


def upgrade() -> None:
    op.create_table(
        "place_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.String(120), nullable=False),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("end_on > start_on", name=op.f("ck_place_hold_period")),
        _key("place_hold", "referral_id", "referral"),
        _key("place_hold", "unit_id", "unit"),
        _key("place_hold", "held_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_hold")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_place_hold_unit_id"), "place_hold", ["unit_id"])
    op.create_index(
        "uq_place_hold_referral", "place_hold", ["referral_id"], unique=True, sqlite_where=HELD, postgresql_where=HELD
    )
    op.create_index("ix_place_hold_held_until", "place_hold", ["held_until"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_table(
        "ruled_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.String(500), nullable=False, server_default=""),
        sa.Column("ruled_by", sa.String(120), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(120), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_ruled_out_undone")),
        _key("ruled_out", "referral_id", "referral", ondelete="CASCADE"),
        _key("ruled_out", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruled_out")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_ruled_out_pair", "ruled_out", ["referral_id", "unit_id"], unique=True,
        sqlite_where=COUNTS, postgresql_where=COUNTS,
    )  # fmt: skip
    op.create_table(
        "proposal_rival",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        _key("proposal_rival", "proposal_id", "proposal", ondelete="CASCADE"),
        _key("proposal_rival", "referral_id", "referral"),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_rival")),
    )


def downgrade() -> None:
    for table in ("proposal_rival", "ruled_out", "place_hold"):
        op.drop_table(table)
