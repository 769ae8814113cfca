"""A small table for each section of a referral, and a row that says it was answered.

Revision: 007, after 006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

# The column that moves, its type, its section's table, and whether a referral of the older kind must have it.
MOVED = (
    ("near_who", sa.String(length=80), "referral_place", True),
    ("urgency_note", sa.Text(), "referral_dates", True),
    ("persons_words", sa.Text(), "referral_choices", True),
    ("funding", sa.String(length=40), "referral_funding", False),
)
# By what the older tables told that a section had been answered.
ANSWERED = {
    "person": "1 = 1",
    "needs": "needs_answered",
    "place": "near_postcode <> ''",
    "dates": "earliest_on IS NOT NULL",
    "choices": "choices_answered",
    "funding": "funding <> ''",
}


def upgrade() -> None:
    op.create_table(
        "referral_section",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_referral_section_answered_by_id_user")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_section_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", "slug", name=op.f("pk_referral_section")),
    )
    for slug, condition in ANSWERED.items():
        op.execute(
            "INSERT INTO referral_section (referral_id, slug, answered_at, answered_by_id) "
            f"SELECT id, '{slug}', COALESCE(submitted_at, created_at), created_by_id FROM referral WHERE {condition}"
        )
    for column, kind, table, _ in MOVED:
        _create(table, column, kind)
        op.execute(
            f"INSERT INTO {table} (referral_id, {column}) SELECT id, {column} FROM referral WHERE {column} <> ''"
        )
        op.drop_column("referral", column)
    for column in ("needs_answered", "choices_answered"):
        op.drop_column("referral", column)


def downgrade() -> None:
    for section in ("needs", "choices"):
        _add(f"{section}_answered", sa.Boolean(), sa.false())
        op.execute(
            f"UPDATE referral SET {section}_answered = EXISTS (SELECT 1 FROM referral_section "
            f"WHERE referral_id = referral.id AND slug = '{section}')"
        )
    for column, kind, table, is_needed in MOVED:
        said = f"(SELECT {column} FROM {table} WHERE referral_id = referral.id)"
        if is_needed:
            _add(column, kind, "")
            said = f"COALESCE({said}, '')"
        else:
            op.add_column("referral", sa.Column(column, kind, nullable=True))
        op.execute(f"UPDATE referral SET {column} = {said}")
        op.drop_table(table)
    op.drop_table("referral_section")


def _create(table: str, column: str, kind: sa.types.TypeEngine[str]) -> None:
    op.create_table(
        table,
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column(column, kind, nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f(f"fk_{table}_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f(f"pk_{table}")),
    )


def _add(column: str, kind: sa.types.TypeEngine[object], filler: object) -> None:
    """Add a column that must have a value; SQLite cannot take the filler away again, and needs not."""
    op.add_column("referral", sa.Column(column, kind, nullable=False, server_default=filler))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("referral", column, server_default=None)
