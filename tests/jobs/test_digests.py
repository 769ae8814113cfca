"""One e-mail a person a day: from the hour they chose, never at night, never on and on, and never about anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from placement.domain.clocks import LONDON
from placement.domain.messages import MESSAGE
from placement.domain.people import SYSTEM, Role
from placement.jobs.digests import write_digests
from placement.market import national
from placement.market.reminders import chase
from placement.records.accounts import add_user
from placement.records.digests import Wish, choose_digest
from placement.records.events import AuditLine
from placement.records.links import MailLink, Purpose, link_of
from placement.records.messages import Message
from placement.records.providers import Service
from placement.records.settings import set_numbers
from placement.records.tasks import ask_for
from placement.records.tracker import set_category
from tests.brokerage.worlds import BROKER
from tests.builders import a_provider, a_referral, a_report, a_service, a_unit
from tests.conftest import NOW

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LATER = NOW + WEEK  # a Monday at ten


def a_user(session, email, role=Role.PROVIDER, **values):
    given = {"name": "Pia", "password": "long enough words", "by": SYSTEM, "now": NOW}
    return add_user(session, email=email, role=role, **given | values)


@pytest.fixture
def market(store):
    """One provider of two services that reported at NOW, with two people; and a commissioner."""
    with store.writing() as session:
        provider = a_provider(session)
        units = [a_unit(session, service=a_service(session, provider=provider)) for _ in range(2)]
        for name in ("one", "two"):
            a_user(session, f"{name}@example.org", provider_id=provider.id)
        a_user(session, "council@example.org", Role.COMMISSIONER)
        return [unit.id for unit in units]


def at(store, clock, when):
    """Do the job at an instant; return what was written, and to whom."""
    clock.now = when
    with store.reading() as session:
        known = set(session.scalars(select(Message.id)))
    write_digests(store, clock=clock)
    with store.reading() as session:
        rows = [row for row in session.scalars(select(Message).order_by(Message.id)) if row.id not in known]
        return [(row.recipient.partition("@")[0], row.kind, row.reference) for row in rows]


def through(store, clock, start, end, step=HOUR):
    """Do the job again and again; return the London hour of each writing, and to whom."""
    found, when = [], start
    while when < end:
        found += [(f"{when.astimezone(LONDON):%a %H:%M}", who) for who, _, _ in at(store, clock, when)]
        when += step
    return found


def test_a_week_after_the_last_numbers_everybody_of_the_provider_has_one_mail_about_all_services(store, clock, market):
    assert at(store, clock, LATER - HOUR) == []
    assert at(store, clock, LATER) == [("one", "vacancies_due", "2 services"), ("two", "vacancies_due", "2 services")]
    assert at(store, clock, LATER + HOUR) == []

    with store.reading() as session:
        paths = session.scalars(select(Message.path).order_by(Message.id)).all()
        links = [link_of(session, Purpose.VACANCIES, path.removeprefix("/update/"), now=LATER) for path in paths]
        assert len({link.user_id for link in links}) == 2
        assert {link.subject_id for link in links} == {session.scalars(select(Service.provider_id)).first()}
        told = session.scalars(select(AuditLine.event).where(AuditLine.event == "service_reminded")).all()
        assert len(told) == 2, "a line a service, however many people"


def test_nothing_in_it_is_about_a_person_or_a_service(store, clock, market):
    at(store, clock, LATER)
    with store.reading() as session:
        names = session.scalars(select(Service.name)).all()
        for row in session.scalars(select(Message)):
            kind = MESSAGE[row.kind]
            words = f"{kind.subject} {kind.words}".format(reference=row.reference, until="", link=row.path)
            assert not [name for name in names if name in words]


def test_after_four_without_an_update_they_stop_and_commissioning_is_told_once(store, clock, market):
    found = through(store, clock, LATER, LATER + 12 * DAY)

    assert [when for when, who in found if who == "one"] == ["Mon 10:00", "Tue 08:00", "Wed 08:00", "Thu 08:00"]
    assert [when for when, who in found if who == "two"] == ["Mon 10:00", "Tue 08:00", "Wed 08:00", "Thu 08:00"]
    assert [when for when, who in found if who == "council"] == ["Fri 08:00"]
    with store.reading() as session:
        told = session.scalars(select(Message).where(Message.recipient == "council@example.org")).one()
        assert (told.kind, told.reference, told.path) == ("reminders_stopped", "2 services", "/commissioner/freshness")


def test_numbers_that_are_reported_begin_it_anew(store, clock, market):
    through(store, clock, LATER, LATER + 2 * DAY)
    with store.writing() as session:
        for unit_id in market:
            unit = session.get_one(Service, 1).units[0]
            a_report(session, unit, unit_id=unit_id, reported_at=LATER + 2 * DAY)

    assert through(store, clock, LATER + 2 * DAY, LATER + 2 * DAY + WEEK) == []
    found = through(store, clock, LATER + 2 * DAY + WEEK, LATER + 20 * DAY)
    assert len([who for _, who in found if who == "one"]) == 4


@pytest.mark.parametrize(
    ("night_of", "evening"),
    [(datetime(2027, 3, 28, tzinfo=UTC), "forward"), (datetime(2027, 10, 31, tzinfo=UTC), "back")],
)
def test_nobody_is_written_to_at_night_also_on_those_when_clocks_change(store, clock, market, night_of, evening):
    with store.writing() as session:
        for unit_id in market:
            a_report(session, session.get_one(Service, 1).units[0], unit_id=unit_id, reported_at=night_of - WEEK - HOUR)
        for user_id in (1, 2):
            choose_digest(session, user_id, Wish(is_on=True, hour=6))
    quarters = timedelta(minutes=15)

    found = through(store, clock, night_of - HOUR, night_of + 12 * HOUR, quarters)
    assert [when for when, who in found if who == "one"] == ["Sun 07:00"], evening


def test_a_chosen_hour_that_has_become_quiet_is_written_in_the_morning(store, clock, market):
    with store.writing() as session:
        choose_digest(session, 1, Wish(is_on=True, hour=20))
        choose_digest(session, 2, Wish(is_on=True, hour=15))
    found = through(store, clock, LATER + DAY - 4 * HOUR, LATER + 2 * DAY - 4 * HOUR)
    assert found == [("Tue 07:00", "one"), ("Tue 15:00", "two")]


def test_whoever_wants_none_has_none_and_the_others_still_do(store, clock, market):
    with store.writing() as session:
        choose_digest(session, 1, Wish(is_on=False, hour=8))
    assert [who for who, _, _ in at(store, clock, LATER)] == ["two"]


def test_the_quiet_hours_are_the_councils_setting(store, clock, market):
    with store.writing() as session:
        set_numbers(session, {"quiet_from_hour": 9, "quiet_until_hour": 12}, by=SYSTEM, now=NOW)
    assert at(store, clock, LATER + HOUR) == []
    assert len(at(store, clock, LATER + 2 * HOUR)) == 2


def test_a_broker_who_wants_it_is_told_how_much_is_due_today_and_nothing_else(store, clock):
    with store.writing() as session:
        mine = a_user(session, "broker@example.org", Role.BROKER)
        other = a_user(session, "other@example.org", Role.BROKER)
        for due, whose in ((NOW - DAY, None), (NOW + 13 * HOUR, mine.id), (NOW + 15 * HOUR, None), (NOW, other.id)):
            referral = a_referral(session)
            ask_for(session, "follow_up", referral, due_at=due, by=BROKER, now=NOW, assigned_to_id=whose, words="Ring")
        mine_id = mine.id
    assert at(store, clock, NOW) == [], "nobody has it who has not asked for it"
    with store.writing() as session:
        choose_digest(session, mine_id, Wish(is_on=True, hour=8))
    assert at(store, clock, NOW) == [("broker", "tasks_due", "2 tasks")]


def test_commissioning_reminds_at_once_and_nobody_twice_on_a_day(store, clock, market):
    through(store, clock, LATER, LATER + 6 * DAY)
    late = LATER + 6 * DAY
    with store.writing() as session:
        services = set(session.scalars(select(Service.id)))
        first = chase(session, services, by=BROKER, now=late)
        again = chase(session, services, by=BROKER, now=late + HOUR)

    assert (first.now, first.later, first.unreachable) == (services, set(), set())
    assert (again.now, again.later, again.unreachable) == (set(), services, set())
    assert [who for _, who in through(store, clock, late + 2 * HOUR, late + 3 * DAY)] == ["one", "two"], "once more"


def test_a_word_of_the_evening_waits_for_the_morning(store, clock, market):
    through(store, clock, LATER, LATER + 6 * DAY)
    evening = LATER + 6 * DAY + 11 * HOUR
    with store.writing() as session:
        services = set(session.scalars(select(Service.id)))
        chased = chase(session, services, by=BROKER, now=evening)
    assert chased.later == services
    assert through(store, clock, evening, evening + 12 * HOUR) == [("Mon 08:00", "one"), ("Mon 08:00", "two")]


def test_who_cannot_be_reached_is_said_and_what_is_fresh_is_left_alone(store, clock, market):
    with store.writing() as session:
        for user_id in (1, 2):
            choose_digest(session, user_id, Wish(is_on=False, hour=8))
        lonely, fresh = a_unit(session), a_unit(session)
        a_report(session, fresh, reported_at=LATER)
        everything = {*session.scalars(select(Service.id))}
        chased = chase(session, everything, by=BROKER, now=LATER)
        assert chased.unreachable == everything - {fresh.service_id}
        assert lonely.service_id in chased.unreachable
        assert session.scalar(select(MailLink.id)) is None


def test_a_mail_says_what_is_also_due_nationally_until_every_home_has_been_entered(store, clock):
    tenth, next_week = datetime(2026, 12, 10, 10, tzinfo=UTC), datetime(2026, 12, 20, 10, tzinfo=UTC)
    with store.writing() as session:
        provider = a_provider(session)
        home = a_service(session, provider=provider, service_type="nursing", cqc_location_id="1-100")
        unit_id, provider_id = a_unit(session, service=home).id, provider.id
        set_category(session, home.units[0], "general_nursing", by=SYSTEM, now=NOW)
        a_report(session, home.units[0], unit_id=unit_id, reported_at=NOW)
        pia = a_user(session, "pia@example.org", provider_id=provider_id)
    assert at(store, clock, tenth) == [("pia", "vacancies_due_nationally", "1 service")]
    with store.reading() as session:
        until = session.scalars(select(Message.until)).one().astimezone(LONDON)
        assert f"{until:%H:%M on %-d %B}" == "23:59 on 14 December"
    with store.writing() as session:
        home = session.scalars(select(Service)).one()
        found = national.home(session, home, on=tenth.date())
        national.note_keyed(session, home, seen=found.mark, by=pia.actor(), now=tenth, on=tenth.date())
    assert at(store, clock, tenth + DAY) == [("pia", "vacancies_due", "1 service")]
    assert at(store, clock, next_week) == [("pia", "vacancies_due", "1 service")]
