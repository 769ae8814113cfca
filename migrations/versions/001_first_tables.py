"""First tables.

Revision: 001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "locality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locality")),
        sa.UniqueConstraint("slug", name=op.f("uq_locality_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("authority", sa.String(length=9), nullable=True),
        sa.Column("ward_code", sa.String(length=9), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("case_number", name=op.f("uq_person_case_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cqc_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("cqc_id", name=op.f("uq_provider_cqc_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("window_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_tries")),
    )
    op.create_table(
        "ward_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_approximate", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_set")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("service_type", sa.String(length=40), nullable=False),
        sa.Column("cqc_location_id", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("authority", sa.String(length=9), nullable=False),
        sa.Column("lsoa", sa.String(length=9), nullable=True),
        sa.Column("ward_code", sa.String(length=9), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("cqc_beds", sa.Integer(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("deregistered_on", sa.Date(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quality BETWEEN 0 AND 3", name=op.f("ck_service_quality")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_service_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("cqc_location_id", name=op.f("uq_service_cqc_location_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_service_authority"), "service", ["authority"], unique=False)
    op.create_index(op.f("ix_service_provider_id"), "service", ["provider_id"], unique=False)
    op.create_index(op.f("ix_service_ward_code"), "service", ["ward_code"], unique=False)
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("end_on > start_on", name=op.f("ck_standing_period")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_standing_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_standing_provider_id"), "standing", ["provider_id"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role = 'provider') = (provider_id IS NOT NULL)", name=op.f("ck_user_provider_has_organisation")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_user_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_provider_id"), "user", ["provider_id"], unique=False)
    op.create_table(
        "ward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_set_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("locality_id", sa.Integer(), nullable=True),
        sa.Column("outline", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_ward_locality_id_locality")),
        sa.ForeignKeyConstraint(
            ["ward_set_id"], ["ward_set.id"], name=op.f("fk_ward_ward_set_id_ward_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward")),
        sa.UniqueConstraint("ward_set_id", "code", name="uq_ward_set_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_line_actor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_line_happened_at"), "audit_line", ["happened_at"], unique=False)
    op.create_index("ix_audit_line_subject", "audit_line", ["subject", "subject_id"], unique=False)
    op.create_table(
        "former_registration",
        sa.Column("cqc_location_id", sa.String(length=40), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_former_registration_service_id_service")),
        sa.PrimaryKeyConstraint("cqc_location_id", name=op.f("pk_former_registration")),
    )
    op.create_index(op.f("ix_former_registration_service_id"), "former_registration", ["service_id"], unique=False)
    op.create_table(
        "match_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requester", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_night", sa.Date(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("budget_seconds", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("instance_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("budget_seconds > 0", name=op.f("ck_match_run_budget")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_match_run_requested_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_match_run_state"), "match_run", ["state"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("needs_answered", sa.Boolean(), nullable=False),
        sa.Column("near_postcode", sa.String(length=8), nullable=True),
        sa.Column("near_who", sa.String(length=80), nullable=False),
        sa.Column("near_lat", sa.Double(), nullable=True),
        sa.Column("near_lon", sa.Double(), nullable=True),
        sa.Column("ward_code", sa.String(length=9), nullable=True),
        sa.Column("max_miles", sa.Double(), nullable=True),
        sa.Column("wants_out_of_city", sa.Boolean(), nullable=False),
        sa.Column("out_of_city_reason", sa.String(length=40), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("nights", sa.Integer(), nullable=True),
        sa.Column("urgency_note", sa.Text(), nullable=False),
        sa.Column("choices_answered", sa.Boolean(), nullable=False),
        sa.Column("persons_words", sa.Text(), nullable=False),
        sa.Column("funding", sa.String(length=40), nullable=True),
        sa.Column("budget_weekly_pence", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND earliest_on IS NOT NULL)",
            name=op.f("ck_referral_complete"),
        ),
        sa.CheckConstraint("budget_weekly_pence > 0", name=op.f("ck_referral_budget")),
        sa.CheckConstraint("latest_on >= earliest_on", name=op.f("ck_referral_window")),
        sa.CheckConstraint("max_miles > 0", name=op.f("ck_referral_miles")),
        sa.CheckConstraint("nights > 0", name=op.f("ck_referral_nights")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_referral_created_by_id_user")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_referral_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_referral_person_id"), "referral", ["person_id"], unique=False)
    op.create_index(op.f("ix_referral_state"), "referral", ["state"], unique=False)
    op.create_index(op.f("ix_referral_ward_code"), "referral", ["ward_code"], unique=False)
    op.create_table(
        "service_band",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_band_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "slug", name=op.f("pk_service_band")),
    )
    op.create_table(
        "shared_cap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places BETWEEN 0 AND 2000", name=op.f("ck_shared_cap_places")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_shared_cap_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_cap")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_shared_cap_service_id"), "shared_cap", ["service_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.String(length=200), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.Column("max_age", sa.Integer(), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("gender_now", sa.String(length=8), nullable=True),
        sa.Column("weekly_pence", sa.Integer(), nullable=True),
        sa.Column("reply_hours", sa.Integer(), nullable=False),
        sa.Column("emergencies_until", sa.String(length=5), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 0 AND 2000", name=op.f("ck_unit_capacity")),
        sa.CheckConstraint("min_age >= 0 AND max_age <= 150 AND min_age <= max_age", name=op.f("ck_unit_ages")),
        sa.CheckConstraint("weekly_pence > 0", name=op.f("ck_unit_price")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_unit_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("service_id", "name", name="uq_unit_service_name"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_unit_service_id"), "unit", ["service_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("end_on > start_on", name=op.f("ck_closure_period")),
        sa.CheckConstraint("places > 0", name=op.f("ck_closure_places")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_closure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_closure_unit_id"), "closure", ["unit_id"], unique=False)
    op.create_table(
        "decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("declined_by", sa.String(length=120), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_decline_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decline_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decline_referral_id"), "decline", ["referral_id"], unique=False)
    op.create_index(op.f("ix_decline_unit_id"), "decline", ["unit_id"], unique=False)
    op.create_table(
        "match_run_documents",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("instance", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_match_run_documents_run_id_match_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_match_run_documents")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_proposal_referral_id_referral")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_proposal_run_id_match_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_proposal_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("run_id", "referral_id", name="uq_proposal_run_referral"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_proposal_referral_id"), "proposal", ["referral_id"], unique=False)
    op.create_index(op.f("ix_proposal_run_id"), "proposal", ["run_id"], unique=False)
    op.create_table(
        "referral_apart_person",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_apart_person_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_apart_person_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", "person_id", name=op.f("pk_referral_apart_person")),
    )
    op.create_table(
        "referral_avoided_service",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_avoided_service_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_referral_avoided_service_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", "service_id", name=op.f("pk_referral_avoided_service")),
    )
    op.create_table(
        "referral_need",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("strength", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_need_referral_id_referral"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", "slug", name=op.f("pk_referral_need")),
    )
    op.create_index(op.f("ix_referral_need_slug"), "referral_need", ["slug"], unique=False)
    op.create_table(
        "shared_cap_unit",
        sa.Column("shared_cap_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shared_cap_id"],
            ["shared_cap.id"],
            name=op.f("fk_shared_cap_unit_shared_cap_id_shared_cap"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_shared_cap_unit_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shared_cap_id", "unit_id", name=op.f("pk_shared_cap_unit")),
    )
    op.create_index(op.f("ix_shared_cap_unit_unit_id"), "shared_cap_unit", ["unit_id"], unique=False)
    op.create_table(
        "unit_offer",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.String(length=40), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_offer_unit_id_unit"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("unit_id", "slug", name=op.f("pk_unit_offer")),
    )
    op.create_index(op.f("ix_unit_offer_slug"), "unit_offer", ["slug"], unique=False)
    op.create_table(
        "vacancy_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reporter", sa.String(length=120), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("occupied", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("accepting", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("not_admitting_reason", sa.String(length=40), nullable=True),
        sa.Column("is_unchanged", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "maximum >= 0 AND occupied >= 0 AND reserved >= 0 AND accepting >= 0",
            name=op.f("ck_vacancy_report_not_negative"),
        ),
        sa.CheckConstraint("occupied + reserved + accepting <= maximum", name=op.f("ck_vacancy_report_adds_up")),
        sa.CheckConstraint("counted >= 0 AND counted <= occupied + reserved", name=op.f("ck_vacancy_report_counted")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user.id"], name=op.f("fk_vacancy_report_reported_by_id_user")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_vacancy_report_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_report")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_vacancy_report_unit_id"), "vacancy_report", ["unit_id"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("weekly_pence", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("choice_reason", sa.Text(), nullable=False),
        sa.Column("is_in_city", sa.Boolean(), nullable=False),
        sa.Column("out_of_city_reason", sa.String(length=40), nullable=True),
        sa.Column("out_of_city_evidence", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("miles", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=40), nullable=True),
        sa.Column("counted_in_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'reserved' OR expires_at IS NOT NULL", name=op.f("ck_placement_expiry")),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_placement_period")),
        sa.CheckConstraint(
            "is_in_city OR out_of_city_reason IS NOT NULL", name=op.f("ck_placement_out_of_city_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["counted_in_id"], ["vacancy_report.id"], name=op.f("fk_placement_counted_in_id_vacancy_report")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_placement_created_by_id_user")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_placement_person_id_person")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_placement_referral_id_referral")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_placement_run_id_match_run")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_placement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_placement_counted_in_id"), "placement", ["counted_in_id"], unique=False)
    op.create_index(op.f("ix_placement_person_id"), "placement", ["person_id"], unique=False)
    op.create_index(op.f("ix_placement_referral_id"), "placement", ["referral_id"], unique=False)
    op.create_index(op.f("ix_placement_state"), "placement", ["state"], unique=False)
    op.create_index("ix_placement_unit_start", "placement", ["unit_id", "start_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_placement_unit_start", table_name="placement")
    op.drop_index(op.f("ix_placement_state"), table_name="placement")
    op.drop_index(op.f("ix_placement_referral_id"), table_name="placement")
    op.drop_index(op.f("ix_placement_person_id"), table_name="placement")
    op.drop_index(op.f("ix_placement_counted_in_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(op.f("ix_vacancy_report_unit_id"), table_name="vacancy_report")
    op.drop_table("vacancy_report")
    op.drop_index(op.f("ix_unit_offer_slug"), table_name="unit_offer")
    op.drop_table("unit_offer")
    op.drop_index(op.f("ix_shared_cap_unit_unit_id"), table_name="shared_cap_unit")
    op.drop_table("shared_cap_unit")
    op.drop_index(op.f("ix_referral_need_slug"), table_name="referral_need")
    op.drop_table("referral_need")
    op.drop_table("referral_avoided_service")
    op.drop_table("referral_apart_person")
    op.drop_index(op.f("ix_proposal_run_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_referral_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_table("match_run_documents")
    op.drop_index(op.f("ix_decline_unit_id"), table_name="decline")
    op.drop_index(op.f("ix_decline_referral_id"), table_name="decline")
    op.drop_table("decline")
    op.drop_index(op.f("ix_closure_unit_id"), table_name="closure")
    op.drop_table("closure")
    op.drop_index(op.f("ix_unit_service_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_sign_in_user_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_shared_cap_service_id"), table_name="shared_cap")
    op.drop_table("shared_cap")
    op.drop_table("service_band")
    op.drop_index(op.f("ix_referral_ward_code"), table_name="referral")
    op.drop_index(op.f("ix_referral_state"), table_name="referral")
    op.drop_index(op.f("ix_referral_person_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("ix_match_run_state"), table_name="match_run")
    op.drop_table("match_run")
    op.drop_index(op.f("ix_former_registration_service_id"), table_name="former_registration")
    op.drop_table("former_registration")
    op.drop_index("ix_audit_line_subject", table_name="audit_line")
    op.drop_index(op.f("ix_audit_line_happened_at"), table_name="audit_line")
    op.drop_table("audit_line")
    op.drop_table("ward")
    op.drop_index(op.f("ix_user_provider_id"), table_name="user")
    op.drop_table("user")
    op.drop_index(op.f("ix_standing_provider_id"), table_name="standing")
    op.drop_table("standing")
    op.drop_index(op.f("ix_service_ward_code"), table_name="service")
    op.drop_index(op.f("ix_service_provider_id"), table_name="service")
    op.drop_index(op.f("ix_service_authority"), table_name="service")
    op.drop_table("service")
    op.drop_table("ward_set")
    op.drop_table("sign_in_tries")
    op.drop_table("provider")
    op.drop_table("person")
    op.drop_table("locality")
