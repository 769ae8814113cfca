"""A stay's life: holds, hospital, notice and transfers; the guards know that whoever is away has a place.

Revision: 021, after 020.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "021"
down_revision = "020"
branch_labels = None
depends_on = None

BEFORE = "('reserved', 'confirmed', 'active')"
AFTER = "('reserved', 'confirmed', 'active', 'away', 'notice')"
FOR_EVER = "'9999-12-31'"
COLUMNS: tuple[Callable[[], sa.Column], ...] = (
    lambda: sa.Column("held_by", sa.String(120), nullable=False, server_default=""),
    lambda: sa.Column("hold_reason", sa.String(40), nullable=True),
    lambda: sa.Column("away_since", sa.Date(), nullable=True),
    lambda: sa.Column("back_expected_on", sa.Date(), nullable=True),
    lambda: sa.Column("notice_by", sa.String(40), nullable=True),
    lambda: sa.Column("notice_on", sa.Date(), nullable=True),
    lambda: sa.Column("end_on_before_notice", sa.Date(), nullable=True),
    lambda: sa.Column("as_planned_on", sa.Date(), nullable=True),
    lambda: sa.Column("longer_reason", sa.String(40), nullable=True),
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("placement", column())
    key = "CONSTRAINT fk_placement_moved_from_id_placement REFERENCES placement (id)"
    op.execute(f"ALTER TABLE placement ADD COLUMN moved_from_id INTEGER {key}")
    op.execute(
        """UPDATE placement SET held_by = coalesce((SELECT u.name FROM "user" u WHERE u.id = created_by_id), '')
        WHERE state = 'reserved'"""
    )
    _guard(BEFORE, AFTER)


def downgrade() -> None:
    """Whoever is away or under notice lives there in the words of before."""
    op.execute("UPDATE placement SET state = 'active' WHERE state IN ('away', 'notice')")
    _guard(AFTER, BEFORE)
    op.drop_column("placement", "moved_from_id")
    for column in reversed(COLUMNS):
        op.drop_column("placement", str(column().name))


def _guard(before: str, after: str) -> None:
    """Write the guards of 002 again with other states in them."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        rows = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'placement'"
        for name, statement in connection.execute(sa.text(rows)).all():
            op.execute(f"DROP TRIGGER {name}")
            connection.exec_driver_sql(statement.replace(before, after))
        return
    written = connection.scalar(sa.text("SELECT pg_get_functiondef('placement_within_capacity'::regproc)"))
    connection.exec_driver_sql(written.replace(before, after).replace("%", "%%"))
    has_nights = f"NEW.state IN {after} AND (NEW.end_on IS NULL OR NEW.end_on > NEW.start_on)"
    grows = f"""(OLD.state NOT IN {after} OR NEW.unit_id <> OLD.unit_id OR NEW.start_on < OLD.start_on
        OR coalesce(NEW.end_on, {FOR_EVER}) > coalesce(OLD.end_on, {FOR_EVER}))"""
    for event, of, when in (
        ("insert", "", has_nights),
        ("update", " OF unit_id, start_on, end_on, state", f"{has_nights} AND {grows}"),
    ):
        name = f"placement_within_capacity_{event}"
        op.execute(f"DROP TRIGGER {name} ON placement")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event.upper()}{of} ON placement FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION placement_within_capacity()"
        )
    op.execute("ALTER TABLE placement DROP CONSTRAINT placement_one_place_a_person")
    op.execute(
        f"""ALTER TABLE placement ADD CONSTRAINT placement_one_place_a_person EXCLUDE USING gist
        (person_id WITH =, daterange(start_on, end_on, '[)') WITH &&) WHERE (state IN {after})"""
    )
