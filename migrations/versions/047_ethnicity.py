"""What a person says of their ethnic group.

Revision: 047, after 046.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "047"
down_revision = "046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("ethnicity", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "ethnicity")
