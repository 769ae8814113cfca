"""Who has opened a referral lately, and who must live alone.

Revision: 032, after 031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "032"
down_revision = "031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "looking",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(20), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_looking_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_looking_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("referral_id", "user_id", name=op.f("pk_looking")),
    )
    op.create_index(op.f("ix_looking_seen_at"), "looking", ["seen_at"])
    op.add_column("referral", sa.Column("lives_alone", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("referral", "lives_alone")
    op.drop_index(op.f("ix_looking_seen_at"), "looking")
    op.drop_table("looking")
