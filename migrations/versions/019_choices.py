"""Options sheets as they were given, and the choices made from them, which the database refuses to change.

Revision: 019, after 018. Rows can be deleted: what is kept about a person ends one day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "019"
down_revision = "018"
branch_labels = None
depends_on = None

# What stands in a sheet once it is given; its state, its withdrawal and its version go on.
GIVEN = (
    "id", "referral_id", "reference", "person_name", "case_number", "near", "budget_weekly_pence",
    "has_option_within_reach", "given_anyway", "given_anyway_note", "given_at", "given_by", "given_by_id", "council",
)  # fmt: skip
FROZEN = {"options_sheet": f" OF {', '.join(GIVEN)}", "sheet_option": "", "choice": ""}


def _key(table: str, column: str, other: str, **given: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **given)


def upgrade() -> None:
    op.create_table(
        "options_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(12), nullable=False),
        sa.Column("person_name", sa.String(160), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("near", sa.String(120), nullable=False),
        sa.Column("budget_weekly_pence", sa.Integer(), nullable=True),
        sa.Column("has_option_within_reach", sa.Boolean(), nullable=False),
        sa.Column("given_anyway", sa.String(40), nullable=True),
        sa.Column("given_anyway_note", sa.String(500), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(120), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(120), nullable=True),
        sa.Column("withdrawn_reason", sa.String(40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.CheckConstraint("budget_weekly_pence > 0", name=op.f("ck_options_sheet_budget")),
        sa.CheckConstraint(
            "has_option_within_reach OR given_anyway IS NOT NULL", name=op.f("ck_options_sheet_given_anyway")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_options_sheet_withdrawn")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name=op.f("ck_options_sheet_withdrawn_reason")
        ),
        _key("options_sheet", "referral_id", "referral"),
        _key("options_sheet", "given_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_options_sheet")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_options_sheet_referral_id"), "options_sheet", ["referral_id"])
    op.create_table(
        "sheet_option",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("service_name", sa.String(200), nullable=False),
        sa.Column("unit_name", sa.String(120), nullable=False),
        sa.Column("provider_name", sa.String(200), nullable=False),
        sa.Column("kind_of_service", sa.String(80), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("postcode", sa.String(8), nullable=False),
        sa.Column("is_in_city", sa.Boolean(), nullable=False),
        sa.Column("miles", sa.Double(), nullable=True),
        sa.Column("weekly_pence", sa.Integer(), nullable=True),
        sa.Column("top_up_pence", sa.Integer(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("rating", sa.String(40), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("meets", sa.JSON(), nullable=False),
        sa.Column("lacks", sa.JSON(), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("is_affordable", sa.Boolean(), nullable=True),
        sa.Column("why_not", sa.JSON(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_sheet_option_position")),
        sa.CheckConstraint("weekly_pence > 0", name=op.f("ck_sheet_option_price")),
        sa.CheckConstraint("top_up_pence >= 0", name=op.f("ck_sheet_option_top_up")),
        sa.CheckConstraint("(is_affordable IS NULL) = (top_up_pence IS NULL)", name=op.f("ck_sheet_option_affordable")),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_sheet_option_period")),
        _key("sheet_option", "sheet_id", "options_sheet", ondelete="CASCADE"),
        _key("sheet_option", "unit_id", "unit"),
        _key("sheet_option", "offer_id", "offer"),
        sa.PrimaryKeyConstraint("sheet_id", "position", name=op.f("pk_sheet_option")),
    )
    op.create_table(
        "choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("none_reason", sa.String(40), nullable=True),
        sa.Column("chooser", sa.String(40), nullable=False),
        sa.Column("chosen_by", sa.String(160), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.CheckConstraint("(position IS NULL) = (none_reason IS NOT NULL)", name=op.f("ck_choice_none")),
        _key("choice", "sheet_id", "options_sheet", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["sheet_id", "position"], ["sheet_option.sheet_id", "sheet_option.position"], name="fk_choice_option"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("sheet_id", "number", name="uq_choice_number"),
        sqlite_autoincrement=True,
    )
    _freeze()


def _freeze() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            """CREATE FUNCTION frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '%_frozen', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"""
        )
    for table, columns in FROZEN.items():
        does = f"BEGIN SELECT raise(ABORT, '{table}_frozen'); END" if is_sqlite else "EXECUTE FUNCTION frozen()"
        op.execute(f"CREATE TRIGGER {table}_frozen BEFORE UPDATE{columns} ON {table} FOR EACH ROW {does}")


def downgrade() -> None:
    op.drop_table("choice")
    op.drop_table("sheet_option")
    op.drop_table("options_sheet")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION frozen")
