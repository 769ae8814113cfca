"""What brokerage and providers do is told to the other side by mail, in the unit in which it becomes true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.absences import come_back, go_away
from placement.brokerage.attention import still_there
from placement.brokerage.longer_holds import hold_longer
from placement.brokerage.packs import Giving, give_pack
from placement.brokerage.placements import begin, confirm, decline, release, release_expired
from placement.brokerage.reservations import Decision, reserve
from placement.domain.councils import COUNCILS, COVENTRY
from placement.domain.messages import MESSAGE, TELLINGS
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.services import TypeWish
from placement.domain.states import PlacementState, ReferralState
from placement.planning.dates import change_dates
from placement.planning.swaps import swap
from placement.records.accounts import add_user, deactivate_user
from placement.records.councils import ServiceCouncil
from placement.records.messages import Message
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import ReferralType
from placement.records.sections import AroundSection, PenPicture, RisksSection
from tests.builders import a_person, a_placement, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.test_swaps import a_break

HERE, THERE = COVENTRY.code, COUNCILS[1].code
PASSWORD = "long enough words"
CANARIES = ("canary", "1931", "february", "cv9 9zz", "cv99zz", "555 0199")


def somebody(session, email, role, provider_id=None):
    user = add_user(
        session, email=email, name="Somebody", role=role, password=PASSWORD, provider_id=provider_id, by=SYSTEM, now=NOW
    )
    session.flush()
    return user.actor()


@pytest.fixture
def sides(session):
    """A unit with two people who work for its provider, and two brokers."""
    unit = a_unit(session, accepting=5, capacity=5, reply_hours=1)
    own = unit.service.provider_id
    return {
        "unit": unit,
        "provider": somebody(session, "one@provider.example", Role.PROVIDER, own),
        "second": somebody(session, "two@provider.example", Role.PROVIDER, own),
        "broker": somebody(session, "one@council.example", Role.BROKER),
        "other": somebody(session, "two@council.example", Role.BROKER),
    }


def a_canary(session):
    person = a_person(
        session, name="Canary Name", case_number="CANARY-1", postcode="CV9 9ZZ", born_on=NOW.date().replace(1931, 2, 11)
    )
    referral = a_referral(
        session, person=person, reference="RF-1", persons_words="Canary words", near_who="Canary sister",
        near_postcode="CV9 9ZZ", urgency_note="Canary note",
    )  # fmt: skip
    return with_around(referral)


def with_around(referral, secret="Canary"):
    """Fill what is asked around a person: none of it but the words of the two tables is for a provider."""
    referral.around = AroundSection(
        team=f"{secret} team", role=f"{secret} role", telephone="024 7555 0199", hospital=f"{secret} hospital",
        ward=f"{secret} ward", carer="parent", carer_until_on=NOW.date().replace(2031, 2, 11),
    )  # fmt: skip
    referral.dangers = RisksSection(risks="falls choking", legal="dols", note=f"{secret} risk note")
    referral.pen = PenPicture(words=f"{secret} pen picture")
    referral.types = [ReferralType(slug="nursing", wish=TypeWish.RULED_OUT)]
    return referral


def reserved(session, sides, start=0):
    choice = Decision(start_on=night(start), end_on=night(start + 14), reason="Canary choice")
    return reserve(session, a_canary(session), sides["unit"], choice, by=sides["broker"], now=NOW)


def letters(session, after=0):
    session.flush()
    rows = session.scalars(select(Message).where(Message.id > after).order_by(Message.id)).all()
    return [(row.recipient, row.kind, row.path) for row in rows]


def newest(session):
    session.flush()
    return max(session.scalars(select(Message.id)), default=0)


def test_a_reserved_place_is_told_to_everybody_at_the_provider_and_leads_to_it(session, sides):
    deactivate_user(session, sides["second"].user_id, by=SYSTEM, now=NOW)
    stay = reserved(session, sides)
    assert letters(session) == [("one@provider.example", "place_reserved", f"/provider/placements/{stay.id}")]
    (row,) = session.scalars(select(Message)).all()
    assert (row.reference, row.council, row.next_at) == ("RF-1", HERE, NOW)


def test_what_a_provider_answers_is_told_to_the_broker_who_reserved(session, sides):
    stay = reserved(session, sides)
    before = newest(session)
    confirm(session, stay, by=sides["provider"], now=NOW)
    assert letters(session, before) == [("one@council.example", "place_confirmed", f"/broker/placements/{stay.id}")]


def test_a_no_to_a_reserved_place_is_told_to_the_broker(session, sides):
    stay = reserved(session, sides)
    before = newest(session)
    decline(session, stay, reason="staffing", note="Canary note", by=sides["provider"], now=NOW)
    path = f"/broker/referrals/{stay.referral_id}"
    assert letters(session, before) == [("one@council.example", "place_lost", path)]


def test_nobody_is_told_what_they_did_themselves(session, sides):
    stay = reserved(session, sides)
    before = newest(session)
    confirm(session, stay, by=sides["broker"], now=NOW)
    assert letters(session, before) == []


def test_what_another_broker_does_is_told_to_the_one_who_reserved(session, sides):
    stay = reserved(session, sides)
    before = newest(session)
    release(session, stay, reason="not_needed", by=sides["other"], now=NOW)
    told = [(to, kind) for to, kind, _ in letters(session, before)]
    assert sorted(told) == [
        ("one@council.example", "place_lost"),
        ("one@provider.example", "place_released"),
        ("two@provider.example", "place_released"),
    ]


def test_a_reservation_that_runs_out_is_told_to_both_sides(session, sides):
    reserved(session, sides)
    before = newest(session)
    assert release_expired(session, by=SYSTEM, now=NOW + timedelta(days=3)) == 1
    assert {kind for _, kind, _ in letters(session, before)} == {"place_released", "place_lost"}


def test_no_message_of_a_whole_stay_holds_anything_of_the_person(session, sides):
    """Everything that is stored of a message, and every word that it would go out with."""
    stay = reserved(session, sides)
    hold_longer(session, stay, longer="2h", reason="visit", by=sides["broker"], now=NOW)
    confirm(session, stay, by=sides["provider"], now=NOW)
    give_pack(session, stay, Giving(note="Canary", last_day=night(9)), by=sides["broker"], now=NOW)
    change_dates(session, stay, start_on=night(0), end_on=night(10), by=sides["broker"], now=NOW)
    begin(session, stay, by=sides["provider"], now=NOW)
    go_away(session, stay, since=night(0), back_on=None, by=sides["provider"], now=NOW)
    come_back(session, stay, by=sides["broker"], now=NOW)
    later = NOW + timedelta(days=12)
    a_report(session, sides["unit"], maximum=5, occupied=1, accepting=4, reported_at=later)
    still_there(session, stay, by=sides["provider"], now=later)
    gone = a_placement(
        session, sides["unit"], referral=a_canary_again(session), state=PlacementState.RESERVED, start=30,
        created_by_id=sides["broker"].user_id,
    )  # fmt: skip
    release(session, gone, reason="not_needed", by=SYSTEM, now=later)
    one, other = (a_break(session, sides["unit"], start=start) for start in (40, 50))
    swap(session, one, other, by=sides["broker"], now=later)
    session.flush()
    rows = session.scalars(select(Message)).all()
    held = " ".join(str(getattr(row, column.key)) for row in rows for column in Message.__table__.columns)
    words = " ".join(MESSAGE[row.kind].subject + MESSAGE[row.kind].words for row in rows)

    assert {row.kind for row in rows} == set(TELLINGS.values())
    assert [word for word in CANARIES if word in f"{held} {words}".lower()] == []


def a_canary_again(session):
    person = a_person(session, name="Canary Other", case_number="CANARY-2", postcode="CV9 9ZZ")
    return a_referral(session, person=person, reference="RF-2", state=ReferralState.PLACED)


def test_what_is_rolled_back_is_not_told(store):
    with store.writing() as session:
        unit = a_unit(session)
        provider_id, unit_id = unit.service.provider_id, unit.id
        somebody(session, "one@provider.example", Role.PROVIDER, provider_id)

    def fails():
        with store.writing() as session:
            choice = Decision(start_on=night(0), end_on=night(14))
            reserve(session, a_referral(session), session.get_one(Unit, unit_id), choice, by=SYSTEM, now=NOW)
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with store.reading() as session:
        assert session.scalars(select(Placement)).all() == session.scalars(select(Message)).all() == []


def test_a_provider_is_told_whichever_council_gave_its_people_their_accounts(store):
    """A provider works with several councils: the other one's broker reserves, and its people are written to."""
    with store.writing(HERE) as session:
        unit = a_unit(session, service=a_service(session))
        session.add(ServiceCouncil(council=THERE, service_id=unit.service_id))
        somebody(session, "one@provider.example", Role.PROVIDER, unit.service.provider_id)
        unit_id = unit.id
    with store.writing(THERE) as session:
        broker = Actor(user_id=None, name="B", role=Role.BROKER, council=THERE)
        choice = Decision(
            start_on=night(0),
            end_on=night(14),
            out_of_city_reason="close_to_family",
            approved_by="M",
            out_of_city_evidence="-",
        )
        reserve(session, a_referral(session), session.get_one(Unit, unit_id), choice, by=broker, now=NOW)
    with store.reading() as session:
        rows = session.scalars(select(Message)).all()
        assert [(row.recipient, row.kind, row.council) for row in rows] == [
            ("one@provider.example", "place_reserved", THERE)
        ]
