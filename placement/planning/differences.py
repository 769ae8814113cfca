"""How a place that a human chooses differs from what was asked: told before it is reserved, and kept with the stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.choices import UP_TO_THE_PERSON, choice_of
from placement.brokerage.reservations import Decision
from placement.domain.clocks import today
from placement.domain.errors import Question
from placement.domain.kinds import KIND
from placement.domain.periods import Period
from placement.domain.sections import not_asked_words
from placement.domain.states import PlacementState
from placement.planning.needs import earliest_start, latest_start
from placement.planning.reading import stored_referrals
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral

A_YEAR = timedelta(days=365)
DIFFERENCES: Mapping[str, str] = {
    "start": "Begins outside the dates asked for",
    "nights": "Is for another number of nights than asked for",
    "allowance": "Goes over the person’s yearly allowance of nights",
    "no_needs": "No need was recorded: nothing was matched",
    "not_asked": "Was chosen before everything was asked",
    "top_up": "Costs more than the personal budget: a top-up is to be paid",
    "choice": "Is not the place that was chosen",
}
"""By slug, as the page of the stay tells it."""


def differences(session: Session, referral: Referral, decision: Decision, *, now: datetime) -> list[Question]:
    """Return in what a decision departs from the referral, as questions to confirm; each key begins with a slug."""
    found: list[Question] = []
    (asked,) = stored_referrals([referral])
    day = today(now)
    first, last = earliest_start(asked, day), latest_start(asked, day)
    if not first <= decision.start_on <= last:
        window = f"on {first:%-d %B %Y}" if first == last else f"between {first:%-d %B %Y} and {last:%-d %B %Y}"
        text = f"The first night would be {decision.start_on:%-d %B %Y}. The referral asks for a start {window}."
        found.append(Question(f"start-{decision.start_on.isoformat()}", text))
    nights = Period(decision.start_on, decision.end_on).nights
    if nights != referral.nights:
        text = f"This would be {_length(nights)}. The referral asks for {_length(referral.nights)}."
        found.append(Question(f"nights-{nights}", text))
    allowance = KIND[referral.kind].yearly_nights
    if allowance is not None and nights is not None:
        used = nights_used(session, referral.person_id, referral.kind, Period(decision.start_on, decision.end_on))
        if used + nights > allowance:
            text = (
                f"With these {nights} nights the person would have {used + nights} nights of "
                f"{KIND[referral.kind].label.lower()} within a year; the allowance is {allowance}."
            )
            found.append(Question(f"allowance-{used + nights}", text))
    if unknown := not_asked_words(referral.not_asked):
        text = f"{unknown}. Nothing was matched against that. Has the provider been told what is not known?"
        found.append(Question("not_asked", text))
    elif not referral.needs:
        text = "No need is recorded on this referral, so that nothing was matched. Is every need known to the provider?"
        found.append(Question("no_needs", text))
    return found


def left_to_the_person(session: Session, referral: Referral, unit: Unit) -> frozenset[str]:
    """Return the rules that no longer refuse this place because the person has chosen it from a sheet of options."""
    choice = choice_of(session, referral)
    is_chosen = choice is not None and choice.option is not None and choice.option.unit_id == unit.id
    return UP_TO_THE_PERSON if is_chosen else frozenset()


def unlike_the_choice(session: Session, referral: Referral, unit: Unit) -> list[Question]:
    """Return in what a place departs from what was chosen, or from what the personal budget pays, as questions."""
    choice = choice_of(session, referral)
    if choice is None:
        return []
    on, option = f"{choice.chosen_on:%-d %B %Y}", choice.option
    if option is None:
        text = f"None of the places that were offered was chosen on {on}. Has this one been agreed since?"
        return [Question(f"choice-{choice.id}", text)]
    if option.unit_id != unit.id:
        text = f"{option.service_name} was chosen on {on}, and this is another place. Has it been agreed since?"
        return [Question(f"choice-{choice.id}", text)]
    if option.top_up_pence:
        text = (
            f"This place was chosen at £{option.top_up_pence / 100:,.2f} a week more than the personal budget pays. "
            "Is it agreed in writing who pays this top-up?"
        )
        return [Question(f"top_up-{option.top_up_pence}", text)]
    return []


def nights_used(session: Session, person_id: int, kind: str, stay: Period) -> int:
    """Return the most nights of one kind, booked or spent, that fall in any year with this stay's first or last night.

    The year is the one before the stay ends, or the one from when it begins, whichever holds more.
    """
    rows = select(Placement.start_on, Placement.end_on).join(Placement.referral)
    rows = rows.where(
        Placement.person_id == person_id, Referral.kind == kind, Placement.state != PlacementState.RELEASED
    )
    known = [(start, end) for start, end in session.execute(rows) if end is not None]
    end = stay.end or stay.start
    years = ((end - A_YEAR, end), (stay.start, stay.start + A_YEAR))
    return max(sum(_within(start, leaving, *year) for start, leaving in known) for year in years)


def _within(start: date, end: date, first: date, last: date) -> int:
    return max(0, (min(end, last) - max(start, first)).days)


def _length(nights: int | None) -> str:
    if nights is None:
        return "a stay without an end date"
    return "a stay of 1 night" if nights == 1 else f"a stay of {nights} nights"
