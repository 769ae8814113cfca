"""Places kept for others, people of a provider who come and leave, days between stays, and units that are retired.

Revision: 042, after 041. The guards count what is kept as `placement/records/availability.py` does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "042"
down_revision = "041"
branch_labels = None
depends_on = None

LIVE = "('reserved', 'confirmed', 'active', 'away', 'notice')"
FOR_EVER = "'9999-12-31'"
REPORT = "(SELECT max(id) FROM vacancy_report WHERE unit_id = {unit})"
CLOSED = """coalesce((SELECT sum(coalesce(c.places, r.maximum)) FROM closure c
    WHERE c.unit_id = r.unit_id AND c.cancelled_at IS NULL
      AND c.start_on <= {night} AND (c.end_on IS NULL OR c.end_on > {night})), 0)"""
HELD = f"""(SELECT coalesce(max((SELECT count(*) FROM placement g WHERE g.counted_in_id = r.id AND g.state IN {LIVE}
        AND g.start_on <= later.night AND (g.end_on IS NULL OR g.end_on > later.night))), 0)
    FROM (SELECT {{night}} AS night UNION SELECT h.start_on FROM placement h
        WHERE h.counted_in_id = r.id AND h.state IN {LIVE} AND h.start_on > {{night}}) later)"""
TAKEN = f"""(SELECT count(*) FROM placement t WHERE t.unit_id = r.unit_id AND t.state IN {LIVE}
    AND t.counted_in_id IS DISTINCT FROM r.id
    AND t.start_on <= {{night}} AND (t.end_on IS NULL OR t.end_on > {{night}}))"""
# What others were to keep on that night and the report does not include.
KEPT = """coalesce((SELECT sum(k.places) FROM other_stay k WHERE k.unit_id = r.unit_id AND k.over_at IS NULL
    AND k.counted_in_id IS DISTINCT FROM r.id
    AND k.start_on <= {night} AND (k.end_on IS NULL OR k.end_on > {night})), 0)"""
# What the report includes of others and they have left by that night: never more than it has of others.
LEFT = """coalesce((SELECT sum(l.places) FROM other_stay l WHERE l.counted_in_id = r.id AND l.over_at IS NULL
    AND l.end_on <= {night}), 0)"""
OTHERS = "(r.occupied + r.reserved - r.counted)"
LEAVING = f"(CASE WHEN {LEFT} < {OTHERS} THEN {LEFT} ELSE {OTHERS} END)"
TABLES_NIGHTS = """
    UNION SELECT {row}.start_on FROM {table} {row} WHERE {open} AND {row}.unit_id IN
        (SELECT NEW.unit_id UNION SELECT b.unit_id FROM shared_cap_unit a
         JOIN shared_cap_unit b ON b.shared_cap_id = a.shared_cap_id WHERE a.unit_id = NEW.unit_id)
      AND {row}.start_on > NEW.start_on AND {row}.start_on < coalesce(NEW.end_on, {for_ever})"""
CLOSURE_NIGHTS = f"""
    UNION SELECT k.start_on FROM closure k WHERE k.unit_id = NEW.unit_id AND k.cancelled_at IS NULL
      AND k.start_on > NEW.start_on AND k.start_on < coalesce(NEW.end_on, {FOR_EVER})"""
HAS_NIGHTS = f"NEW.state IN {LIVE} AND (NEW.end_on IS NULL OR NEW.end_on > NEW.start_on)"
GROWS = f"""(OLD.state NOT IN {LIVE} OR NEW.unit_id <> OLD.unit_id OR NEW.start_on < OLD.start_on
    OR coalesce(NEW.end_on, {FOR_EVER}) > coalesce(OLD.end_on, {FOR_EVER}))"""
TURNAROUND = "CONSTRAINT ck_unit_turnaround_nights CHECK (turnaround_nights BETWEEN 0 AND 28)"


def upgrade() -> None:
    op.create_table(
        "other_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False, server_default=""),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("counted_in_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_other_stay_period")),
        sa.CheckConstraint("places BETWEEN 1 AND 2000", name=op.f("ck_other_stay_places")),
        sa.CheckConstraint("ended_at IS NULL OR end_on IS NOT NULL", name=op.f("ck_other_stay_ended")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_other_stay_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["counted_in_id"], ["vacancy_report.id"], name=op.f("fk_other_stay_counted_in_id_vacancy_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_stay")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_other_stay_unit_id"), "other_stay", ["unit_id"])
    op.create_index(op.f("ix_other_stay_counted_in_id"), "other_stay", ["counted_in_id"])
    op.execute(f"ALTER TABLE unit ADD COLUMN turnaround_nights INTEGER DEFAULT '0' NOT NULL {TURNAROUND}")
    op.add_column("unit", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    key = "CONSTRAINT fk_unit_merged_into_id_unit REFERENCES unit (id)"
    op.execute(f"ALTER TABLE unit ADD COLUMN merged_into_id INTEGER {key}")
    _guard(kept=True)


def downgrade() -> None:
    _guard(kept=False)
    for column in ("merged_into_id", "retired_at", "turnaround_nights"):
        op.drop_column("unit", column)
    op.drop_table("other_stay")


def _guard(*, kept: bool) -> None:
    """Write the sums of 002 again, with or without what others keep."""
    over_unit, over_cap = _sums(kept=kept)
    if op.get_bind().dialect.name == "sqlite":
        for rule, broken, message in (
            ("capacity", over_unit, "placement_over_capacity"),
            ("cap", over_cap, "placement_over_shared_cap"),
        ):
            for event, when in (
                ("INSERT", HAS_NIGHTS),
                ("UPDATE OF unit_id, start_on, end_on, state", f"{HAS_NIGHTS} AND {GROWS}"),
            ):
                name = f"placement_{rule}_{event.split()[0].lower()}"
                op.execute(f"DROP TRIGGER {name}")
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON placement WHEN {when} BEGIN "
                    f"SELECT raise(ABORT, '{message}') WHERE {broken}; END"
                )
        return
    op.execute(
        f"""CREATE OR REPLACE FUNCTION placement_within_capacity() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM 1 FROM shared_cap s JOIN shared_cap_unit w ON w.shared_cap_id = s.id
                WHERE w.unit_id = NEW.unit_id ORDER BY s.id FOR UPDATE OF s;
            PERFORM 1 FROM unit WHERE id = NEW.unit_id FOR UPDATE;
            IF {over_unit} THEN
                RAISE EXCEPTION 'placement_over_capacity' USING ERRCODE = 'check_violation';
            END IF;
            IF {over_cap} THEN
                RAISE EXCEPTION 'placement_over_shared_cap' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL; END $$"""
    )


def _sums(*, kept: bool) -> tuple[str, str]:
    """Return what says that a unit, and that a pool, holds more than it has."""
    less, more = (f" - {KEPT}", f" + {LEAVING}") if kept else ("", "")
    spare = f"r.maximum - r.occupied - r.reserved - {CLOSED}{less}"
    freed = f"(r.counted - {HELD})"
    offered = f"CASE WHEN r.accepting < {spare} THEN r.accepting ELSE {spare} END"
    free = f"""coalesce((SELECT {offered} + {freed}{more} - {TAKEN}
        FROM vacancy_report r WHERE r.id = {REPORT}), -1)"""
    used = f"""(SELECT coalesce(sum(r.occupied + r.reserved - {freed}{more.replace(" + ", " - ", 1)} + {TAKEN}
            {less.replace(" - ", " + ", 1)}), 0)
        FROM shared_cap_unit m JOIN vacancy_report r ON r.id = {REPORT.format(unit="m.unit_id")}
        WHERE m.shared_cap_id = s.id)"""
    tables = [("placement", "p", f"p.state IN {LIVE}"), ("other_stay", "q", "q.over_at IS NULL")]
    nights = "SELECT NEW.start_on AS night" + "".join(
        TABLES_NIGHTS.format(table=table, row=row, open=is_open, for_ever=FOR_EVER)
        for table, row, is_open in tables[: 2 if kept else 1]
    )
    nights += CLOSURE_NIGHTS
    over_unit = f"EXISTS (SELECT 1 FROM ({nights}) n WHERE {free.format(night='n.night', unit='NEW.unit_id')} < 0)"
    over_cap = f"""EXISTS (SELECT 1 FROM ({nights}) n, shared_cap s JOIN shared_cap_unit w ON w.shared_cap_id = s.id
        WHERE w.unit_id = NEW.unit_id AND {used.format(night="n.night")} > s.places)"""
    return over_unit, over_cap
