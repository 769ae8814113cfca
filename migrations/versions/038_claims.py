"""What a unit says of each need in advance, who stands behind it, and the council's rulings on claims.

What stands there before is a yes.

Revision: 038, after 037.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "038"
down_revision = "037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_feature", sa.Column("said", sa.String(40), nullable=False, server_default="yes"))
    op.add_column("unit_feature", sa.Column("evidence_by", sa.String(120), nullable=False, server_default=""))
    op.create_table(
        "claim_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("ruled_by", sa.String(120), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", sa.String(40), nullable=False),
        sa.Column("was_on", sa.Date(), nullable=True),
        sa.Column("was_by", sa.String(120), nullable=False),
        sa.Column("undone_by", sa.String(120), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_claim_ruling_undone")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_claim_ruling_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_ruling")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claim_ruling_claim", "claim_ruling", ["unit_id", "slug"])


def downgrade() -> None:
    op.drop_table("claim_ruling")
    # Before, a row said that it is offered: what is asked about first or refused was not said at all.
    op.execute("DELETE FROM unit_feature WHERE said <> 'yes' OR evidence = 'refused'")
    op.drop_column("unit_feature", "evidence_by")
    op.drop_column("unit_feature", "said")
