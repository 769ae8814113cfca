"""That nobody is served at a registered service at present, and ward sets that are looked at first or taken back.

Revision: 010, after 009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("service", "is_dormant", sa.Boolean(), sa.false())
    _add("ward_set", "state", sa.String(length=40), "stored")


def downgrade() -> None:
    # A set that is not in use would be taken for one that is.
    op.execute("DELETE FROM ward WHERE ward_set_id IN (SELECT id FROM ward_set WHERE state <> 'stored')")
    op.execute("DELETE FROM ward_set WHERE state <> 'stored'")
    op.drop_column("ward_set", "state")
    op.drop_column("service", "is_dormant")


def _add(table: str, column: str, kind: sa.types.TypeEngine, value: object) -> None:
    """SQLite keeps the default, for it cannot drop one; the product never leaves the column to it."""
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=value))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, server_default=None)
