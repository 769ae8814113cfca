"""A link to an organisation's numbers is for one user, for a week, until something is stored by it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.errors import NotFound
from placement.domain.people import Role
from placement.market.update_links import (
    LINK_LASTS,
    link_actor,
    link_path,
    opened_link,
    reader_of_link,
    send_link,
    use_link,
    used_at,
)
from placement.records.links import MailLink, Purpose, new_link
from placement.records.messages import Message
from placement.records.users import User
from tests.builders import a_provider
from tests.conftest import NOW


def somebody(session, provider=None, **values):
    provider = provider or a_provider(session)
    given = {"email": "pat@example.org", "name": "Pat", "role": Role.PROVIDER, "provider_id": provider.id}
    user = User(**given | values, password_hash="x", created_at=NOW)
    session.add(user)
    session.flush()
    return user


def secret_of(session, user, now=NOW):
    path = link_path(session, user.provider_id, user, now=now)
    assert path.startswith("/update/")
    return path.rpartition("/")[2]


def test_looking_uses_nothing_up_and_only_the_hash_is_kept(session):
    user = somebody(session)
    secret = secret_of(session, user)
    for _ in range(3):
        assert opened_link(session, secret, now=NOW).user_id == user.id
    kept = session.scalars(select(MailLink)).one()
    assert secret not in f"{kept.hash}"
    assert (kept.purpose, kept.subject_id, kept.until) == (Purpose.VACANCIES, user.provider_id, NOW + LINK_LASTS)


def test_a_link_that_was_used_is_over_or_was_replaced_opens_nothing(session):
    user = somebody(session)
    used = secret_of(session, user)
    use_link(session, used, now=NOW)
    assert used_at(session, used) == NOW
    old = secret_of(session, user)
    newest = secret_of(session, user)
    for secret, now in ((used, NOW), (old, NOW), (newest, NOW + LINK_LASTS), ("nothing", NOW), ("", NOW)):
        with pytest.raises(NotFound):
            opened_link(session, secret, now=now)
    assert opened_link(session, newest, now=NOW + LINK_LASTS - timedelta(seconds=1))
    assert reader_of_link(session, newest) is user
    assert (reader_of_link(session, old), used_at(session, old)) == (None, None)


def test_a_link_for_another_purpose_opens_no_numbers(session):
    user = somebody(session)
    secret = new_link(session, Purpose.OFFER, user.provider_id, user.id, until=NOW + LINK_LASTS)
    with pytest.raises(NotFound):
        opened_link(session, secret, now=NOW)
    assert reader_of_link(session, secret) is None


@pytest.mark.parametrize("leaves", [{"is_active": False}, {"provider_id": "another"}])
def test_the_link_of_somebody_who_does_not_work_there_any_more_opens_nothing(session, leaves):
    user = somebody(session)
    before, secret = user.provider_id, secret_of(session, user)
    if "provider_id" in leaves:
        leaves = {"provider_id": a_provider(session).id}
    for name, value in leaves.items():
        setattr(user, name, value)
    session.flush()
    with pytest.raises(NotFound):
        opened_link(session, secret, now=NOW)
    with pytest.raises(NotFound):
        link_actor(session, before, user.id)


def test_who_acts_by_a_link_is_its_reader_and_says_so(session):
    user = somebody(session)
    actor = link_actor(session, user.provider_id, user.id)
    assert (actor.user_id, actor.name, actor.role) == (user.id, "Pat (by link)", Role.PROVIDER)


def test_a_new_link_is_written_to_its_readers_address_and_to_nobody_who_updates_nothing(session):
    user = somebody(session)
    somebody(session, email="left@example.org", is_active=False)
    session.add(User(email="b@example.org", name="B", role=Role.BROKER, password_hash="x", created_at=NOW))
    for email in (" PAT@example.org", "left@example.org", "b@example.org", "nobody@example.org", ""):
        send_link(session, email, now=NOW)
    session.flush()
    message = session.scalars(select(Message)).one()
    assert (message.recipient, message.kind, message.until) == (user.email, "update_link", NOW + LINK_LASTS)
    assert opened_link(session, message.path.rpartition("/")[2], now=NOW)
