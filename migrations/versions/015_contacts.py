"""How a service is reached, and by how much the nearest units fell short in a run.

Revision: 015, after 014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "015"
down_revision = "014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("telephone", sa.String(30), nullable=False, server_default=""))
    op.add_column("service", sa.Column("email", sa.String(254), nullable=False, server_default=""))
    op.add_column("unmet_nearest", sa.Column("says", sa.String(500), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("unmet_nearest", "says")
    op.drop_column("service", "email")
    op.drop_column("service", "telephone")
