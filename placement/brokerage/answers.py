"""The six pages of questions about a referral, and its answers while it is a draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.answered import before_answer, require_draft, was_answered
from placement.brokerage.changes import require_changeable
from placement.brokerage.people import (
    FURTHEST_START,
    NOTHING_SAID,
    Confirmed,
    PersonAnswers,
    known_person,
    person_with,
    require_adult_by,
    say_of_person,
)
from placement.brokerage.series import SeriesAnswers, require_no_stays, set_series
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.features import FEATURE, Strength
from placement.domain.funding import FUNDING
from placement.domain.kinds import KIND, Kind
from placement.domain.people import Actor
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.domain.services import SERVICE_TYPE, TypeWish
from placement.geography.gazetteer import Located
from placement.records.providers import Service
from placement.records.referrals import Person, Referral, ReferralNeed, ReferralType

FURTHEST_MILES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswers:
    """Where the place should be. `near` None: distance does not count. `max_miles` None: any distance."""

    near: Located | None
    near_who: str = ""
    max_miles: float | None = None
    wants_out_of_city: bool = False
    out_of_city_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAnswers:
    """When. `nights` None: open-ended. Of a `series` the window and the nights are those of the first stay."""

    earliest_on: date
    latest_on: date
    nights: int | None
    urgency_note: str = ""
    series: SeriesAnswers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceAnswers:
    """What the person wants and whom they must not live with; None for these leaves them as they are."""

    persons_words: str = ""
    avoided_service_ids: Collection[int] = ()
    apart_case_numbers: Collection[str] | None = ()
    lives_alone: bool = False
    types: Mapping[str, TypeWish] = field(default_factory=dict)


def answer_person(
    session: Session,
    referral: Referral,
    answers: PersonAnswers,
    *,
    by: Actor,
    now: datetime,
    confirmed: Confirmed = NOTHING_SAID,
) -> None:
    """Change the person's details on a draft. Raises Recognised for somebody on record, until that is confirmed."""
    require_draft(referral)
    person = known_person(session, answers, by=by, now=now, confirmed=confirmed, draft=referral)
    if person in referral.apart:
        raise Invalid("This person is named as somebody to be kept apart from.", field="case_number")
    referral.person = person
    say_of_person(referral, answers)
    was_answered(session, referral, "person", by, now, {})


def answer_needs(
    session: Session, referral: Referral, needs: Mapping[str, Strength], *, by: Actor, now: datetime
) -> None:
    """Set the needs; a slug that is left out is not needed. Raises Invalid for a slug that is not in the table."""
    require_changeable(referral)
    before = before_answer(referral)
    if unknown := set(needs) - set(FEATURE):
        raise Invalid(f"These are not in the list of needs: {', '.join(sorted(unknown))}.", field="needs")
    kept = {need.slug: need for need in referral.needs}
    for slug, strength in needs.items():
        need = kept.get(slug) or ReferralNeed(slug=slug, strength=strength)
        need.strength = strength
        kept[slug] = need
    referral.needs = [kept[slug] for slug in sorted(needs)]
    was_answered(session, referral, "needs", by, now, before)


def answer_place(session: Session, referral: Referral, answers: PlaceAnswers, *, by: Actor, now: datetime) -> None:
    """Set near whom or where, how far, and whether the person chooses to live outside the city."""
    require_changeable(referral)
    before = before_answer(referral)
    if answers.wants_out_of_city:
        reason = OUT_OF_CITY_REASON.get(answers.out_of_city_reason or "")
        if reason is None or not reason.by_choice:
            raise Invalid("Choose why the person wants or needs to live outside the city.", field="out_of_city_reason")
    if answers.max_miles is not None and not 0 < answers.max_miles <= FURTHEST_MILES:
        raise Invalid(f"Enter a distance above 0 and up to {FURTHEST_MILES} miles.", field="max_miles")
    near = answers.near
    if near is None and answers.max_miles is not None:
        raise Invalid("Enter the postcode that the distance is counted from, or leave it empty.", field="max_miles")
    referral.near_postcode, referral.near_who = near.postcode if near else None, answers.near_who
    referral.near_lat, referral.near_lon = (near.point.lat, near.point.lon) if near else (None, None)
    referral.max_miles, referral.wants_out_of_city = answers.max_miles, answers.wants_out_of_city
    referral.out_of_city_reason = answers.out_of_city_reason if answers.wants_out_of_city else None
    was_answered(session, referral, "place", by, now, before)


def answer_dates(session: Session, referral: Referral, answers: DateAnswers, *, by: Actor, now: datetime) -> None:
    """Set the window of starts and the length of stay. Raises Invalid, naming the field, if the kind forbids them."""
    require_changeable(referral)
    before = before_answer(referral)
    require_dates(KIND[referral.kind], answers, today(now))
    require_no_stays(session, referral)
    require_adult_by(referral.person.born_on, answers.earliest_on)
    set_series(referral, answers.series)
    referral.earliest_on, referral.latest_on = answers.earliest_on, answers.latest_on
    referral.nights, referral.urgency_note = answers.nights, answers.urgency_note
    was_answered(session, referral, "dates", by, now, before)


def answer_choices(session: Session, referral: Referral, answers: ChoiceAnswers, *, by: Actor, now: datetime) -> None:
    """Set the person's own words, services and types of service to avoid or want, and people to keep apart."""
    require_changeable(referral)
    _require_types(answers.types)
    before = before_answer(referral)
    numbers = answers.apart_case_numbers
    apart = referral.apart if numbers is None else [_other_person(session, referral, each) for each in numbers]
    avoided = select(Service).where(Service.id.in_(answers.avoided_service_ids)).order_by(Service.id)
    referral.avoided = list(session.scalars(avoided))
    referral.apart = sorted(set(apart), key=lambda person: person.id)
    referral.persons_words, referral.lives_alone = answers.persons_words, answers.lives_alone
    kept = {row.slug: row for row in referral.types}
    referral.types = [_type(kept.get(slug), slug, wish) for slug, wish in sorted(answers.types.items())]
    was_answered(session, referral, "choices", by, now, before)


def answer_funding(
    session: Session, referral: Referral, *, funding: str, budget_weekly_pence: int | None, by: Actor, now: datetime
) -> None:
    """Set who pays and the most that may be paid a week."""
    require_changeable(referral)
    before = before_answer(referral)
    if funding not in FUNDING:
        raise Invalid("Choose who pays.", field="funding")
    if budget_weekly_pence is not None and budget_weekly_pence <= 0:
        raise Invalid("Enter a weekly budget above £0, or leave it empty.", field="budget")
    referral.funding, referral.budget_weekly_pence = funding, budget_weekly_pence
    was_answered(session, referral, "funding", by, now, before)


def require_dates(kind: Kind, answers: DateAnswers, day: date) -> None:
    """Raise Invalid, naming the field, for dates that a kind forbids as of a day."""
    if not day <= answers.earliest_on <= day + FURTHEST_START:
        raise Invalid("Enter a first date between today and a year from now.", field="earliest_on")
    if not answers.earliest_on <= answers.latest_on <= answers.earliest_on + FURTHEST_START:
        raise Invalid("Enter a last start date on or after the first, within a year of it.", field="latest_on")
    if kind.must_end and answers.nights is None:
        raise Invalid(f"Enter how many nights. {kind.must_end_why}.", field="nights")
    if answers.nights is not None and not 1 <= answers.nights <= kind.most_nights:
        raise Invalid(f"Enter between 1 and {kind.most_nights} nights.", field="nights")
    _require_series(kind, answers)
    within = kind.starts_within_days
    if within is not None and answers.earliest_on > day + timedelta(days=within):
        raise Invalid(f"{kind.starts_within_why}. For a later date, choose another kind.", field="earliest_on")


def _require_series(kind: Kind, answers: DateAnswers) -> None:
    """Each further stay is as long as the kind allows, and none begins later than any start may."""
    if answers.series is None:
        return
    if not kind.may_recur:
        raise Invalid(f"A {kind.label.lower()} referral asks for one stay.", field="often")
    for stay in answers.series.windows:
        if not 1 <= stay.nights <= kind.most_nights:
            raise Invalid(f"Stay {stay.number}: enter between 1 and {kind.most_nights} nights.", field="nights")
        if stay.latest_on > answers.earliest_on + FURTHEST_START:
            raise Invalid("The last stay begins more than a year after the first. Enter an earlier one.", field="often")


def _require_types(wishes: Mapping[str, TypeWish]) -> None:
    if unknown := sorted(wishes.keys() - SERVICE_TYPE.keys()):
        raise Invalid(f"These are not in the list of service types: {', '.join(unknown)}.", field="types")
    if {TypeWish.ONLY, TypeWish.WANTED} <= set(wishes.values()):
        field = next(slug for slug, wish in wishes.items() if wish is TypeWish.WANTED)
        said = "Where only some types will do, every other is ruled out. Choose “Only this” or “Would like”, not both."
        raise Invalid(said, field=f"type_{field}")


def _type(row: ReferralType | None, slug: str, wish: TypeWish) -> ReferralType:
    row = row or ReferralType(slug=slug)
    row.wish = wish
    return row


def _other_person(session: Session, referral: Referral, case_number: str) -> Person:
    other = person_with(session, case_number)
    if other is None:
        raise Invalid(f"There is nobody with the case number {case_number}.", field="apart")
    if other.id == referral.person_id:
        raise Invalid("Enter somebody else's case number, not this person's.", field="apart")
    return other
