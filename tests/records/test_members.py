"""Leads say who works for a provider; one lead always stays; whoever leaves is out at once."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from placement.domain.errors import Invalid, NotAllowed, NotFound
from placement.domain.people import SYSTEM, Rights, Role
from placement.market.reminders import reach
from placement.market.update_links import link_path, opened_link, send_link
from placement.records.accounts import add_user, change_role, live_sign_in, start_sign_in
from placement.records.links import Purpose, link_of, new_link
from placement.records.members import limit_member, limits, member, members, remove_member, set_rights
from placement.records.messages import Message
from placement.records.telling import users_of_service
from placement.records.users import SignIn, User
from placement.records.visibility import visible_services
from tests.builders import a_provider, a_service
from tests.conftest import NOW


def somebody(session, provider, name, rights=None):
    return add_user(
        session, email=f"{name}@example.org", name=name, role=Role.PROVIDER, provider_id=provider.id, rights=rights,
        password="seven quiet lanterns", by=SYSTEM, now=NOW,
    )  # fmt: skip


def test_the_first_of_an_organisation_leads_and_who_comes_after_edits(store):
    with store.writing() as session:
        provider = a_provider(session)
        people = [somebody(session, provider, name) for name in ("a", "b")]
        assert [each.rights for each in people] == [Rights.LEAD, Rights.EDITOR]
        broker = add_user(
            session, email="c@example.org", name="c", role=Role.BROKER, password="seven quiet lanterns",
            by=SYSTEM, now=NOW,
        )  # fmt: skip
        assert broker.rights is Rights.EDITOR
        change_role(session, broker.id, Role.PROVIDER, provider_id=a_provider(session).id, by=SYSTEM, now=NOW)
        assert broker.rights is Rights.LEAD
        change_role(session, broker.id, Role.COMMISSIONER, by=SYSTEM, now=NOW)
        assert broker.rights is Rights.EDITOR


@pytest.mark.parametrize("rights", [Rights.EDITOR, Rights.VIEWER])
def test_nobody_but_a_lead_changes_anybody(store, rights):
    with store.writing() as session:
        provider = a_provider(session)
        lead, other = somebody(session, provider, "lead"), somebody(session, provider, "other", rights)
        for change in (
            lambda: set_rights(session, other.id, Rights.LEAD, by=other.actor(), now=NOW),
            lambda: set_rights(session, lead.id, Rights.VIEWER, by=other.actor(), now=NOW),
            lambda: remove_member(session, lead.id, by=other.actor(), now=NOW),
        ):
            with pytest.raises(NotAllowed):
                change()


def test_another_organisations_people_are_not_there(store):
    with store.writing() as session:
        lead = somebody(session, a_provider(session), "lead")
        foreign = somebody(session, a_provider(session), "foreign")
        for change in (
            lambda: set_rights(session, foreign.id, Rights.VIEWER, by=lead.actor(), now=NOW),
            lambda: remove_member(session, foreign.id, by=lead.actor(), now=NOW),
            lambda: member(session, foreign.id, by=lead.actor()),
        ):
            with pytest.raises(NotFound):
                change()
        assert members(session, lead.provider_id) == [lead]


def test_the_only_lead_stays_one_and_nobody_removes_themselves(store):
    with store.writing() as session:
        provider = a_provider(session)
        lead, other = somebody(session, provider, "lead"), somebody(session, provider, "other")
        with pytest.raises(NotAllowed, match="only lead"):
            set_rights(session, lead.id, Rights.EDITOR, by=lead.actor(), now=NOW)
        with pytest.raises(NotAllowed, match="remove yourself"):
            remove_member(session, lead.id, by=lead.actor(), now=NOW)
        set_rights(session, other.id, Rights.LEAD, by=lead.actor(), now=NOW)
        set_rights(session, lead.id, Rights.EDITOR, by=lead.actor(), now=NOW)
        set_rights(session, other.id, Rights.VIEWER, by=SYSTEM, now=NOW)
        assert (lead.rights, other.rights) == (Rights.EDITOR, Rights.VIEWER), "the council may give anybody any rights"


def test_who_is_removed_is_out_and_so_is_who_may_do_something_else(store):
    with store.writing() as session:
        provider = a_provider(session)
        lead, leaver, lowered = (somebody(session, provider, name) for name in ("lead", "leaver", "lowered"))
        people = (leaver, lowered)
        tokens = [start_sign_in(session, each.id, now=NOW, longest=timedelta(hours=1)) for each in people]
        links = [new_link(session, Purpose.OFFER, 1, each.id, until=NOW + timedelta(days=1)) for each in people]
        remove_member(session, leaver.id, by=lead.actor(), now=NOW)
        set_rights(session, lowered.id, Rights.VIEWER, by=lead.actor(), now=NOW)
        session.flush()
        assert [live_sign_in(session, token, now=NOW) for token in tokens] == [None, None]
        for link in links:
            with pytest.raises(NotFound):
                link_of(session, Purpose.OFFER, link, now=NOW)
        assert users_of_service(session, a_service(session, provider=provider)) == [lead], (
            "who only looks is not asked to act"
        )
        assert {each.name for each in members(session, provider.id)} == {"lead", "lowered"}
        assert session.query(SignIn).count() == 0


def test_who_only_looks_is_neither_reminded_nor_sent_a_link_to_act_by(store):
    with store.writing() as session:
        provider = a_provider(session)
        lead, viewer = somebody(session, provider, "lead"), somebody(session, provider, "viewer", Rights.VIEWER)
        service = a_service(session, provider=provider)
        assert reach(session, [service])[service.id].people == (lead,)
        for user in (lead, viewer):
            send_link(session, user.email, now=NOW)
        session.flush()
        assert [each.recipient for each in session.query(Message)] == [lead.email]
        secret = link_path(session, provider.id, viewer, now=NOW).rpartition("/")[2]
        with pytest.raises(NotFound):
            opened_link(session, secret, now=NOW)


@pytest.mark.parametrize("change", ["remove", "lower"])
def test_of_two_leads_who_let_each_other_go_at_once_one_remains(store, change):
    for number in range(8):
        with store.writing() as session:
            provider = a_provider(session)
            pair = [somebody(session, provider, f"{number}-{each}", Rights.LEAD) for each in range(2)]
            actors = [(one.actor(), other.id) for one, other in (pair, reversed(pair))]
        gate = threading.Barrier(2)

        def let_go(actor, other, gate=gate):
            gate.wait()
            with suppress(NotAllowed, NotFound), store.writing() as session:
                if change == "remove":
                    remove_member(session, other, by=actor, now=NOW)
                else:
                    set_rights(session, other, Rights.EDITOR, by=actor, now=NOW)

        threads = [threading.Thread(target=let_go, args=each) for each in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as session:
            leads = session.query(User).filter_by(provider_id=provider.id, is_active=True, rights=Rights.LEAD)
            assert leads.count() == 1


def test_who_is_limited_sees_these_services_alone_and_only_they_are_written_to_about_them(store):
    with store.writing() as session:
        provider = a_provider(session)
        lead, some = somebody(session, provider, "lead"), somebody(session, provider, "some")
        mine, other = (a_service(session, provider=provider) for _ in range(2))
        limit_member(session, some.id, [mine.id], by=lead.actor(), now=NOW)

        def sees(user):
            return set(session.scalars(visible_services(user.actor())))

        assert (sees(some), sees(lead)) == ({mine}, {mine, other})
        assert [users_of_service(session, each) for each in (mine, other)] == [[lead, some], [lead]]
        assert [each.people for each in reach(session, [mine, other]).values()] == [(lead, some), (lead,)]
        session.delete(mine)
        session.flush()
        assert sees(some) == set(), "not everything, because what they looked after has gone"
        limit_member(session, some.id, [], by=lead.actor(), now=NOW)
        assert sees(some) == {other}


def test_nobody_limits_a_lead_or_to_somebody_elses_service_and_a_new_lead_looks_after_all(store):
    with store.writing() as session:
        provider = a_provider(session)
        lead, some = somebody(session, provider, "lead"), somebody(session, provider, "some")
        mine, foreign = a_service(session, provider=provider), a_service(session)
        for user, service in ((lead, mine), (some, foreign)):
            with pytest.raises(Invalid):
                limit_member(session, user.id, [service.id], by=lead.actor(), now=NOW)
        with pytest.raises(NotAllowed):
            limit_member(session, some.id, [], by=some.actor(), now=NOW)
        limit_member(session, some.id, [mine.id], by=lead.actor(), now=NOW)
        set_rights(session, some.id, Rights.LEAD, by=lead.actor(), now=NOW)
        assert (some.is_limited, limits(session, [some])) == (False, {})
        set_rights(session, some.id, Rights.EDITOR, by=lead.actor(), now=NOW)
        limit_member(session, some.id, [mine.id], by=lead.actor(), now=NOW)
        change_role(session, some.id, Role.BROKER, by=SYSTEM, now=NOW)
        session.flush()
        assert not some.is_limited
