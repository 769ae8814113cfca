"""What a draft says of a person on record, kept apart until it is submitted; and people by the day they were born.

Revision: 011, after 008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_person",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160), nullable=True),
        sa.Column("gender", sa.String(40), nullable=True),
        sa.Column("postcode", sa.String(8), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("authority", sa.String(9), nullable=True),
        sa.Column("ward_code", sa.String(9), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_person_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_person")),
    )
    op.create_index(op.f("ix_person_born_on"), "person", ["council", "born_on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_born_on"), "person")
    op.drop_table("referral_person")
