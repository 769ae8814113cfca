"""What somebody is told when the database refuses: that another was first, or that the fault is ours."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.builders import a_person, a_unit


def told(app, store, statement):
    """Return what a page says after the database has refused a statement."""
    with pytest.raises(IntegrityError) as refused, store.writing() as session:
        session.execute(text(statement))
    with app.test_request_context("/broker/", method="POST"):
        return app.make_response(app.handle_user_exception(refused.value))


def test_who_used_a_key_a_moment_too_late_is_told_that_somebody_else_was_first(app, store):
    with store.writing() as session:
        a_person(session), a_person(session)
    answer = told(app, store, "UPDATE person SET case_number = 'CN-1'")

    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago" in answer.get_data(as_text=True)


def test_a_refusal_that_no_race_explains_is_a_fault_of_ours_with_a_mark_that_is_in_the_log(app, store, caplog):
    with store.writing() as session:
        a_unit(session)
    with caplog.at_level(logging.ERROR):
        answer = told(app, store, "UPDATE unit SET capacity = -1")
    page = answer.get_data(as_text=True)
    (line,) = [record.getMessage() for record in caplog.records]

    assert answer.status_code == 500
    assert "Something went wrong on our side" in page
    assert "Somebody else" not in page
    assert "ck_unit_capacity" in line
    assert line.split("mark ")[1].split(",")[0] in page
