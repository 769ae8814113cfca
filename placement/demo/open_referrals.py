"""Who is waiting today: sixty open referrals that compete for what is scarce, a few drafts, one on hold.

Made so that what is scarce cannot be had by everybody: some could only live in one or two units, others in many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.placements import decline
from placement.brokerage.referrals import put_on_hold
from placement.brokerage.reservations import reserve
from placement.demo.asking import Request, choosing_elsewhere, draft, drawn_request, recurring, submitted
from placement.demo.decisions import BookablePlace, choice, options, why_not_in_city
from placement.demo.needs import PROFILES
from placement.demo.people import Cast
from placement.demo.postcodes import Addresses
from placement.demo.supply import Market
from placement.domain.clocks import today
from placement.domain.errors import NoLongerVacant
from placement.domain.people import Actor
from placement.geography.distances import Point, miles_between
from placement.matching.judging.setting import Setting
from placement.planning.keys import unit_id_of
from placement.planning.snapshot import instance_of
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral

# Hours before now within which requests of a kind were made, and in how many days a stay is wanted at most.
WAITED = {"crisis": (0.4, 21.0), "respite": (2.0, 24 * 20.0), "move_on": (2.0, 24 * 30.0)}
WINDOWS = {"respite": ((3, 16), (3, 16), (10, 49)), "move_on": ((0, 14),)}
AWAY = {"autism_move": "close_to_family", "mh_move": "persons_choice"}
# Every how many weeks, how many stays, of how many nights.
RECURRING = {"ld_respite": (4, 5, 2), "autism_respite": (4, 4, 3), "dementia_respite": (6, 3, 7)}
APART = ("autism_move", "autism_move")
AVOIDING, DECLINED_LATELY = ("ld_move", "mh_move", "autism_respite"), 8
DRAFTS, ON_HOLD = ("ld_move", "autism_crisis", "dementia_respite"), "mh_move"
# Places that are reserved and wait for a provider to say yes: with the demo provider, where it has a free one.
RESERVED, ASKED_AGO = ("ld_respite", "ld_move", "autism_respite"), timedelta(hours=3)
REASONS = ("cannot_meet_need", "staffing", "not_compatible", "risk")


class Today:
    """Fills the brokers' work list."""

    def __init__(
        self, market: Market, cast: Cast, addresses: Addresses, broker: Actor, random: Random, *, now: datetime
    ) -> None:
        self._market, self._cast, self._addresses = market, cast, addresses
        self._broker, self._random, self._now = broker, random, now

    def fill(self, session: Session) -> None:
        """Submit everything that is open today, hear some refusals, and leave some drafts."""
        requests = self._special(session, self._requests())
        referrals = [submitted(session, request, by=self._broker) for request in requests]
        self._hear_refusals(session, referrals)
        for slug in DRAFTS:
            draft(session, self._request(slug), by=self._broker)
        held = submitted(session, self._request(ON_HOLD), by=self._broker)
        put_on_hold(session, held, by=self._broker, now=self._now)
        for slug in RESERVED:
            self._ask_provider(session, slug)

    def _requests(self) -> list[Request]:
        found = [self._request(profile.slug) for profile in PROFILES for _ in range(profile.open)]
        return sorted(found, key=lambda request: (request.at, request.person.case_number))

    def _request(self, slug: str) -> Request:
        profile = next(profile for profile in PROFILES if profile.slug == slug)
        shortest, longest = WAITED[profile.kind]
        hours = shortest + (longest - shortest) * self._random.uniform(*profile.waited)
        at = self._now - timedelta(minutes=round(60 * hours))
        at = at.replace(hour=min(at.hour, 21))
        person = self._cast.somebody(profile, at.date())
        request = drawn_request(profile, person, at, self._addresses, self._random)
        if profile.kind == "crisis":
            return request
        days_ahead = self._random.randint(*self._random.choice(WINDOWS[profile.kind]))
        earliest = today(self._now) + timedelta(days=days_ahead)
        width = request.latest_on - request.earliest_on
        return replace(request, earliest_on=earliest, latest_on=earliest + width)

    def _special(self, session: Session, requests: list[Request]) -> list[Request]:
        """Mark the first of some groups: who chooses to live elsewhere, who avoids a service, who must live apart."""
        for slug, reason in AWAY.items():
            place = _last(requests, slug)
            requests[place] = choosing_elsewhere(requests[place], reason)
        services = list(session.scalars(select(Service).order_by(Service.id)))
        for slug in AVOIDING:
            place = _first(requests, slug)
            requests[place] = replace(requests[place], avoided_service_ids=_nearest(requests[place], services))
        for slug, (every, stays, nights) in RECURRING.items():
            place = _last(requests, slug)
            requests[place] = recurring(requests[place], every=every, stays=stays, nights=nights)
        first = _first(requests, APART[0])
        second = _first(requests, APART[1], after=first)
        requests[second] = replace(requests[second], apart_case_numbers=(requests[first].person.case_number,))
        return requests

    def _hear_refusals(self, session: Session, referrals: Sequence[Referral]) -> None:
        """Some were offered to a provider already, which said no."""
        setting = Setting(instance_of(session, referrals, now=self._now))
        asked = [referral for referral in referrals if referral.kind != "respite"]
        refused = 0
        for referral in self._random.sample(asked, len(asked)):
            if refused == DECLINED_LATELY:
                return
            refused += self._refuse(session, referral, setting)

    def _refuse(self, session: Session, referral: Referral, setting: Setting) -> bool:
        found = self._options(referral, setting)
        if len(found) < 2 or referral.submitted_at is None:
            return False
        waited = self._now - referral.submitted_at
        asked_at = max(referral.submitted_at + waited / 3, self._now - timedelta(hours=20))
        placement = self._reserved(session, referral, found[0], setting, asked_at)
        if placement is not None:
            provider = self._market.stock[placement.unit_id].provider
            said_at = asked_at + (self._now - asked_at) / 2
            decline(session, placement, reason=self._random.choice(REASONS), by=provider, now=said_at)
        return placement is not None

    def _ask_provider(self, session: Session, slug: str) -> None:
        """Reserve a place that waits for its provider's answer."""
        anywhere = replace(self._request(slug), at=self._now - ASKED_AGO, max_miles=None, budget_weekly_pence=None)
        referral = submitted(session, anywhere, by=self._broker)
        setting = Setting(instance_of(session, [referral], now=self._now))
        first = f"P{self._market.providers['ld'][0]}"
        found = sorted(self._options(referral, setting), key=lambda option: option.unit.provider != first)
        asked_at = self._now - ASKED_AGO / 2
        if not any(self._reserved(session, referral, option, setting, asked_at) for option in found):
            put_on_hold(session, referral, by=self._broker, now=asked_at)

    def _options(self, referral: Referral, setting: Setting) -> list[BookablePlace]:
        need = setting.needs[referral.reference or ""]
        return options(need, setting, self._random, not_before=0, declined=(), taken={})

    def _reserved(
        self, session: Session, referral: Referral, option: BookablePlace, setting: Setting, at: datetime
    ) -> Placement | None:
        need = setting.needs[referral.reference or ""]
        reason, evidence = why_not_in_city(need, setting, ())
        chosen = choice(option, need, setting, self._random, referral.out_of_city_reason or reason, evidence)
        unit = session.get_one(Unit, unit_id_of(option.unit.id))
        try:
            return reserve(session, referral, unit, chosen, by=self._broker, now=at)
        except NoLongerVacant:  # the instance knows nothing of a shared cap that is used up
            return None


def _first(requests: Sequence[Request], slug: str, *, after: int = -1) -> int:
    return next(place for place, each in enumerate(requests) if place > after and each.profile.slug == slug)


def _last(requests: Sequence[Request], slug: str) -> int:
    return max(place for place, each in enumerate(requests) if each.profile.slug == slug)


def _nearest(request: Request, services: Sequence[Service]) -> tuple[int, ...]:
    """The service next door, where an old quarrel is."""
    ranked = sorted(
        (miles_between(request.near.point, Point(lat=each.lat or 0, lon=each.lon or 0)), each.id) for each in services
    )
    return (ranked[0][1],)
