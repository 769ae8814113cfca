import threading

import pytest

from placement.domain.errors import Invalid, TooManyTries
from placement.domain.people import SYSTEM, Role
from placement.records import accounts
from placement.records.sessions import Store
from placement.records.users import User
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
                accounts.count_try(session, "account somebody", now=NOW)
        except TooManyTries:
            return
        passed.append(1)

    threads = [threading.Thread(target=guess) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == accounts.MOST_TRIES
