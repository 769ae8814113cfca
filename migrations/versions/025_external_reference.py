"""The reference that a referral has where it was imported from: the same one makes no second referral.

Revision: 025, after 024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "025"
down_revision = "024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referral", sa.Column("external_reference", sa.String(60), nullable=True))
    op.create_index("uq_referral_external_reference", "referral", ["council", "external_reference"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_referral_external_reference", "referral")
    op.drop_column("referral", "external_reference")
