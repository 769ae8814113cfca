"""The second step of signing in, and what somebody who works for a provider may do there.

Whoever works for a provider when this runs goes on doing everything, and leads the others.

Revision: 040, after 039.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "040"
down_revision = "039"
branch_labels = None
depends_on = None

# SQLite adds a check only with its column, and alembic only apart from it: so it is written out, for both.
CHECK = "CONSTRAINT ck_user_rights CHECK (rights = 'editor' OR role = 'provider')"


def upgrade() -> None:
    op.execute(f"ALTER TABLE \"user\" ADD COLUMN rights VARCHAR(40) DEFAULT 'editor' NOT NULL {CHECK}")
    op.execute("UPDATE \"user\" SET rights = 'lead' WHERE role = 'provider'")
    op.add_column("sign_in", sa.Column("waits_for_code", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(300), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_interval", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_second_step_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "paper_code",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_paper_code_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_paper_code")),
    )
    op.create_index(op.f("ix_paper_code_user_id"), "paper_code", ["user_id"])


def downgrade() -> None:
    # Half a sign-in would be a whole one to what was there before.
    op.execute(sa.text("DELETE FROM sign_in WHERE waits_for_code = :yes").bindparams(yes=True))
    op.drop_table("paper_code")
    op.drop_table("second_step")
    op.drop_column("sign_in", "waits_for_code")
    op.drop_column("user", "rights")
