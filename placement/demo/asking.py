"""One referral from the first question to the search, in the broker's words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from placement.brokerage.answers import (
    ChoiceAnswers,
    DateAnswers,
    PlaceAnswers,
    answer_choices,
    answer_dates,
    answer_funding,
    answer_needs,
    answer_place,
)
from placement.brokerage.people import Confirmed, PersonAnswers, people_alike, person_with
from placement.brokerage.referrals import start_referral, submit_referral
from placement.brokerage.series import SeriesAnswers
from placement.demo.needs import Profile, drawn_needs
from placement.demo.postcodes import Addresses
from placement.domain.clocks import today
from placement.domain.features import Strength
from placement.domain.kinds import KIND
from placement.domain.people import Actor
from placement.domain.series import MOST, WEEK, Pattern, windows_of
from placement.geography.gazetteer import Located
from placement.records.referrals import Referral

NEAR = (("Own home", 6), ("Mother", 2), ("Sister", 1), ("Day centre", 1))
FUNDING = {"mh_move": ("council_s117", "council"), "mh_complex": ("council_s117", "joint"), "dementia_move": ("joint",)}
HAS_BUDGET = 0.7
FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything that is asked about one referral."""

    profile: Profile
    person: PersonAnswers
    at: datetime
    needs: dict[str, Strength]
    near: Located
    near_who: str
    max_miles: float | None
    earliest_on: date
    latest_on: date
    nights: int | None
    budget_weekly_pence: int | None
    funding: str
    words: str
    out_of_city_reason: str | None = None
    avoided_service_ids: tuple[int, ...] = ()
    apart_case_numbers: tuple[str, ...] = ()
    series: SeriesAnswers | None = None

    @property
    def kind(self) -> str:
        """The kind of the referral."""
        return self.profile.kind


def drawn_request(
    profile: Profile, person: PersonAnswers, at: datetime, addresses: Addresses, random: Random
) -> Request:
    """Return a plausible request by somebody of a group."""
    day, kind = today(at), KIND[profile.kind]
    earliest = day + timedelta(days=_days_ahead(profile.kind, random))
    near_who = random.choices([who for who, _ in NEAR], [weight for _, weight in NEAR])[0]
    has_home = person.home is not None and near_who == "Own home"
    return Request(
        profile=profile,
        person=person,
        at=at,
        needs=drawn_needs(profile, random),
        near=person.home if has_home and person.home else addresses.for_home(),
        near_who=near_who,
        max_miles=random.choice(profile.miles),
        earliest_on=earliest,
        latest_on=earliest + timedelta(days=kind.window_days if profile.kind != "respite" else random.randint(3, 12)),
        nights=random.choice(profile.nights) if profile.nights else None,
        budget_weekly_pence=random.randrange(*profile.pounds, 10) * 100 if random.random() < HAS_BUDGET else None,
        funding=random.choice(FUNDING.get(profile.slug, ("council", "council", "joint"))),
        words=random.choice(profile.words),
    )


def choosing_elsewhere(request: Request, reason: str) -> Request:
    """Return the request of somebody who wants, or would do better, to live outside the city."""
    return replace(request, out_of_city_reason=reason, max_miles=None)


def recurring(request: Request, *, every: int, stays: int, nights: int) -> Request:
    """Return the request of somebody whose carer has a break on a Friday, every so many weeks."""
    until = request.earliest_on + timedelta(weeks=every * stays - 1)
    pattern = Pattern(
        every=every, unit=WEEK, weekday=FRIDAY, from_on=request.earliest_on, until_on=until, nights=nights
    )
    windows = windows_of(pattern)
    first = windows[0].earliest_on
    series = SeriesAnswers(take=MOST, windows=windows, pattern=pattern)
    return replace(request, earliest_on=first, latest_on=first, nights=nights, series=series)


def draft(session: Session, request: Request, *, by: Actor) -> Referral:
    """Begin a referral and answer its first pages."""
    referral = start_referral(
        session, request.kind, request.person, by=by, now=request.at, confirmed=_known(session, request.person)
    )
    answer_needs(session, referral, request.needs, by=by, now=_later(request, 4))
    return referral


def submitted(session: Session, request: Request, *, by: Actor) -> Referral:
    """Begin a referral, answer every page and start the search."""
    referral = draft(session, request, by=by)
    place = PlaceAnswers(
        near=request.near,
        near_who=request.near_who,
        max_miles=request.max_miles,
        wants_out_of_city=request.out_of_city_reason is not None,
        out_of_city_reason=request.out_of_city_reason,
    )
    dates = DateAnswers(
        earliest_on=request.earliest_on, latest_on=request.latest_on, nights=request.nights, series=request.series
    )
    choices = ChoiceAnswers(
        persons_words=request.words,
        avoided_service_ids=request.avoided_service_ids,
        apart_case_numbers=request.apart_case_numbers,
    )
    answer_place(session, referral, place, by=by, now=_later(request, 6))
    answer_dates(session, referral, dates, by=by, now=_later(request, 7))
    answer_choices(session, referral, choices, by=by, now=_later(request, 10))
    answer_funding(
        session,
        referral,
        funding=request.funding,
        budget_weekly_pence=request.budget_weekly_pence,
        by=by,
        now=_later(request, 12),
    )
    submit_referral(session, referral, by=by, now=_later(request, 14))
    return referral


def _known(session: Session, person: PersonAnswers) -> Confirmed:
    """Return what a broker says who knows everybody: the same case number is the same person, another one is not."""
    same = person_with(session, person.case_number)
    alike = people_alike(session, person, case_number=person.case_number)
    return Confirmed(same_as=same.id if same else None, other_than=frozenset(each.id for each in alike))


def _later(request: Request, minutes: int) -> datetime:
    return request.at + timedelta(minutes=minutes)


def _days_ahead(kind: str, random: Random) -> int:
    longest = {"crisis": 1, "respite": 30, "move_on": 21, "planned": 10}[kind]
    return random.randint(min(longest, 2) if kind != "crisis" else 0, longest)
