"""Somebody who works for a provider can be limited to some of its services.

Revision: 044, after 043.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "044"
down_revision = "043"
branch_labels = None
depends_on = None

# SQLite adds a check only with its column, and alembic only apart from it: so it is written out, for both.
CHECK = "CONSTRAINT ck_user_limited CHECK (NOT is_limited OR (role = 'provider' AND rights <> 'lead'))"


def upgrade() -> None:
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(f'ALTER TABLE "user" ADD COLUMN is_limited BOOLEAN DEFAULT {no} NOT NULL {CHECK}')
    op.create_table(
        "member_service",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_member_service_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_member_service_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "service_id", name=op.f("pk_member_service")),
    )
    op.create_index(op.f("ix_member_service_service_id"), "member_service", ["service_id"])


def downgrade() -> None:
    # Whoever was limited would see everything: they are let in no more until somebody of the council looks at it.
    op.execute(sa.text('UPDATE "user" SET is_active = :no WHERE is_limited').bindparams(no=False))
    op.drop_table("member_service")
    op.drop_column("user", "is_limited")
