"""Let the database itself refuse over-capacity, a person in two places, and any change to what is append-only.

Revision: 002, after 001. The sums are those of placement/records/availability.py; a test makes them agree.
"""

from __future__ import annotations

from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

LIVE = "('reserved', 'confirmed', 'active')"
FOR_EVER = "'9999-12-31'"

REPORT = "(SELECT max(id) FROM vacancy_report WHERE unit_id = {unit})"
CLOSED = """coalesce((SELECT sum(coalesce(c.places, r.maximum)) FROM closure c
    WHERE c.unit_id = r.unit_id AND c.cancelled_at IS NULL
      AND c.start_on <= {night} AND (c.end_on IS NULL OR c.end_on > {night})), 0)"""
# The most places that the stays the report had counted still hold on that night or any later one.
HELD = f"""(SELECT coalesce(max((SELECT count(*) FROM placement g WHERE g.counted_in_id = r.id AND g.state IN {LIVE}
        AND g.start_on <= later.night AND (g.end_on IS NULL OR g.end_on > later.night))), 0)
    FROM (SELECT {{night}} AS night UNION SELECT h.start_on FROM placement h
        WHERE h.counted_in_id = r.id AND h.state IN {LIVE} AND h.start_on > {{night}}) later)"""
FREED = f"(r.counted - {HELD})"
# Live stays on that night that were booked after the report.
TAKEN = f"""(SELECT count(*) FROM placement t WHERE t.unit_id = r.unit_id AND t.state IN {LIVE}
    AND t.counted_in_id IS DISTINCT FROM r.id
    AND t.start_on <= {{night}} AND (t.end_on IS NULL OR t.end_on > {{night}}))"""
SPARE = f"r.maximum - r.occupied - r.reserved - {CLOSED}"
FREE = f"""coalesce((SELECT CASE WHEN r.accepting < {SPARE} THEN r.accepting ELSE {SPARE} END + {FREED} - {TAKEN}
    FROM vacancy_report r WHERE r.id = {REPORT}), -1)"""
USED = f"""(SELECT coalesce(sum(r.occupied + r.reserved - {FREED} + {TAKEN}), 0)
    FROM shared_cap_unit m JOIN vacancy_report r ON r.id = {REPORT.format(unit="m.unit_id")}
    WHERE m.shared_cap_id = s.id)"""

# The number of free places can only fall on a night when a stay or a closure begins: those nights are enough.
NIGHTS = f"""SELECT NEW.start_on AS night
    UNION SELECT p.start_on FROM placement p WHERE p.state IN {LIVE} AND p.unit_id IN
        (SELECT NEW.unit_id UNION SELECT b.unit_id FROM shared_cap_unit a
         JOIN shared_cap_unit b ON b.shared_cap_id = a.shared_cap_id WHERE a.unit_id = NEW.unit_id)
      AND p.start_on > NEW.start_on AND p.start_on < coalesce(NEW.end_on, {FOR_EVER})
    UNION SELECT k.start_on FROM closure k WHERE k.unit_id = NEW.unit_id AND k.cancelled_at IS NULL
      AND k.start_on > NEW.start_on AND k.start_on < coalesce(NEW.end_on, {FOR_EVER})"""
NIGHT = "n.night"
OVER_UNIT = f"""EXISTS (SELECT 1 FROM ({NIGHTS}) n WHERE {FREE.format(night=NIGHT, unit="NEW.unit_id")} < 0)"""
OVER_CAP = f"""EXISTS (SELECT 1 FROM ({NIGHTS}) n, shared_cap s JOIN shared_cap_unit w ON w.shared_cap_id = s.id
    WHERE w.unit_id = NEW.unit_id AND {USED.format(night=NIGHT)} > s.places)"""
HAS_NIGHTS = f"NEW.state IN {LIVE} AND (NEW.end_on IS NULL OR NEW.end_on > NEW.start_on)"
GROWS = f"""(OLD.state NOT IN {LIVE} OR NEW.unit_id <> OLD.unit_id OR NEW.start_on < OLD.start_on
    OR coalesce(NEW.end_on, {FOR_EVER}) > coalesce(OLD.end_on, {FOR_EVER}))"""
TWICE = f"""EXISTS (SELECT 1 FROM placement o WHERE o.person_id = NEW.person_id AND o.id <> NEW.id AND o.state IN {LIVE}
    AND o.start_on < coalesce(NEW.end_on, {FOR_EVER}) AND NEW.start_on < coalesce(o.end_on, {FOR_EVER})
    AND (o.end_on IS NULL OR o.end_on > o.start_on))"""
APPEND_ONLY = ("audit_line", "vacancy_report")


def upgrade() -> None:
    """Write the guards in the words of the engine at hand."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in _sqlite():
            op.execute(statement)
    else:
        for statement in _postgresql():
            op.execute(statement)


def downgrade() -> None:
    """Take the guards away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in _sqlite_names():
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("ALTER TABLE placement DROP CONSTRAINT placement_one_place_a_person")
    op.execute("DROP TRIGGER placement_within_capacity_insert ON placement")
    op.execute("DROP TRIGGER placement_within_capacity_update ON placement")
    op.execute("DROP FUNCTION placement_within_capacity")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION append_only")


def _sqlite_names() -> list[str]:
    guards = [f"placement_{rule}_{event}" for rule in ("capacity", "cap", "twice") for event in ("insert", "update")]
    return guards + [f"{table}_no_{event}" for table in APPEND_ONLY for event in ("update", "delete")]


def _sqlite() -> list[str]:
    statements = []
    for rule, broken, message in (
        ("capacity", OVER_UNIT, "placement_over_capacity"),
        ("cap", OVER_CAP, "placement_over_shared_cap"),
        ("twice", TWICE, "placement_one_place_a_person"),
    ):
        for event, when in (
            ("INSERT", HAS_NIGHTS),
            ("UPDATE OF unit_id, start_on, end_on, state", f"{HAS_NIGHTS} AND {GROWS}"),
        ):
            name = f"placement_{rule}_{event.split()[0].lower()}"
            statements.append(
                f"CREATE TRIGGER {name} AFTER {event} ON placement WHEN {when} BEGIN "
                f"SELECT raise(ABORT, '{message}') WHERE {broken}; END"
            )
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            statements.append(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} BEGIN "
                f"SELECT raise(ABORT, '{table}_append_only'); END"
            )
    return statements


def _postgresql() -> list[str]:
    return [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        f"""ALTER TABLE placement ADD CONSTRAINT placement_one_place_a_person
            EXCLUDE USING gist (person_id WITH =, daterange(start_on, end_on, '[)') WITH &&) WHERE (state IN {LIVE})""",
        # The unit's row is locked first: under READ COMMITTED the sums below then see every stay that has committed.
        f"""CREATE FUNCTION placement_within_capacity() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM 1 FROM shared_cap s JOIN shared_cap_unit w ON w.shared_cap_id = s.id
                WHERE w.unit_id = NEW.unit_id ORDER BY s.id FOR UPDATE OF s;
            PERFORM 1 FROM unit WHERE id = NEW.unit_id FOR UPDATE;
            IF {OVER_UNIT} THEN
                RAISE EXCEPTION 'placement_over_capacity' USING ERRCODE = 'check_violation';
            END IF;
            IF {OVER_CAP} THEN
                RAISE EXCEPTION 'placement_over_shared_cap' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL; END $$""",
        f"""CREATE TRIGGER placement_within_capacity_insert AFTER INSERT ON placement FOR EACH ROW
            WHEN ({HAS_NIGHTS}) EXECUTE FUNCTION placement_within_capacity()""",
        f"""CREATE TRIGGER placement_within_capacity_update
            AFTER UPDATE OF unit_id, start_on, end_on, state ON placement
            FOR EACH ROW WHEN ({HAS_NIGHTS} AND {GROWS}) EXECUTE FUNCTION placement_within_capacity()""",
        """CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '%_append_only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$""",
        *(
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION append_only()"""
            for table in APPEND_ONLY
        ),
    ]
