"""Whom at the council a provider calls about new places.

Revision: 034, after 033.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "034"
down_revision = "033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(120), nullable=False),
        sa.Column("telephone", sa.String(30), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_contact")),
        sa.UniqueConstraint("council", name="uq_council_contact_council"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("council_contact")
