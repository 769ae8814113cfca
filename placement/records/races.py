"""Which refusals of the database mean that two writers met. Any other refusal is a fault of ours."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from placement.records.tables import Base

# Constraint or guard (as in the migrations) → how two writers meet there although each looked first.
RACES = {
    "uq_person_case_number": "two brokers enter one person",
    "uq_user_email": "two administrators add one user",
    "uq_invitation_open": "two leads invite one person",
    "uq_team_name": "two administrators add one team",
    "uq_unit_service_name": "two units of a service get one name",
    "uq_match_run_under_way": "two brokers ask for a match run",
    "uq_offer_under_way": "two brokers ask one unit about one referral",
    "uq_place_hold_referral": "two brokers hold a place for one referral",
    "uq_pair_override_pair": "two managers decide about one place for one person",
    "uq_pack_standing": "two brokers give one provider a person's details",
    "uq_ruled_out_pair": "two brokers rule one place out for one person",
    "uq_choice_number": "two brokers record the choice from one sheet",
    "uq_task_once": "two things ask for one task at once",
    "uq_number_set_slug": "two administrators first set one number",
    "uq_council_contact_council": "two administrators first say whom providers call",
    "uq_mapped_words_slug": "two administrators first set one thing's words",
    "pk_unit_category": "two people say how one unit is counted nationally",
    "uq_price_limit_kind": "two administrators first set one kind's limit",
    "uq_locality_slug": "two imports add one locality",
    "uq_provider_cqc_id": "two imports add one provider",
    "uq_service_cqc_location_id": "two imports add one service",
    "pk_former_registration": "two imports note one former registration",
    "pk_service_band": "two imports write one service's bands",
    "pk_unit_feature": "two people tick one feature of a unit",
    "pk_shared_cap_unit": "two people put one unit under a cap",
    "pk_referral_need": "two brokers tick one need of a referral",
    "pk_referral_section": "two brokers answer one section",
    "pk_kept_form": "two windows of one user send a form after the sign-in has ended",
    "pk_referral_person": "two brokers say who a known person is",
    "pk_referral_place": "two brokers say who is there",
    "pk_referral_dates": "two brokers say what makes the dates matter",
    "pk_referral_choices": "two brokers write down one person's words",
    "pk_referral_funding": "two brokers say who pays",
    "uq_referral_external_reference": "two brokers import one file",
    "pk_referral_around": "two brokers say who refers",
    "pk_referral_series": "two brokers say that a stay recurs",
    "pk_referral_stay": "two brokers list the stays of one series",
    "pk_referral_pen_picture": "two brokers submit one draft on a pen picture",
    "pk_referral_risks": "two brokers tick risks",
    "pk_referral_service_type": "two brokers rule one type of service out",
    "pk_referral_avoided_service": "two brokers name one service to avoid",
    "pk_referral_apart_person": "two brokers name one person to keep apart",
    "placement_one_place_a_person": "two brokers place one person",
    "placement_over_capacity": "two brokers take the last place of a unit",
    "placement_over_shared_cap": "two brokers take the last place under a shared cap",
}


def is_race(error: IntegrityError) -> bool:
    """Return whether the database refused this because another writer was a moment earlier."""
    return violated(error) in RACES


def violated(error: IntegrityError) -> str:
    """Return the name of the constraint or guard that refused, or what the engine says where it names none.

    PostgreSQL names constraints, SQLite the columns of a key; a guard's trigger raises its own name on both. The value
    that was refused is not in it.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or diagnosis.message_primary or ""
    said = str(error.orig)
    columns = said.partition(" constraint failed: ")[2]
    return _keys().get(columns, columns) or said


@lru_cache(maxsize=1)
def _keys() -> dict[str, str]:
    """Return the name of each key by its columns, written as SQLite writes them."""
    return {
        ", ".join(f"{table.name}.{column.name}" for column in key.columns): str(key.name)
        for table in Base.metadata.sorted_tables
        for key in (*table.constraints, *(index for index in table.indexes if index.unique))
        if isinstance(key, UniqueConstraint | PrimaryKeyConstraint | Index)
    }
