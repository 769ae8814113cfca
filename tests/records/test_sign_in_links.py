from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from placement.domain.errors import NotFound
from placement.domain.people import SYSTEM, Role
from placement.records.accounts import add_user, deactivate_user, reset_password
from placement.records.links import MailLink, Purpose, link_of, new_link
from placement.records.messages import Message
from placement.records.sign_in_links import LASTS, owner_of_link, use_sign_in_link, write_sign_in_link
from tests.conftest import NOW


def somebody(session, email="a@example.org"):
    return add_user(
        session, email=email, name="A", role=Role.BROKER, password="long enough words", by=SYSTEM, now=NOW
    ).id


def written(session, email="a@example.org"):
    """Return the secret of the newest link that was written to an address."""
    write_sign_in_link(session, email, now=NOW)
    session.flush()
    return session.query(Message).order_by(Message.id.desc()).first().path.rpartition("/")[2]


def test_a_link_signs_in_once_for_a_quarter_of_an_hour_and_a_newer_one_takes_its_place(store):
    with store.writing() as session:
        user_id = somebody(session)
        old, new = written(session, " A@Example.org"), written(session)
        assert new not in {each.hash for each in session.query(MailLink)}
        for secret in (old, "nothing", new + "x", "x\ud800"):
            with pytest.raises(NotFound):
                owner_of_link(session, secret, now=NOW)
        for _ in range(5):  # whoever looks at mail before its reader
            assert owner_of_link(session, new, now=NOW).id == user_id
        with pytest.raises(NotFound):
            use_sign_in_link(session, new, now=NOW + LASTS)
        assert use_sign_in_link(session, new, now=NOW + LASTS - timedelta(seconds=1)).id == user_id
        with pytest.raises(NotFound):
            use_sign_in_link(session, new, now=NOW)


def test_nobody_is_written_to_who_has_no_account_or_has_left(store):
    with store.writing() as session:
        user_id = somebody(session)
        secret = written(session)
        deactivate_user(session, user_id, by=SYSTEM, now=NOW)
        for email in ("a@example.org", "nobody@example.org", "", "%"):
            write_sign_in_link(session, email, now=NOW)
        session.flush()
        assert session.query(Message).count() == 1
        with pytest.raises(NotFound):
            use_sign_in_link(session, secret, now=NOW)


def test_whatever_ends_every_sign_in_ends_a_link_that_is_on_its_way(store):
    with store.writing() as session:
        user_id = somebody(session)
        secret = written(session)
        reset_password(session, user_id, "seven quiet lanterns", by=SYSTEM, now=NOW)
        with pytest.raises(NotFound):
            use_sign_in_link(session, secret, now=NOW)
        assert use_sign_in_link(session, written(session), now=NOW).id == user_id


def test_a_link_for_something_else_signs_nobody_in(store):
    with store.writing() as session:
        user_id = somebody(session)
        offer = new_link(session, Purpose.OFFER, user_id, user_id, until=NOW + LASTS)
        with pytest.raises(NotFound):
            use_sign_in_link(session, offer, now=NOW)
        with pytest.raises(NotFound):
            link_of(session, Purpose.OFFER, written(session), now=NOW)


def test_of_eight_who_use_one_link_at_once_one_signs_in(store):
    with store.writing() as session:
        somebody(session)
        secret = written(session)
    gate, came = threading.Barrier(8), []

    def come():
        gate.wait()
        try:
            with store.writing() as session:
                use_sign_in_link(session, secret, now=NOW)
        except NotFound:
            came.append(False)
        else:
            came.append(True)

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [False] * 7 + [True]
