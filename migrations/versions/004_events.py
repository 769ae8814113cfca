"""Events by their slug, a stay's end before a move, proposals that are decided later, and limits on prices.

Revision: 004, after 003. The words of the trail become slugs of `domain/events.py` as it was then, and back again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

SLUGS = {
    "began a referral": "referral_begun",
    "answered a section": "section_answered",
    "submitted a referral": "referral_submitted",
    "put a referral on hold": "referral_put_on_hold",
    "resumed a referral": "referral_resumed",
    "withdrew a referral": "referral_withdrawn",
    "found a place": "referral_placed",
    "was declined": "referral_declined",
    "lost its place": "referral_lost_place",
    "closed a referral": "referral_closed",
    "reserved a place": "place_reserved",
    "confirmed a place": "place_confirmed",
    "declined a place": "place_declined",
    "released a place": "place_released",
    "arrived": "person_arrived",
    "left": "person_left",
    "will move on": "stay_will_move_on",
    "stays on": "stay_goes_on",
    "cannot stay on": "stay_cannot_go_on",
    "added a person": "person_added",
    "updated a person": "person_updated",
    "asked for a match run": "run_requested",
    "cancelled a match run": "run_cancelled",
    "held a proposal": "proposal_deferred",
    "accepted a proposal": "proposal_accepted",
    "rejected a proposal": "proposal_rejected",
    "added a provider": "provider_added",
    "added a provider from the CQC": "provider_added_by_cqc",
    "updated a provider from the CQC": "provider_updated_by_cqc",
    "added a service": "service_added",
    "added a service from the CQC": "service_added_by_cqc",
    "updated a service from the CQC": "service_updated_by_cqc",
    "moved a service to its new CQC registration": "service_moved_by_cqc",
    "unlisted a service that the CQC deregistered": "service_unlisted_by_cqc",
    "added a unit": "unit_added",
    "edited a unit": "unit_edited",
    "added a shared cap": "shared_cap_added",
    "set a provider's status": "standing_set",
    "closed places": "places_closed",
    "reopened places": "places_reopened",
    "reported vacancies": "vacancies_reported",
    "computed prices of places": "prices_computed",
    "set what is held back": "price_limit_set",
    "imported a ward set": "ward_set_imported",
    "assigned wards to a locality": "wards_assigned",
    "signed in": "signed_in",
    "added a user": "user_added",
    "deactivated a user": "user_deactivated",
    "reactivated a user": "user_reactivated",
}
LINE = sa.table(
    "audit_line", sa.column("id"), sa.column("event"), sa.column("subject"), sa.column("subject_id"),
    sa.column("details", sa.JSON()),
)  # fmt: skip
PLACEMENT = sa.table(
    "placement", sa.column("id"), sa.column("end_on", sa.Date()), sa.column("ends_for_referral_id"),
    sa.column("end_on_before_move", sa.Date()),
)  # fmt: skip
PROPOSAL = sa.table("proposal", sa.column("state"))


COVENTRY = "E08000026"  # every limit there is was set by the one council there was


def upgrade() -> None:
    op.execute("ALTER TABLE audit_line RENAME COLUMN action TO event")
    op.execute(
        "ALTER TABLE placement ADD COLUMN ends_for_referral_id INTEGER "
        "CONSTRAINT fk_placement_ends_for_referral_id_referral REFERENCES referral (id)"
    )
    op.add_column("placement", sa.Column("end_on_before_move", sa.Date(), nullable=True))
    _make_limits("price_limit", sa.Column("council", sa.String(length=9), nullable=False))
    op.execute(
        f"INSERT INTO price_limit (council, kind, most_points) SELECT '{COVENTRY}', kind, most_points FROM holding"
    )
    op.drop_table("holding")
    with _unlocked_trail():
        _rename_events(SLUGS, "holding", "price_limit")
    _remember_moves()
    op.execute(PROPOSAL.update().where(PROPOSAL.c.state == "held").values(state="deferred"))


def downgrade() -> None:
    with _unlocked_trail():
        _rename_events({slug: words for words, slug in SLUGS.items()}, "price_limit", "holding")
    op.execute(PROPOSAL.update().where(PROPOSAL.c.state == "deferred").values(state="held"))
    _make_limits("holding")
    op.execute(
        "INSERT INTO holding (kind, most_points) "
        f"SELECT kind, most_points FROM price_limit WHERE council = '{COVENTRY}'"
    )
    op.drop_table("price_limit")
    op.drop_column("placement", "end_on_before_move")
    op.drop_column("placement", "ends_for_referral_id")
    op.execute("ALTER TABLE audit_line RENAME COLUMN event TO action")


def _make_limits(name: str, *council: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *council,
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("most_points", sa.Integer(), nullable=True),
        sa.CheckConstraint("most_points >= 0", name=op.f(f"ck_{name}_points")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*(column.name for column in council), "kind", name=op.f(f"uq_{name}_kind")),
        sqlite_autoincrement=True,
    )


@contextmanager
def _unlocked_trail() -> Iterator[None]:
    """The trail refuses every change: take its lock away for this revision, and put the same one back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_line_no_update")
        yield
        op.execute(
            "CREATE TRIGGER audit_line_no_update BEFORE UPDATE ON audit_line BEGIN "
            "SELECT raise(ABORT, 'audit_line_append_only'); END"
        )
        return
    op.execute("ALTER TABLE audit_line DISABLE TRIGGER audit_line_append_only")
    yield
    op.execute("ALTER TABLE audit_line ENABLE TRIGGER audit_line_append_only")


def _rename_events(names: Mapping[str, str], before: str, after: str) -> None:
    for name, instead in names.items():
        op.execute(LINE.update().where(LINE.c.event == name).values(event=instead))
    op.execute(LINE.update().where(LINE.c.subject == before).values(subject=after))


def _remember_moves() -> None:
    """What a move ended was read back from the trail: a live stay's newest such line, if it still ends on that day."""
    lines = sa.select(LINE.c.subject_id, LINE.c.details).where(LINE.c.event == "stay_will_move_on").order_by(LINE.c.id)
    newest = dict(iter(op.get_bind().execute(lines).all()))
    for stay, told in newest.items():
        day = date.fromisoformat(told["on"])
        former = date.fromisoformat(told["was"]) if told["was"] else None
        still = PLACEMENT.update().where(PLACEMENT.c.id == stay, PLACEMENT.c.end_on == day)
        op.execute(still.values(ends_for_referral_id=told["referral"], end_on_before_move=former))
