"""A council on every row that belongs to one, and which councils can place people in a service.

Revision: 006, after 005. Everything that was there before is Coventry's. On SQLite a key cannot be changed in place:
`person` and `locality` are written anew, with foreign keys off as always in a migration.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

COVENTRY = "E08000026"
BELONGING = (
    "person", "referral", "placement", "decline", "match_run", "proposal", "standing", "price_list", "user",
    "audit_line", "ward_set", "locality",
)  # fmt: skip
KEYS = {"person": ("uq_person_case_number", "case_number"), "locality": ("uq_locality_slug", "slug")}


def upgrade() -> None:
    for table in BELONGING:
        _add(table, "council")
    _add("provider", "keeper")
    for table, (name, column) in KEYS.items():
        _rekey(table, name, [column], ["council", column])
    op.create_table(
        "service_council",
        sa.Column("council", sa.String(length=9), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_council_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("council", "service_id", name=op.f("pk_service_council")),
    )
    op.create_index(op.f("ix_service_council_service_id"), "service_council", ["service_id"])
    op.execute(f"INSERT INTO service_council (council, service_id) SELECT '{COVENTRY}', id FROM service")


def downgrade() -> None:
    op.drop_table("service_council")
    for table, (name, column) in KEYS.items():
        _rekey(table, name, ["council", column], [column])
    op.drop_column("provider", "keeper")
    for table in BELONGING:
        op.drop_column(table, "council")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _add(table: str, column: str) -> None:
    """SQLite keeps the default, for it cannot drop one; the product never leaves the column to it."""
    op.add_column(table, sa.Column(column, sa.String(length=9), nullable=False, server_default=COVENTRY))
    if not _on_sqlite():
        op.alter_column(table, column, server_default=None)


def _rekey(table: str, name: str, before: list[str], after: list[str]) -> None:
    if not _on_sqlite():
        op.drop_constraint(name, table, type_="unique")
        op.create_unique_constraint(name, table, after)
        return
    written = op.get_bind().exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{table}'").scalar_one()
    old, new = (f"CONSTRAINT {name} UNIQUE ({', '.join(columns)})" for columns in (before, after))
    if old not in written:
        raise RuntimeError(f"{table} has no {old}")
    anew = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", written.replace(old, new))
    op.execute(anew)
    columns = ", ".join(row[1] for row in op.get_bind().exec_driver_sql(f"PRAGMA table_info({table})"))
    op.execute(f"INSERT INTO {table}_new ({columns}) SELECT {columns} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
