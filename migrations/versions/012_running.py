"""One run at a time, sign-ins that end with what they stood for, and no way round what is append-only.

Revision: 012, after 011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("state IN ('queued', 'running')")
APPEND_ONLY = ("audit_line", "vacancy_report")
STANDS_FOR = ("role", "password_hash", "is_active", "provider_id", "email")
CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in STANDS_FOR)


def upgrade() -> None:
    # Of runs that were started together the newest stays; a worker that has an older one finds it taken away.
    op.execute(
        "UPDATE match_run SET state = 'cancelled' WHERE state IN ('queued', 'running') AND id NOT IN "
        "(SELECT max(id) FROM match_run WHERE state IN ('queued', 'running') GROUP BY council)"
    )
    op.create_index(
        "uq_match_run_under_way",
        "match_run",
        ["council"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("user_ends_sign_ins", *(f"{table}_no_replace" for table in APPEND_ONLY)):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute('DROP TRIGGER user_ends_sign_ins ON "user"')
        op.execute("DROP FUNCTION end_sign_ins")
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.drop_index("uq_match_run_under_way", "match_run")


def _sqlite() -> list[str]:
    """REPLACE deletes the row that is in its way without asking a trigger for deletes: one for inserts must look."""
    return [
        f'CREATE TRIGGER user_ends_sign_ins AFTER UPDATE OF {", ".join(STANDS_FOR)} ON "user" WHEN {CHANGED} BEGIN '
        "DELETE FROM sign_in WHERE user_id = NEW.id; END",
        *(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN "
            f"SELECT raise(ABORT, '{table}_append_only'); END"
            for table in APPEND_ONLY
        ),
    ]


def _postgresql() -> list[str]:
    return [
        """CREATE FUNCTION end_sign_ins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            DELETE FROM sign_in WHERE user_id = NEW.id; RETURN NULL; END $$""",
        f"""CREATE TRIGGER user_ends_sign_ins AFTER UPDATE ON "user"
            FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION end_sign_ins()""",
        *(
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION append_only()"""
            for table in APPEND_ONLY
        ),
    ]
