"""Referrals: the six pages of questions, submitting, holding and withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.people import PersonAnswers, keep_person, person_with
from placement.domain.clocks import END_OF_WORKING_DAY, LONDON, deadline, today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.features import FEATURE, Strength
from placement.domain.kinds import KIND, Kind
from placement.domain.people import Actor
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.domain.states import OPEN, ReferralState, require_move
from placement.geography.gazetteer import Located
from placement.records.audit import record
from placement.records.providers import Service
from placement.records.referrals import Person, Referral, ReferralNeed
from placement.records.visibility import one, visible_referrals

FURTHEST_START = timedelta(days=365)
FURTHEST_MILES = 500
DEEP = (
    selectinload(Referral.person),
    selectinload(Referral.needs),
    selectinload(Referral.avoided),
    selectinload(Referral.apart),
    selectinload(Referral.declines),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of questions and whether it has been answered."""

    slug: str
    label: str
    is_answered: Callable[[Referral], bool]


SECTIONS = (
    Section(slug="person", label="The person", is_answered=lambda referral: True),
    Section(slug="needs", label="Needs and equipment", is_answered=lambda referral: referral.needs_answered),
    Section(slug="place", label="Place and travel", is_answered=lambda referral: bool(referral.near_postcode)),
    Section(slug="dates", label="Dates and urgency", is_answered=lambda referral: referral.earliest_on is not None),
    Section(slug="choices", label="Choices and compatibility", is_answered=lambda referral: referral.choices_answered),
    Section(slug="funding", label="Funding and price", is_answered=lambda referral: referral.funding is not None),
)
SECTION = {section.slug: section for section in SECTIONS}
FUNDINGS = {
    "council": "Council funded",
    "council_s117": "Section 117 aftercare",
    "chc": "NHS continuing healthcare",
    "joint": "Joint health and council funding",
    "self": "Funds their own care",
    "not_agreed": "Not agreed yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswers:
    """Where the place should be. `max_miles` None: any distance."""

    near: Located
    near_who: str = ""
    max_miles: float | None = None
    wants_out_of_city: bool = False
    out_of_city_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAnswers:
    """When. `nights` None: open-ended."""

    earliest_on: date
    latest_on: date
    nights: int | None
    urgency_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceAnswers:
    """What the person wants and whom they must not live with."""

    persons_words: str = ""
    avoided_service_ids: Collection[int] = ()
    apart_case_numbers: Collection[str] = ()


def start_referral(session: Session, kind: str, answers: PersonAnswers, *, by: Actor, now: datetime) -> Referral:
    """Begin a draft for a person. Raises Invalid for a kind that is not in the table."""
    if kind not in KIND:
        raise Invalid("Choose what kind of place is needed.", field="kind")
    person = keep_person(session, answers, by=by, now=now)
    referral = Referral(person=person, kind=kind, created_at=now, created_by_id=by.user_id)
    session.add(referral)
    session.flush()
    referral.reference = f"RF-{referral.id:05}"
    record(session, "began a referral", referral, by=by, now=now, kind=kind)
    return referral


def answer_person(session: Session, referral: Referral, answers: PersonAnswers, *, by: Actor, now: datetime) -> None:
    """Change the person's details on a draft."""
    _require_draft(referral)
    person = keep_person(session, answers, by=by, now=now)
    if person in referral.apart:
        raise Invalid("This person is named as somebody to be kept apart from.", field="case_number")
    referral.person = person
    _answered(session, referral, "person", by, now)


def answer_needs(
    session: Session, referral: Referral, needs: Mapping[str, Strength], *, by: Actor, now: datetime
) -> None:
    """Set the needs; a slug that is left out is not needed. Raises Invalid for a slug that is not in the table."""
    _require_draft(referral)
    if unknown := set(needs) - set(FEATURE):
        raise Invalid(f"These are not in the list of needs: {', '.join(sorted(unknown))}.", field="needs")
    kept = {need.slug: need for need in referral.needs}
    for slug, strength in needs.items():
        need = kept.get(slug) or ReferralNeed(slug=slug, strength=strength)
        need.strength = strength
        kept[slug] = need
    referral.needs = [kept[slug] for slug in sorted(needs)]
    referral.needs_answered = True
    _answered(session, referral, "needs", by, now)


def answer_place(session: Session, referral: Referral, answers: PlaceAnswers, *, by: Actor, now: datetime) -> None:
    """Set near whom or where, how far, and whether the person chooses to live outside the city."""
    _require_draft(referral)
    if answers.wants_out_of_city:
        reason = OUT_OF_CITY_REASON.get(answers.out_of_city_reason or "")
        if reason is None or not reason.by_choice:
            raise Invalid("Choose why the person wants or needs to live outside the city.", field="out_of_city_reason")
    if answers.max_miles is not None and not 0 < answers.max_miles <= FURTHEST_MILES:
        raise Invalid(f"Enter a distance above 0 and up to {FURTHEST_MILES} miles.", field="max_miles")
    near = answers.near
    referral.near_postcode, referral.near_who = near.postcode, answers.near_who
    referral.near_lat, referral.near_lon = near.point.lat, near.point.lon
    referral.max_miles, referral.wants_out_of_city = answers.max_miles, answers.wants_out_of_city
    referral.out_of_city_reason = answers.out_of_city_reason if answers.wants_out_of_city else None
    _answered(session, referral, "place", by, now)


def answer_dates(session: Session, referral: Referral, answers: DateAnswers, *, by: Actor, now: datetime) -> None:
    """Set the window of starts and the length of stay. Raises Invalid, naming the field, if the kind forbids them."""
    _require_draft(referral)
    _require_dates(KIND[referral.kind], answers, today(now))
    referral.earliest_on, referral.latest_on = answers.earliest_on, answers.latest_on
    referral.nights, referral.urgency_note = answers.nights, answers.urgency_note
    _answered(session, referral, "dates", by, now)


def answer_choices(session: Session, referral: Referral, answers: ChoiceAnswers, *, by: Actor, now: datetime) -> None:
    """Set the person's own words, services to avoid and people to keep apart."""
    _require_draft(referral)
    apart = [_other_person(session, referral, number) for number in answers.apart_case_numbers]
    avoided = select(Service).where(Service.id.in_(answers.avoided_service_ids)).order_by(Service.id)
    referral.avoided = list(session.scalars(avoided))
    referral.apart = sorted(set(apart), key=lambda person: person.id)
    referral.persons_words, referral.choices_answered = answers.persons_words, True
    _answered(session, referral, "choices", by, now)


def answer_funding(
    session: Session, referral: Referral, *, funding: str, budget_weekly_pence: int | None, by: Actor, now: datetime
) -> None:
    """Set who pays and the most that may be paid a week."""
    _require_draft(referral)
    if funding not in FUNDINGS:
        raise Invalid("Choose who pays.", field="funding")
    if budget_weekly_pence is not None and budget_weekly_pence <= 0:
        raise Invalid("Enter a weekly budget above £0, or leave it empty.", field="budget")
    referral.funding, referral.budget_weekly_pence = funding, budget_weekly_pence
    _answered(session, referral, "funding", by, now)


def submit_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Start the search and its clocks. Raises OutOfStep while a section is unanswered or its dates have passed."""
    _require_draft(referral)
    missing = [section.label for section in SECTIONS if not section.is_answered(referral)]
    if missing:
        raise OutOfStep(f"Answer these sections first: {', '.join(missing)}.")
    if referral.latest_on is not None and referral.latest_on < today(now):
        raise OutOfStep("The last start date has passed. Answer “Dates and urgency” again first.")
    kind = KIND[referral.kind]
    _move(referral, ReferralState.SEARCHING)
    referral.submitted_at = now
    referral.reply_by = deadline(now, kind.reply_within)
    referral.place_by = _place_by(referral, kind, now)
    referral.ward_code = referral.person.ward_code
    record(session, "submitted a referral", referral, by=by, now=now, kind=referral.kind)


def hold_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Take a referral out of the search for now."""
    _move(referral, ReferralState.ON_HOLD)
    record(session, "put a referral on hold", referral, by=by, now=now)


def resume_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Bring a referral on hold back into the search. Raises OutOfStep if it is not on hold."""
    if referral.state is not ReferralState.ON_HOLD:  # one with a place comes back by losing its place, never so
        raise OutOfStep("This referral is not on hold.")
    _move(referral, ReferralState.SEARCHING)
    record(session, "resumed a referral", referral, by=by, now=now)


def withdraw_referral(session: Session, referral: Referral, *, reason: str, by: Actor, now: datetime) -> None:
    """End a referral that is no longer needed."""
    _move(referral, ReferralState.WITHDRAWN)
    referral.closed_at, referral.closed_reason = now, reason[:40]
    record(session, "withdrew a referral", referral, by=by, now=now)


def open_referrals(session: Session, *, actor: Actor) -> Sequence[Referral]:
    """Return the referrals that are being searched for, soonest deadline first."""
    rows = visible_referrals(actor).where(Referral.state.in_(OPEN))
    return session.scalars(
        rows.options(*DEEP).order_by(Referral.place_by.is_(None), Referral.place_by, Referral.id)
    ).all()


def referrals_in(session: Session, state: ReferralState, *, actor: Actor, limit: int = 200) -> Sequence[Referral]:
    """Return referrals in one state, newest first."""
    rows = visible_referrals(actor).where(Referral.state == state)
    return session.scalars(rows.options(*DEEP).order_by(Referral.id.desc()).limit(limit)).all()


def referral(session: Session, referral_id: int, *, actor: Actor) -> Referral:
    """Return one referral. Raises NotFound."""
    found: Referral = one(
        session, visible_referrals(actor).where(Referral.id == referral_id).options(*DEEP), "referral"
    )
    return found


def _require_draft(referral: Referral) -> None:
    if referral.state is not ReferralState.DRAFT:
        raise OutOfStep("This referral has been submitted, so its answers stand as they were.")


def _require_dates(kind: Kind, answers: DateAnswers, day: date) -> None:
    if not day <= answers.earliest_on <= day + FURTHEST_START:
        raise Invalid("Enter a first date between today and a year from now.", field="earliest_on")
    if not answers.earliest_on <= answers.latest_on <= answers.earliest_on + FURTHEST_START:
        raise Invalid("Enter a last start date on or after the first, within a year of it.", field="latest_on")
    if kind.must_end and answers.nights is None:
        raise Invalid(f"Enter how many nights. {kind.must_end_why}.", field="nights")
    if answers.nights is not None and not 1 <= answers.nights <= (kind.max_nights or 3650):
        raise Invalid(f"Enter between 1 and {kind.max_nights or 3650} nights.", field="nights")
    if kind.slug == "crisis" and answers.earliest_on > day + timedelta(days=1):
        raise Invalid(
            "A crisis place is needed today or tomorrow. For a later date, choose another kind.", field="earliest_on"
        )


def _other_person(session: Session, referral: Referral, case_number: str) -> Person:
    other = person_with(session, case_number)
    if other is None:
        raise Invalid(f"There is nobody with the case number {case_number}.", field="apart")
    if other.id == referral.person_id:
        raise Invalid("Enter somebody else's case number, not this person's.", field="apart")
    return other


def _place_by(referral: Referral, kind: Kind, now: datetime) -> datetime | None:
    """A place before the window means by 17:00 on the day before it opens, London time."""
    if kind.place_within is not None:
        return deadline(now, kind.place_within)
    if not kind.place_before_window or referral.earliest_on is None:
        return None
    eve = referral.earliest_on - timedelta(days=1)
    return datetime.combine(eve, END_OF_WORKING_DAY, tzinfo=LONDON).astimezone(UTC)


def _move(referral: Referral, state: ReferralState) -> None:
    require_move(referral.state, state)
    referral.state = state


def _answered(session: Session, referral: Referral, section: str, by: Actor, now: datetime) -> None:
    record(session, "answered a section", referral, by=by, now=now, section=section)
