"""A refusal of the database is told apart by its name, on both engines: two writers who met, or a fault of ours."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.exc import IntegrityError

from placement.domain.errors import OutOfStep
from placement.domain.people import SYSTEM
from placement.planning.runs import request_run
from placement.records.races import RACES, is_race, violated
from placement.records.runs import MatchRun
from placement.records.tables import Base
from tests.builders import a_person, a_placement, a_referral, a_unit
from tests.conftest import NOW

GUARDS = {"placement_one_place_a_person", "placement_over_capacity", "placement_over_shared_cap"}
# Keys that two writers cannot meet in: a number or token of the row's own, or a row that one worker holds by its lease.
UNSHARED = {
    "uq_message_number",
    "uq_attachment_key",
    "uq_mail_link_hash",
    "uq_mail_link_purpose",
    "uq_ward_set_code",
    "uq_referral_reference",
    "uq_proposal_run_referral",
    "pk_sheet_option",
    "pk_pack_file",
    "pk_watermark",
    # Written by `records.insertion`, which gives way.
    "uq_digest_day",
    "uq_reminder_day",
    "pk_digest_choice",
    "pk_chase",
} | {
    *(
        "pk_match_run_documents",
        "pk_scenario_result",
        "pk_sign_in",
        "pk_sign_in_tries",
        "pk_paper_code",
        "uq_invitation_hash",
        "pk_second_step",
        "pk_member_service",  # written under the lock of the user
        "pk_sent_form",
        "pk_looking",
        "pk_service_council",
        "pk_run_answer",
        "pk_run_objective",
    ),
    *(
        "pk_proposal_reason",
        "pk_proposal_question",
        "pk_proposal_rival",
        "pk_proposal_stay",
        "pk_unmet_cause",
        "pk_unmet_change",
        "pk_unmet_nearest",
    ),
}


def refusal(store, statement, **values):
    """Return the error with which the database answers a statement."""
    with pytest.raises(IntegrityError) as refused, store.writing() as session:
        session.execute(text(statement), values)
    return refused.value


def test_every_key_that_two_writers_can_meet_in_is_known_and_every_other_is_known_not_to_be():
    keys = {
        key.name
        for table in Base.metadata.sorted_tables
        for key in table.constraints
        if isinstance(key, UniqueConstraint | PrimaryKeyConstraint) and [each.name for each in key.columns] != ["id"]
    }
    keys |= {index.name for table in Base.metadata.sorted_tables for index in table.indexes if index.unique}

    assert keys - UNSHARED == set(RACES) - GUARDS


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE person SET case_number = :known WHERE case_number <> :known", "uq_person_case_number"),
        ("UPDATE unit SET service_id = :service, name = :name", "uq_unit_service_name"),
        ("INSERT INTO unit_feature SELECT * FROM unit_feature", "pk_unit_feature"),
    ],
)
def test_a_key_that_somebody_else_has_just_used_is_a_race(store, statement, name):
    with store.writing() as session:
        known = a_person(session).case_number
        a_person(session)
        unit = a_unit(session, offers=("pbs",))
        a_unit(session)
        values = {"known": known, "service": unit.service_id, "name": unit.name}
    error = refusal(store, statement, **{key: value for key, value in values.items() if f":{key}" in statement})

    assert violated(error) == name
    assert is_race(error)


def test_the_last_place_taken_a_moment_ago_is_a_race(store):
    with store.writing() as session:
        unit = a_unit(session)
        a_placement(session, unit, start=0, nights=7)
    with pytest.raises(IntegrityError) as refused, store.writing() as session:
        a_placement(session, session.merge(unit), start=0, nights=7)

    assert violated(refused.value) == "placement_over_capacity"
    assert is_race(refused.value)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE unit SET capacity = -1", "ck_unit_capacity"),
        ("UPDATE unit SET service_id = 99999", ""),
        ("UPDATE unit SET name = NULL", "name"),
        ("UPDATE unit SET id = (SELECT min(id) FROM unit)", "pk_unit"),
        ("DELETE FROM vacancy_report", "vacancy_report_append_only"),
    ],
)
def test_any_other_refusal_is_a_fault_of_ours(store, statement, said):
    with store.writing() as session:
        a_unit(session)
        a_unit(session)
        a_referral(session, submitted_at=NOW)
    error = refusal(store, statement)

    assert said in violated(error)
    assert not is_race(error)


def test_of_eight_who_ask_for_a_run_at_once_one_gets_it_and_the_others_are_told(store):
    gate, told = threading.Barrier(8), []

    def ask():
        gate.wait()
        try:
            with store.writing() as session:
                request_run(session, by=SYSTEM, now=NOW)
        except OutOfStep:
            told.append("under way")
        except IntegrityError as error:
            told.append("race" if is_race(error) else violated(error))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert session.query(MatchRun).count() == 1
    assert len(told) == 7
    assert set(told) <= {"under way", "race"}
