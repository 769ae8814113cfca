"""How a place that a human chooses differs from what was asked: told before it is reserved, and kept with the stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from placement.brokerage.choices import UP_TO_THE_PERSON, choice_of
from placement.brokerage.offers.finding import offers_of
from placement.brokerage.reservations import Decision
from placement.domain.clocks import today
from placement.domain.errors import Question
from placement.domain.features import Strength, feature_words, in_order
from placement.domain.periods import Period
from placement.domain.sections import not_asked_words
from placement.domain.states import YESES
from placement.domain.unit_words import listed
from placement.planning.asked_first import unsure
from placement.planning.needs import earliest_start, latest_start
from placement.planning.reading import stored_referrals
from placement.records.providers import Unit
from placement.records.referrals import Referral

DIFFERENCES: Mapping[str, str] = {
    "start": "Begins outside the dates asked for",
    "nights": "Is for another number of nights than asked for",
    "allowance": "Goes over the person’s yearly allowance of nights",
    "no_needs": "No need was recorded: nothing was matched",
    "not_asked": "Was chosen before everything was asked",
    "top_up": "Costs more than the personal budget: a top-up is to be paid",
    "choice": "Is not the place that was chosen",
    "ask_first": "Has a provider that wanted to be asked about a need first",
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
    if unknown := not_asked_words(referral.not_asked):
        text = f"{unknown}. Nothing was matched against that. Has the provider been told what is not known?"
        found.append(Question("not_asked", text))
    elif not referral.needs:
        text = "No need is recorded on this referral, so that nothing was matched. Is every need known to the provider?"
        found.append(Question("no_needs", text))
    return found


def ask_first_about(referral: Referral, unit: Unit) -> tuple[str, ...]:
    """Return the needs of a referral that the provider wants to be asked about before anybody counts on them."""
    wanted = {*referral.slugs(Strength.ESSENTIAL), *referral.slugs(Strength.DESIRABLE)}
    return in_order(unsure(unit.offers, unit.asks_first) & wanted)


def to_ask_first(session: Session, referral: Referral, unit: Unit) -> list[Question]:
    """Return what the provider wants to be asked first, as a question; nothing once it has said yes to a request."""
    about = ask_first_about(referral, unit)
    if not about or any(each.unit_id == unit.id and each.state in YESES for each in offers_of(session, referral)):
        return []
    words = listed([feature_words(slug) for slug in about], "and")
    text = f"The provider wants to be asked first about {words}. Have you asked, and has it said yes?"
    return [Question(f"ask_first-{'-'.join(about)}", text)]


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


def _length(nights: int | None) -> str:
    if nights is None:
        return "a stay without an end date"
    return "a stay of 1 night" if nights == 1 else f"a stay of {nights} nights"
