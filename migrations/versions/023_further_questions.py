"""Who refers and cares, risks and legal status, and the types of service that are wanted or ruled out.

Revision: 023, after 022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "023"
down_revision = "022"
branch_labels = None
depends_on = None


def _table(name: str, *columns: sa.Column, keys: tuple[str, ...] = ("referral_id",)) -> None:
    op.create_table(
        name,
        sa.Column("referral_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f(f"fk_{name}_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table(
        "referral_around",
        sa.Column("team", sa.String(120), nullable=False),
        sa.Column("role", sa.String(80), nullable=False),
        sa.Column("telephone", sa.String(30), nullable=False),
        sa.Column("hospital", sa.String(120), nullable=False),
        sa.Column("ward", sa.String(80), nullable=False),
        sa.Column("carer", sa.String(20), nullable=True),
        sa.Column("carer_until_on", sa.Date(), nullable=True),
    )
    _table(
        "referral_risks",
        sa.Column("risks", sa.String(400), nullable=False),
        sa.Column("legal", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    _table(
        "referral_service_type",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        keys=("referral_id", "slug"),
    )


def downgrade() -> None:
    op.drop_table("referral_service_type")
    op.drop_table("referral_risks")
    op.drop_table("referral_around")
