"""Scenarios of a past period: what is changed in the market, and what came of it.

Revision: 043, after 042.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "043"
down_revision = "042"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("writer", sa.String(120), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=True),
        sa.Column("history_sha256", sa.String(64), nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("heartbeat_at", INSTANT, nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_scenario_period")),
        sa.CheckConstraint("seed >= 0", name=op.f("ck_scenario_seed")),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name=op.f("fk_scenario_written_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_scenario_state"), "scenario", ["state"])
    op.create_table(
        "scenario_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("locality", sa.String(40), nullable=False),
        sa.Column("kind_of", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("becomes", sa.JSON(), nullable=False),
        sa.Column("weekly_pence", sa.Integer(), nullable=True),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("places > 0", name=op.f("ck_scenario_change_places")),
        sa.CheckConstraint("weekly_pence > 0", name=op.f("ck_scenario_change_price")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_change_scenario_id_scenario"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_scenario_change_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_scenario_change_scenario_id"), "scenario_change", ["scenario_id"])
    op.create_table(
        "scenario_result",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("worlds", sa.JSON(), nullable=False),
        sa.Column("shifts", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("headline", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_result_scenario_id_scenario"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_scenario_result")),
    )


def downgrade() -> None:
    op.drop_table("scenario_result")
    op.drop_table("scenario_change")
    op.drop_table("scenario")
    # The trail is kept: what happened to scenarios stays told in it.
