"""The demo is a whole, sound and fictional Coventry, the same one for the same day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from placement.demo.names import DEMO_PROVIDER
from placement.demo.seeding import seed
from placement.demo.users import PASSWORD, USERS
from placement.domain.clocks import today
from placement.domain.councils import COVENTRY
from placement.domain.errors import OutOfStep
from placement.domain.people import Role
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.domain.states import LIVE, OPEN, UNANSWERED, OfferState, PlacementState, ReferralState, Status
from placement.market.vacancies import is_due
from placement.records.accounts import check_password
from placement.records.availability import availability, newest_reports
from placement.records.events import AuditLine
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import Provider, Service, Unit
from placement.records.referrals import Decline, Person, Referral
from placement.records.standings import standings_on
from placement.records.tasks import Task
from placement.records.users import User
from placement.records.vacancies import VacancyReport
from tests.conftest import ENGINES, NOW
from tests.demo.conftest import City

TODAY = today(NOW)


def services(session: Session) -> list[Service]:
    return list(session.scalars(select(Service).options(selectinload(Service.units)).order_by(Service.id)))


def count(session: Session, table: type, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def live(session: Session, *conditions: object) -> list[Placement]:
    rows = select(Placement).where(Placement.state.in_(LIVE), *conditions).order_by(Placement.id)
    return list(session.scalars(rows.options(selectinload(Placement.unit).selectinload(Unit.service))))


def test_the_market_has_the_shape_of_the_city_in_may_2024(city: City):
    with city.store.reading() as session:
        rows = services(session)
        inside = [row for row in rows if row.authority == COVENTRY.code]
        types = Counter(row.service_type for row in inside)

        assert 190 <= len(rows) <= 210
        assert 55 <= len(rows) - len(inside) <= 65
        assert types["residential"] + types["nursing"] + types["respite_unit"] == 71
        assert types["supported_living"] == 51 + 10
        assert 60 <= count(session, Provider) <= 80
        assert len({row.ward_code for row in inside}) == 18


def test_learning_disability_schemes_hold_101_beds_of_which_about_87_in_100_are_taken(city: City):
    with city.store.reading() as session:
        reports, free = newest_reports(session), availability(session, day=TODAY)
        beds = taken = 0
        for row in services(session):
            units = row.units
            if row.authority != COVENTRY.code or row.service_type not in ("residential", "respite_unit"):
                continue
            offers = [{offer.slug for offer in unit.features} for unit in units]
            if "learning_disability" in offers[0]:
                beds += sum(unit.capacity for unit in units)
                taken += sum(
                    reports[unit.id].maximum - free.bookable(unit.id, TODAY, TODAY + timedelta(days=1))
                    if unit.id in reports
                    else unit.capacity
                    for unit in units
                )

        assert beds == 101
        assert 0.82 <= taken / beds <= 0.92


def test_ratings_follow_the_shares_that_the_cqc_published(city: City):
    with city.store.reading() as session:
        ratings = Counter(row.quality for row in services(session))

    rated = sum(found for quality, found in ratings.items() if quality is not None)
    assert 0.60 <= ratings[2] / rated <= 0.75
    assert 0.20 <= ratings[1] / rated <= 0.32
    assert 0 < ratings[0] / rated <= 0.06
    assert 0 < ratings[3] / rated <= 0.06
    assert ratings[None] > 5


def test_most_vacancies_are_fresh_some_stale_and_some_were_never_reported(city: City):
    with city.store.reading() as session:
        reports = newest_reports(session)
        units = list(session.scalars(select(Unit.id)))
        due = [unit for unit in units if is_due(reports.get(unit), now=NOW)]

    assert 0.05 <= len(due) / len(units) <= 0.3
    assert any(unit not in reports for unit in units)
    assert any(unit in reports for unit in due)


def test_some_providers_have_a_standing_of_every_sort(city: City):
    with city.store.reading() as session:
        found = {standing.status for standing in standings_on(session, TODAY).values()}

    assert found == set(Status) - {Status.NONE}


def test_sixty_referrals_and_the_return_list_are_open_and_few_are_drafts_or_on_hold(city: City):
    with city.store.reading() as session:
        kinds = Counter(session.scalars(select(Referral.kind).where(Referral.state.in_(OPEN))))
        crises = session.scalars(select(Referral).where(Referral.state.in_(OPEN), Referral.kind == "crisis")).all()

        assert kinds == {"crisis": 14, "respite": 20, "move_on": 26, "return_to_city": 46}
        assert all(NOW - timedelta(hours=25) < row.submitted_at <= NOW for row in crises)
        assert 2 <= count(session, Referral, Referral.state == ReferralState.DRAFT) <= 3
        assert 1 <= count(session, Referral, Referral.state == ReferralState.ON_HOLD) <= 2
        assert count(session, Decline, Decline.referral.has(Referral.state.in_(OPEN))) >= 5


def test_a_year_of_referrals_has_ended_in_every_way(city: City):
    with city.store.reading() as session:
        past = select(Referral).where(Referral.kind != "planned", Referral.submitted_at > NOW - timedelta(days=367))
        states = Counter(row.state for row in session.scalars(past))
        endings = set(session.scalars(select(Placement.ended_reason)))

    assert 380 <= states[ReferralState.CLOSED] + states[ReferralState.PLACED] + states[ReferralState.WITHDRAWN] <= 460
    assert states[ReferralState.CLOSED] > 200
    assert 20 < states[ReferralState.WITHDRAWN] < 100
    assert endings >= {"as_planned", "moved_home", "moved_on", "hospital", "declined"}


def test_about_seventy_people_live_outside_the_city_by_choice_and_not(city: City):
    with city.store.reading() as session:
        rows = live(session, Placement.is_in_city.is_(False))
        by_choice = [row for row in rows if OUT_OF_CITY_REASON[row.out_of_city_reason].by_choice]

        assert 55 <= len(rows) <= 85
        assert 8 <= len(by_choice) <= 30
        assert all(row.approved_by for row in rows if row not in by_choice)


def test_in_city_is_what_the_council_of_the_service_says(city: City):
    with city.store.reading() as session:
        rows = session.scalars(select(Placement).options(selectinload(Placement.unit).selectinload(Unit.service)))
        assert all(row.is_in_city == (row.unit.service.authority == COVENTRY.code) for row in rows)


def test_nobody_is_in_two_places_on_one_night(city: City):
    with city.store.reading() as session:
        columns = select(Placement.person_id, Placement.start_on, Placement.end_on)
        rows = session.execute(columns.where(Placement.state != PlacementState.RELEASED)).all()

    nights: dict[int, list[tuple[date, date]]] = {}
    for person, start_on, end_on in rows:
        nights.setdefault(person, []).append((start_on, end_on or date.max))
    for stays in nights.values():
        ordered = sorted(stays)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered))


def test_no_unit_and_no_shared_cap_holds_more_people_than_it_may(city: City):
    with city.store.reading() as session:
        free = availability(session, day=TODAY)
        capacities = dict(iter(session.execute(select(Unit.id, Unit.capacity))))

    assert all(0 <= places <= capacities[unit] for unit, steps in free.free.items() for places in steps.values)
    assert all(places >= 0 for steps in free.left.values() for places in steps.values)


def test_nothing_has_happened_after_now_and_nobody_is_overdue(city: City):
    with city.store.reading() as session:
        assert session.scalar(select(func.max(AuditLine.happened_at))) <= NOW
        assert session.scalar(select(func.max(VacancyReport.reported_at))) <= NOW
        assert not live(session, Placement.end_on < TODAY)
        reserved = live(session, Placement.state == PlacementState.RESERVED)
        assert reserved
        assert all(row.expires_at > NOW for row in reserved)


def test_each_role_can_sign_in_and_the_demo_provider_takes_crises(city: City):
    with city.store.reading() as session:
        users = {email: check_password(session, email, PASSWORD) for email, _, _ in USERS}
        provider = session.scalars(select(Provider).where(Provider.name == DEMO_PROVIDER)).one()

        assert {user.role for user in users.values() if user} == set(Role)
        assert users["provider@demo.example"].provider_id == provider.id
        assert len(provider.services) > 3
        assert any("crisis" in unit.kinds for service in provider.services for unit in service.units)


def test_it_refuses_a_database_that_has_providers(cities: Callable[[str], City], gazetteer):
    city = cities("sqlite")
    with pytest.raises(OutOfStep, match="providers already"):
        seed(city.store, now=NOW, gazetteer=gazetteer)

    with city.store.reading() as session:
        assert count(session, Provider) == city.summary.providers


@pytest.mark.prove
def test_the_same_day_gives_the_same_city_on_both_engines(cities: Callable[[str], City]):
    on_both = [cities(engine) for engine in ENGINES]
    assert on_both[0].summary == on_both[1].summary

    first, second = map(fingerprint, on_both)
    assert first == second


def fingerprint(city: City) -> list[tuple[object, ...]]:
    with city.store.reading() as session:
        stays = select(
            Placement.id, Placement.person_id, Placement.unit_id, Placement.state, Placement.start_on, Placement.end_on
        )
        people = select(Person.id, Person.name, Person.born_on, Person.postcode)
        reports = select(VacancyReport.id, VacancyReport.unit_id, VacancyReport.accepting, VacancyReport.reported_at)
        units = select(Unit.id, Unit.weekly_pence, Service.name, Service.postcode).join(Unit.service)
        return [
            tuple(row)
            for rows, key in ((stays, Placement.id), (people, Person.id), (reports, VacancyReport.id), (units, Unit.id))
            for row in session.execute(rows.order_by(key))
        ]


def test_providers_are_asked_about_some_who_wait_and_the_demo_provider_has_something_to_answer(city):
    with city.store.reading() as session:
        offers = session.scalars(select(Offer)).all()
        states = {offer.state for offer in offers}
        provider = session.scalars(select(User.provider_id).where(User.role == Role.PROVIDER)).one()
        waiting = [each for each in offers if each.state in UNANSWERED and each.unit.service.provider_id == provider]

        assert {OfferState.LATER, OfferState.SENT, OfferState.ASKING, OfferState.OFFERED} <= states
        assert waiting
        assert all(each.reply_by > NOW for each in waiting)
        assert session.scalars(select(Task.kind)).all()
