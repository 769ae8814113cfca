"""An invitation opens once, for a week; who may send one; and what whoever sends it does not learn."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from placement.domain.councils import COUNCILS
from placement.domain.errors import Invalid, NotAllowed, NotFound
from placement.domain.people import SYSTEM, Actor, Rights, Role
from placement.records.accounts import add_user, check_password, deactivate_user
from placement.records.invitations import (
    LASTS,
    invitation,
    invitation_of_link,
    invite,
    invite_again,
    open_invitations,
    take_up,
    withdraw_invitation,
)
from placement.records.joining import Invitation
from placement.records.messages import Message
from placement.records.users import User
from tests.builders import a_provider
from tests.conftest import NOW

NEW = {"email": "new@example.org", "name": "Jo New", "now": NOW}
PASSWORD = "seven quiet lanterns"


def a_lead(session, email="lead@example.org", provider=None):
    provider = provider or a_provider(session)
    return add_user(
        session, email=email, name="Lead", role=Role.PROVIDER, provider_id=provider.id, password=PASSWORD,
        by=SYSTEM, now=NOW,
    ).actor()  # fmt: skip


def secret_of(session):
    """Return the secret of the newest invitation that was written."""
    session.flush()
    written = session.query(Message).filter_by(kind="invitation").order_by(Message.id.desc())
    return written.first().path.rpartition("/")[2]


def test_who_takes_it_up_works_for_the_organisation_with_the_rights_that_were_given(store):
    with store.writing() as session:
        lead = a_lead(session)
        invite(session, **NEW, provider_id=lead.provider_id, rights=Rights.VIEWER, by=lead)
        secret = secret_of(session)
        assert session.query(User).count() == 1, "until it is taken up there is no account"
        assert invitation_of_link(session, secret, now=NOW).email == "new@example.org"
        user = take_up(session, secret, name="Jo Newman", password=PASSWORD, now=NOW)
        assert (user.provider_id, user.rights, user.name) == (lead.provider_id, Rights.VIEWER, "Jo Newman")
        assert check_password(session, "new@example.org", PASSWORD) == user
        assert open_invitations(session, lead.provider_id) == []
        with pytest.raises(NotFound):
            take_up(session, secret, name="Jo", password=PASSWORD, now=NOW)


def test_without_a_password_no_password_signs_in(store):
    with store.writing() as session:
        lead = a_lead(session)
        invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        user = take_up(session, secret_of(session), name="Jo", password="", now=NOW)
        assert user.password_hash == ""
        for guess in ("", "nobody has this password", PASSWORD):
            assert check_password(session, user.email, guess) is None


def test_its_week_ends_and_another_link_takes_its_place(store):
    with store.writing() as session:
        lead = a_lead(session)
        row = invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        first = secret_of(session)
        assert row.hash != first
        with pytest.raises(NotFound):
            invitation_of_link(session, first, now=NOW + LASTS)
        invite_again(session, invitation(session, row.id, by=lead), by=lead, now=NOW + LASTS)
        second = secret_of(session)
        again = invite(session, **NEW | {"now": NOW + LASTS}, provider_id=lead.provider_id, rights=Rights.LEAD, by=lead)
        assert again.id == row.id
        for old in (first, second, "nothing", "x\ud800"):
            with pytest.raises(NotFound):
                invitation_of_link(session, old, now=NOW + LASTS)
        assert take_up(session, secret_of(session), name="Jo", password=None, now=NOW + LASTS).rights is Rights.LEAD


def test_one_that_is_withdrawn_opens_nothing_and_is_nobodys_to_send_again(store):
    with store.writing() as session:
        lead = a_lead(session)
        row = invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        withdraw_invitation(session, row, by=lead, now=NOW)
        with pytest.raises(NotFound):
            take_up(session, secret_of(session), name="Jo", password=None, now=NOW)
        with pytest.raises(NotFound):
            invitation(session, row.id, by=lead)


def test_whom_a_leaver_has_invited_cannot_come_any_more(store):
    with store.writing() as session:
        lead = a_lead(session)
        invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        deactivate_user(session, lead.user_id, by=SYSTEM, now=NOW)
        with pytest.raises(NotFound):
            take_up(session, secret_of(session), name="Jo", password=None, now=NOW)


@pytest.mark.parametrize(
    ("role", "rights", "wanted", "is_own", "may"),
    [
        (Role.PROVIDER, Rights.LEAD, Role.PROVIDER, True, True),
        (Role.PROVIDER, Rights.LEAD, Role.PROVIDER, False, False),
        (Role.PROVIDER, Rights.LEAD, Role.ADMIN, False, False),
        (Role.PROVIDER, Rights.EDITOR, Role.PROVIDER, True, False),
        (Role.PROVIDER, Rights.VIEWER, Role.PROVIDER, True, False),
        (Role.BROKER, Rights.EDITOR, Role.PROVIDER, False, False),
        (Role.COMMISSIONER, Rights.EDITOR, Role.PROVIDER, False, True),
        (Role.COMMISSIONER, Rights.EDITOR, Role.ADMIN, False, False),
        (Role.ADMIN, Rights.EDITOR, Role.ADMIN, False, True),
    ],
)
def test_a_lead_invites_for_their_own_a_commissioner_for_providers_an_administrator_anybody(
    store, role, rights, wanted, is_own, may
):
    with store.writing() as session:
        own, other = a_provider(session), a_provider(session)
        by = Actor(user_id=None, name="S", role=role, rights=rights,
                   provider_id=own.id if role is Role.PROVIDER else None)  # fmt: skip
        provider_id = (own.id if is_own else other.id) if wanted is Role.PROVIDER else None
        if may:
            assert invite(session, **NEW, role=wanted, provider_id=provider_id, by=by).role is wanted
        else:
            with pytest.raises(NotAllowed):
                invite(session, **NEW, role=wanted, provider_id=provider_id, by=by)


def test_an_account_elsewhere_is_told_to_who_holds_the_link_and_to_nobody_who_invites(store):
    with store.writing() as session:
        lead, other = a_lead(session), a_lead(session, "new@example.org")
        invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        assert other.provider_id != lead.provider_id
        with pytest.raises(Invalid, match="already signs in"):
            take_up(session, secret_of(session), name="Jo", password=None, now=NOW)
        with pytest.raises(Invalid, match="for the organisation already"):
            invite(session, **NEW | {"email": "Lead@example.org "}, provider_id=lead.provider_id, by=lead)


def test_a_lead_of_another_councils_provider_invites_into_that_council(store):
    with store.writing() as session:
        lead = replace(a_lead(session), council=COUNCILS[1].code)
        row = invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        session.flush()
        assert row.council == COUNCILS[1].code
        assert take_up(session, secret_of(session), name="Jo", password=None, now=NOW).council == COUNCILS[1].code


def at_once(store, count, do):
    """Do something in as many threads at once; return what each came to."""
    gate, came = threading.Barrier(count), []

    def run():
        gate.wait()
        try:
            with store.writing() as session:
                do(session)
        except Exception as error:
            came.append(type(error).__name__)
        else:
            came.append("done")

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_of_eight_who_take_one_up_at_once_one_does(store):
    with store.writing() as session:
        lead = a_lead(session)
        invite(session, **NEW, provider_id=lead.provider_id, by=lead)
        secret = secret_of(session)
    came = at_once(store, 8, lambda session: take_up(session, secret, name="Jo", password=None, now=NOW))
    assert came == ["NotFound"] * 7 + ["done"]


def test_of_two_who_invite_one_person_at_once_one_row_is_left(store):
    with store.writing() as session:
        lead = a_lead(session)
    came = at_once(store, 4, lambda session: invite(session, **NEW, provider_id=lead.provider_id, by=lead))
    assert set(came) <= {"done", "IntegrityError"}
    with store.reading() as session:
        assert session.query(Invitation).count() == 1
