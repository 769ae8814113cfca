"""What a draft says of a person on record; people by the day they were born; forms with their answers; and searches.

Revision: 011, after 010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_person",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160), nullable=True),
        sa.Column("gender", sa.String(40), nullable=True),
        sa.Column("postcode", sa.String(8), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("authority", sa.String(9), nullable=True),
        sa.Column("ward_code", sa.String(9), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_person_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_person")),
    )
    op.create_index(op.f("ix_person_born_on"), "person", ["council", "born_on"])
    op.create_table(
        "sent_form",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(500), nullable=True),
        sa.Column("notices", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sent_form_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "nonce", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_sent_at"), "sent_form", ["sent_at"])
    op.create_table(
        "kept_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(100), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_kept_search_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_search")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_search_user_id"), "kept_search", ["user_id"])
    op.create_index(op.f("ix_kept_search_kept_at"), "kept_search", ["kept_at"])
    op.create_table(
        "kept_form",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("had_file", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_kept_form_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_kept_at"), "kept_form", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept_form")
    op.drop_table("kept_search")
    op.drop_table("sent_form")
    op.drop_index(op.f("ix_person_born_on"), "person")
    op.drop_table("referral_person")
