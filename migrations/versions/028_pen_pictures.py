"""The few lines on which a crisis referral is submitted before everything is asked.

Revision: 028, after 027.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "028"
down_revision = "027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_pen_picture",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_pen_picture_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_pen_picture")),
    )


def downgrade() -> None:
    op.drop_table("referral_pen_picture")
