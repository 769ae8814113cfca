"""For the national tracker: a council's words for its columns, categories of units, and what was entered in it.

Revision: 035, after 034.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "035"
down_revision = "034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mapped_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapped_words")),
        sa.UniqueConstraint("council", "slug", name="uq_mapped_words_slug"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "unit_category",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_category_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_category")),
    )
    op.create_table(
        "keyed_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keyed_by", sa.String(120), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("maximum", "occupied", "reserved", "accepting")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_keyed_numbers_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_numbers")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_keyed_numbers_unit_id"), "keyed_numbers", ["unit_id"])


def downgrade() -> None:
    for table in ("keyed_numbers", "unit_category", "mapped_words"):
        op.drop_table(table)


def _of_unit(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f(name), ondelete="CASCADE")
