"""What a unit offers is a feature of it: an offer will be what is sent to a provider.

Revision: 005, after 004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _renamed("unit_offer", "unit_feature")


def downgrade() -> None:
    _renamed("unit_feature", "unit_offer")


def _renamed(before: str, after: str) -> None:
    """A new table and its rows: names of constraints follow the table's, and SQLite cannot rename them."""
    op.create_table(
        after,
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.String(length=40), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f(f"fk_{after}_unit_id_unit"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("unit_id", "slug", name=op.f(f"pk_{after}")),
    )
    op.execute(f"INSERT INTO {after} SELECT unit_id, slug, evidence, evidence_on FROM {before}")
    op.drop_table(before)
    op.create_index(op.f(f"ix_{after}_slug"), after, ["slug"])
