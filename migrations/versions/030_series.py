"""Stays that recur: the series that a referral asks for, what a run answers of each stay, and which stay a place is.

Revision: 030, after 029.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "030"
down_revision = "029"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str, key: str = "id", **given: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"), **given)


def _window() -> tuple[sa.Column, ...]:
    return (
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column("nights", sa.Integer(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "referral_series",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("take", sa.String(10), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(10), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(every IS NULL) = (until_on IS NULL)", name=op.f("ck_referral_series_pattern")),
        _key("referral_series", "referral_id", "referral", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_series")),
    )
    op.create_table(
        "referral_stay",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        *_window(),
        sa.CheckConstraint("number > 1", name=op.f("ck_referral_stay_number")),
        sa.CheckConstraint("latest_on >= earliest_on", name=op.f("ck_referral_stay_window")),
        sa.CheckConstraint("nights > 0", name=op.f("ck_referral_stay_nights")),
        _key("referral_stay", "referral_id", "referral_series", "referral_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_referral_stay")),
    )
    op.create_table(
        "proposal_stay",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        *_window(),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(unit_id IS NULL) = (start_on IS NULL)", name=op.f("ck_proposal_stay_place")),
        _key("proposal_stay", "proposal_id", "proposal", ondelete="CASCADE"),
        _key("proposal_stay", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_proposal_stay")),
    )
    op.add_column("placement", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("referral", sa.Column("is_recurring", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("referral", "is_recurring")
    op.drop_column("placement", "number")
    for table in ("proposal_stay", "referral_stay", "referral_series"):
        op.drop_table(table)
