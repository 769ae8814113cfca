"""What a message is about, so that one about a request that has ended can be kept from going out.

Revision: 037, after 036.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "037"
down_revision = "036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("about", sa.String(40), nullable=True))
    op.add_column("message", sa.Column("about_id", sa.Integer(), nullable=True))
    op.create_index("ix_message_about", "message", ["about", "about_id"])


def downgrade() -> None:
    op.drop_index("ix_message_about", "message")
    op.drop_column("message", "about_id")
    op.drop_column("message", "about")
