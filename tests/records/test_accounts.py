import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from placement.domain.errors import Invalid, NotAllowed, TooManyTries
from placement.domain.people import SYSTEM, Role
from placement.records import accounts, tries
from placement.records.sessions import Store
from placement.records.users import SignIn, User
from tests.conftest import NOW


def test_passwords_are_hashed_with_argon2id_at_no_less_than_the_rfc_profile():
    hashed = accounts.DEFAULT.hash("a password")
    assert hashed.startswith("$argon2id$")
    assert (accounts.DEFAULT.memory_cost, accounts.DEFAULT.time_cost) >= (64 * 1024, 3)


def test_a_password_of_less_than_eight_characters_and_a_taken_address_are_refused(store: Store):
    who = {"name": "Somebody", "role": Role.BROKER, "by": SYSTEM, "now": NOW}
    with store.writing() as session:
        accounts.add_user(session, email="Somebody@Example.org", password="long enough", **who)
        with pytest.raises(Invalid, match="already signs in"):
            accounts.add_user(session, email="somebody@example.org ", password="long enough", **who)
        with pytest.raises(Invalid, match="at least 8"):
            accounts.add_user(session, email="other@example.org", password="short", **who)
        assert session.query(User).one().password_hash.startswith("$argon2id$")


def test_fifty_guesses_at_the_same_time_are_counted_one_by_one(store: Store):
    """Counting is one statement: guesses that come together cannot slip past the limit together."""
    passed: list[int] = []

    def guess() -> None:
        try:
            with store.writing() as session:
                tries.count_try(session, "account somebody", now=NOW)
        except TooManyTries:
            return
        passed.append(1)

    threads = [threading.Thread(target=guess) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == tries.MOST_TRIES


def an_administrator(session, name):
    return accounts.add_user(
        session, email=f"{name}@example.org", name=name, role=Role.ADMIN, password="long enough", by=SYSTEM, now=NOW
    )


def test_the_only_administrator_can_be_let_go_by_nobody(store: Store):
    with store.writing() as session:
        only = an_administrator(session, "only")
        for change in (
            lambda: accounts.deactivate_user(session, only.id, by=SYSTEM, now=NOW),
            lambda: accounts.change_role(session, only.id, Role.BROKER, by=SYSTEM, now=NOW),
        ):
            with pytest.raises(NotAllowed, match="only administrator"):
                change()
        accounts.change_role(session, only.id, Role.ADMIN, by=SYSTEM, now=NOW)
        an_administrator(session, "other")
        accounts.deactivate_user(session, only.id, by=SYSTEM, now=NOW)


def test_of_administrators_who_let_each_other_go_at_once_one_always_remains(store: Store):
    for number in range(10):
        with store.writing() as session:
            for user in session.query(User):
                user.is_active = False
            pair = [an_administrator(session, f"admin-{number}-{each}") for each in range(2)]
            actors = [(user.actor(), other.id) for user, other in (pair, reversed(pair))]
        gate = threading.Barrier(2)

        def let_go(actor, other, gate=gate):
            gate.wait()
            with suppress(NotAllowed), store.writing() as session:
                accounts.deactivate_user(session, other, by=actor, now=NOW)

        threads = [threading.Thread(target=let_go, args=pair) for pair in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as session:
            assert session.query(User).filter(User.is_active, User.role == Role.ADMIN).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "role = 'commissioner'",
        "password_hash = 'another'",
        "email = 'elsewhere@example.org'",
        "is_active = (1 = 0)",
    ],
)
def test_whoever_changes_what_a_sign_in_stands_for_ends_it(store: Store, change: str):
    """Not the actions alone: a change by hand in the database ends it too."""
    with store.writing() as session:
        user = accounts.add_user(
            session, email="a@example.org", name="A", role=Role.BROKER, password="long enough", by=SYSTEM, now=NOW
        )
        other = an_administrator(session, "other")
        for each in (user, other):
            accounts.start_sign_in(session, each.id, now=NOW, longest=timedelta(hours=12))
    with store.writing() as session:
        session.execute(text(f"UPDATE \"user\" SET name = 'Another' WHERE id = {user.id}"))
        assert session.query(SignIn).count() == 2
        session.execute(text(f'UPDATE "user" SET {change} WHERE id = {user.id}'))
    with store.reading() as session:
        assert [row.user_id for row in session.query(SignIn)] == [other.id]


def test_a_try_counts_for_the_account_from_its_address_and_for_the_address():
    subjects = dict(tries.tries_at(" Jo@Example.org", "2001:db8:1:2:3::4"))
    assert subjects == {
        "account jo@example.org at 2001:db8:1:2::/64": tries.MOST_TRIES,
        "address 2001:db8:1:2::/64": tries.MOST_FROM_ADDRESS,
    }
    assert tries.MOST_FROM_ADDRESS > tries.MOST_TRIES
    assert dict(tries.tries_at("a", None))
