"""What is behind a provider's standing, by code.

Revision: 045, after 044.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "045"
down_revision = "044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("standing", sa.Column("cause", sa.String(40), nullable=False, server_default="not_recorded"))


def downgrade() -> None:
    op.drop_column("standing", "cause")
