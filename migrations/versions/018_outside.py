"""Who signs a place outside the city off, and when the host council was told of it.

Revision: 018, after 017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "018"
down_revision = "017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = 'CONSTRAINT fk_placement_manager_id_user REFERENCES "user" (id)'
    op.execute(f"ALTER TABLE placement ADD COLUMN manager_id INTEGER {key}")
    op.add_column("placement", sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("placement", sa.Column("host_notified_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("host_notified_at", "signed_off_at", "manager_id"):
        op.drop_column("placement", column)
