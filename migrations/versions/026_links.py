"""Links by e-mail: one for each user about each thing, where a request had one for everybody.

A link that is on its way when this runs opens nothing any more; the request stands on the provider's to-do list.

Revision: 026, after 025.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "026"
down_revision = "025"
branch_labels = None
depends_on = None

COLUMNS = {"link_hash": "VARCHAR(64)", "link_until": "DATETIME", "link_used_at": "DATETIME"}
UNIQUE = "CONSTRAINT uq_offer_link_hash UNIQUE (link_hash)"
BEFORE = re.compile(r"\bversion INTEGER NOT NULL")  # the columns stood before this one


def upgrade() -> None:
    op.create_table(
        "mail_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_link_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint("hash", name="uq_mail_link_hash"),
        sa.UniqueConstraint("purpose", "subject_id", "user_id", name="uq_mail_link_purpose"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mail_link_user_id"), "mail_link", ["user_id"])
    if not _on_sqlite():
        for column in COLUMNS:
            op.drop_column("offer", column)
        return
    written = _written()
    for column in COLUMNS:
        written = re.sub(rf"\s*\b{column} [^,]*,", "", written)
    _rebuild(re.sub(rf",\s*{re.escape(UNIQUE)}", "", written))


def downgrade() -> None:
    if _on_sqlite():
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        _rebuild(BEFORE.sub(rf"{columns}, \g<0>", _written()).rstrip().removesuffix(")") + f", {UNIQUE})")
    else:
        op.add_column("offer", sa.Column("link_hash", sa.String(64), nullable=True))
        for column in ("link_until", "link_used_at"):
            op.add_column("offer", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
        op.create_unique_constraint("uq_offer_link_hash", "offer", ["link_hash"])
    op.drop_table("mail_link")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _written() -> str:
    written: str = op.get_bind().exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'offer'").scalar_one()
    return written


def _rebuild(written: str) -> None:
    """Write the table anew: SQLite drops no column that a constraint names. Its indexes are made again."""
    bind = op.get_bind()
    rows = "SELECT sql FROM sqlite_master WHERE tbl_name = 'offer' AND type IN ('index', 'trigger') AND sql NOT NULL"
    beside = [sql for (sql,) in bind.exec_driver_sql(rows)]
    op.execute(re.sub(r'^CREATE TABLE "?offer"?', "CREATE TABLE offer_new", written))
    had, has = (
        [row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})")] for table in ("offer", "offer_new")
    )
    columns = ", ".join(column for column in has if column in had)
    op.execute(f"INSERT INTO offer_new ({columns}) SELECT {columns} FROM offer")
    op.execute("DROP TABLE offer")
    op.execute("ALTER TABLE offer_new RENAME TO offer")
    for sql in beside:
        bind.exec_driver_sql(sql)
