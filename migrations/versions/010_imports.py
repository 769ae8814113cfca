"""What the CQC says of a service that was not kept before: that nobody is served there at present.

Revision: 010, after 008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("service", "is_dormant", sa.Boolean(), sa.false())


def downgrade() -> None:
    op.drop_column("service", "is_dormant")


def _add(table: str, column: str, kind: sa.types.TypeEngine, value: object) -> None:
    """SQLite keeps the default, for it cannot drop one; the product never leaves the column to it."""
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=value))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, server_default=None)
