"""What a place costs somebody who needs a level of support, where that is another price.

Revision: 048, after 047.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "048"
down_revision = "047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("support_pence", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("unit", "support_pence")
