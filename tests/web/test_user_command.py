"""`flask user`: people are added, let in no more and given another password, which no command line shows."""

from __future__ import annotations

import pytest

from placement.domain.people import Role
from placement.records.events import AuditLine
from placement.records.users import SecondStep, SignIn, User
from tests.conftest import NOW
from tests.web_client import PASSWORD, Browser, add_person_who_signs_in, signed_in


@pytest.fixture
def command(app):
    return lambda *words, given="": app.test_cli_runner().invoke(args=["user", *words], input=given)


ADD = ("add", "Ann@Example.org", "--name", "Ann Other", "--role", "admin")


def test_somebody_is_added_and_signs_in(app, store, command):
    answer = command(*ADD, given=f"{PASSWORD}\n")
    assert answer.exit_code == 0, answer.output
    assert "Ann Other (Coventry) can sign in now." in answer.output
    assert Browser(app).sign_in("ann@example.org").status_code == 302
    with store.reading() as session:
        assert session.query(AuditLine).filter_by(event="user_added").one().actor_name == "The system"


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (ADD, "coventry1\n", "without your name"),
        (ADD, "", "at least 8"),
        ((*ADD, "--provider", "1"), f"{PASSWORD}\n", "belongs to --role provider"),
        (("disable", "nobody@example.org"), "", "Nobody signs in with nobody@example.org"),
        (("reset-password", "nobody@example.org"), f"{PASSWORD}\n", "Nobody signs in"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_stored(store, command, words, given, said):
    answer = command(*words, given=given)
    assert answer.exit_code != 0
    assert said in answer.output
    with store.reading() as session:
        assert session.query(User).count() == 0


def test_a_new_password_ends_every_sign_in(app, store, command):
    browser, new = signed_in(app, Role.BROKER), "seven quiet lanterns"
    assert command("reset-password", "broker@example.org", given=f"{new}\n").exit_code == 0
    assert browser.get("/broker/").location.startswith("/sign-in")
    assert Browser(app).sign_in("broker@example.org").status_code == 422
    assert Browser(app).sign_in("broker@example.org", new).status_code == 302


def test_who_has_lost_phone_and_codes_is_asked_for_none_any_more(app, store, command):
    browser = signed_in(app, Role.ADMIN)
    with store.writing() as session:
        session.add(SecondStep(user_id=1, sealed="s", confirmed_at=NOW))
    answer = command("remove-second-step", "admin@example.org")
    assert answer.exit_code == 0, answer.output
    assert "without a second step" in answer.output
    assert browser.get("/admin/").location.startswith("/sign-in")
    assert Browser(app).sign_in("admin@example.org").location == "/"


def test_another_role_ends_every_sign_in(app, command):
    browser = signed_in(app, Role.BROKER)
    assert command("set-role", "broker@example.org", "commissioner").exit_code == 0
    assert browser.get("/broker/").location.startswith("/sign-in")
    browser.sign_in("broker@example.org")
    assert browser.get("/commissioner/gaps").status_code == 200


def test_somebody_is_let_in_no_more_but_the_last_administrator_is(app, store, command):
    signed_in(app, Role.BROKER)
    add_person_who_signs_in(app, Role.ADMIN)
    assert command("disable", "broker@example.org").exit_code == 0
    with store.reading() as session:
        assert session.query(SignIn).count() == 0
    assert Browser(app).sign_in("broker@example.org").status_code == 422

    answer = command("disable", "admin@example.org")
    assert answer.exit_code != 0
    assert "the only administrator" in answer.output
