"""Whose a referral is: teams, who may sign off, and notes.

Revision: 016, after 015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("council", "name", name="uq_team_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(120), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_note_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_note_referral_id", "note", ["referral_id"])
    _add("user", "team_id", "team")
    op.add_column("user", sa.Column("is_manager", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add("referral", "assigned_to_id", "user")
    _add("referral", "team_id", "team")


def downgrade() -> None:
    for table, column in (("referral", "team_id"), ("referral", "assigned_to_id"), ("user", "team_id")):
        op.drop_index(f"ix_{table}_{column}", table)
        op.drop_column(table, column)
    op.drop_column("user", "is_manager")
    op.drop_table("note")
    op.drop_table("team")


def _add(table: str, column: str, target: str) -> None:
    """SQLite adds a key only with its column, and alembic only apart from it: so it is written out, for both."""
    key = f'CONSTRAINT fk_{table}_{column}_{target} REFERENCES "{target}" (id)'
    op.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} INTEGER {key}')
    op.create_index(f"ix_{table}_{column}", table, [column])
