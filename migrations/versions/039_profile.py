"""A price that depends on the person, and whom to ring at a service at which hours.

Revision: 039, after 038.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "039"
down_revision = "038"
branch_labels = None
depends_on = None

# SQLite adds a check only with its column, and alembic only apart from it: so it is written out, for both.
CHECK = "CONSTRAINT ck_unit_price_band CHECK (weekly_most_pence > weekly_pence)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE unit ADD COLUMN weekly_most_pence INTEGER {CHECK}")
    op.add_column("service", sa.Column("contact_hours", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("service", "contact_hours")
    op.drop_column("unit", "weekly_most_pence")
