"""How many people in a crisis a unit takes at a time: its other places are kept for planned breaks.

Revision: 033, after 032.
"""

from __future__ import annotations

from alembic import op

revision = "033"
down_revision = "032"
branch_labels = None
depends_on = None

# SQLite adds a check only with its column, and alembic only apart from it: so it is written out, for both.
CHECK = "CONSTRAINT ck_unit_crisis_places CHECK (crisis_places BETWEEN 0 AND 2000)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE unit ADD COLUMN crisis_places INTEGER {CHECK}")


def downgrade() -> None:
    op.drop_column("unit", "crisis_places")
