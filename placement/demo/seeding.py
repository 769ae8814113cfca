"""Seed the whole demo into an empty database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from placement.brokerage.ways_back import begin_way_back, without_way_back
from placement.demo.asked import ask_some
from placement.demo.choosing import give_some
from placement.demo.hands import give_out
from placement.demo.open_referrals import Today
from placement.demo.past import HISTORIC, Past
from placement.demo.people import Cast, say_ethnic_groups
from placement.demo.postcodes import Addresses
from placement.demo.profiles import answer_ahead, claim_more, verify_claims
from placement.demo.reporting import report, rhythms
from placement.demo.supply import Market, add_closures, add_market, add_standings, keep_places
from placement.demo.troubles import trouble_some
from placement.demo.users import add_users
from placement.demo.year import Year
from placement.domain.clocks import today
from placement.domain.errors import OutOfStep
from placement.domain.states import LIVE, OPEN, ReferralState
from placement.geography.gazetteer import Gazetteer
from placement.records.base import Base
from placement.records.messages import Message
from placement.records.placements import Placement
from placement.records.providers import Provider, Service, Unit
from placement.records.referrals import Person, Referral
from placement.records.sessions import Store
from placement.records.users import User
from placement.records.vacancies import VacancyReport

MORNING = time(9)  # providers report and brokers decide by day, whatever the hour of seeding
SEED = 2030  # the last year of the strategy; any other number gives another city
YEAR, HISTORY = timedelta(days=366), tuple(timedelta(days=days) for days in (1060, 740, 430))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was seeded, in numbers of rows."""

    providers: int
    services: int
    units: int
    reports: int
    people: int
    referrals: int
    open_referrals: int
    drafts: int
    placements: int
    live_out_of_city: int
    users: int


def seed(store: Store, *, now: datetime, gazetteer: Gazetteer) -> Summary:
    """Fill an empty database with a fictional Coventry as it would be at `now`.

    The same day gives the same city. Raises OutOfStep, and stores nothing, if there are providers already.
    """
    random = Random(SEED)
    addresses = Addresses(gazetteer, random)
    cast = Cast(addresses, random)
    past = Past(cast, addresses, random)
    morning = datetime.combine(today(now), MORNING, tzinfo=UTC)
    opening = morning - HISTORY[0]
    with store.writing() as session:
        _require_empty(session)
        market = add_market(session, addresses, random, now=opening, rated_by=today(now))
        staff = add_users(session, market.providers["ld"][0], now=opening)
        verify_claims(session, market, by=staff.commissioner, now=opening)
    year = Year(market, staff.broker, random, now=now)
    _live_history(store, year, past, market, random, morning)
    rhythm = rhythms(market, random, YEAR.days)
    year.run(store, past.last_year(morning - YEAR, now), rhythm, morning - YEAR)
    with store.writing() as session:
        add_standings(session, market, by=staff.commissioner, now=now)
        add_closures(session, market, now=now)
        keep_places(session, market, now=now)
        Today(market, cast, addresses, staff.broker, random, now=now).fill(session)
        give_out(session, staff, now=now)
        ask_some(session, market.providers["ld"][0], staff.broker, now=now)
        give_some(session, staff.broker, now=now)
        for stay_id in without_way_back(session):
            begin_way_back(session, stay_id, now=now)
        trouble_some(session, staff.broker, now=now)
        answer_ahead(session, market, market.providers["ld"][0], now=now)
        claim_more(session, market, now=now)
        say_ethnic_groups(session, by=staff.broker, now=now)
        session.execute(
            delete(Message).where(Message.written_at < now - timedelta(days=1))
        )  # nobody reads of last year
    with store.reading() as session:
        return _summary(session)


def _require_empty(session: Session) -> None:
    if session.scalar(select(Provider.id).limit(1)):
        raise OutOfStep("There are providers already. The demo is only for an empty database.")
    if session.scalar(select(User.id).limit(1)):  # everybody knows the password of the demo's administrator
        raise OutOfStep("People sign in here already. The demo is only for an empty database.")


def _live_history(store: Store, year: Year, past: Past, market: Market, random: Random, morning: datetime) -> None:
    """Place people outside the city, as was done years ago; the services around report before each time."""
    around = [service for service, units in market.services.items() if not units[0].in_city]
    count = sum(row.count for row in HISTORIC)
    for number, ago in enumerate(HISTORY):
        requests = past.long_ago(morning - ago + timedelta(days=1), slice(number, count, len(HISTORY)))
        with store.writing() as session:
            report(session, market, around, random, now=morning - ago)
            year.work(
                session,
                [request for request, _ in requests],
                morning - ago,
                morning - ago + timedelta(days=45),
                elsewhere=[reason for _, reason in requests],
            )


def _summary(session: Session) -> Summary:
    def count(table: type[Base], *conditions: object) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]

    return Summary(
        providers=count(Provider),
        services=count(Service),
        units=count(Unit),
        reports=count(VacancyReport),
        people=count(Person),
        referrals=count(Referral),
        open_referrals=count(Referral, Referral.state.in_(OPEN)),
        drafts=count(Referral, Referral.state == ReferralState.DRAFT),
        placements=count(Placement),
        live_out_of_city=count(Placement, Placement.state.in_(LIVE), Placement.is_in_city.is_(False)),
        users=count(User),
    )
