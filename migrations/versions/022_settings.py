"""Numbers that an administrator sets.

Revision: 022, after 021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "022"
down_revision = "021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_set")),
        sa.UniqueConstraint("council", "slug", name="uq_number_set_slug"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("number_set")
