"""The person's choice: giving options, recording what was chosen and by whom, and taking a sheet back.

Care and Support and After-care (Choice of Accommodation) Regulations 2014. A choice stands beside the referral and
reserves nothing; a broker accepts the chosen place, and what its price and distance say against it is then the person's
to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.deadlines import set_clocks
from placement.brokerage.locks import lock_referral
from placement.domain.choices import (
    CHOOSER,
    GIVEN_ALL_THE_SAME,
    MOST_OPTIONS,
    NO_TO_ALL,
    WAY_TO_CHOOSE,
    WHY_TAKEN_BACK,
)
from placement.domain.clocks import today
from placement.domain.errors import EditedMeanwhile, Invalid, OutOfStep
from placement.domain.people import Actor
from placement.domain.states import OPEN, YESES, ReferralState, SheetState
from placement.records.choices import Choice, OptionsSheet, SheetOption
from placement.records.events import record
from placement.records.lifecycles import move, require
from placement.records.offers import Offer
from placement.records.referrals import Referral
from placement.records.visibility import one, visible_sheets

DEEP = (selectinload(OptionsSheet.options), selectinload(OptionsSheet.choices), selectinload(OptionsSheet.referral))
UP_TO_THE_PERSON = frozenset({"budget", "distance"})
"""Rules about what the person wanted to pay and how far to go: who has chosen a place has answered them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionFacts:
    """One place as a person is offered it, in words and numbers of this moment; `SheetOption` keeps just these."""

    unit_id: int
    offer_id: int | None
    basis: str
    service_name: str
    unit_name: str
    provider_name: str
    kind_of_service: str
    address: str
    postcode: str
    is_in_city: bool
    miles: float | None
    weekly_pence: int | None
    top_up_pence: int | None
    start_on: date
    end_on: date | None
    rating: str
    rated_on: date | None
    conditions: str
    meets: tuple[str, ...]
    lacks: tuple[str, ...]
    is_available: bool
    is_affordable: bool | None
    why_not: tuple[str, ...]

    @property
    def is_within_reach(self) -> bool:
        """Whether it is both available and, in full, within the personal budget."""
        return self.is_available and self.is_affordable is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether an option is within reach, as the regulations ask; None: that is not known. `words` say why it is not."""

    is_met: bool | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllTheSame:
    """Why options are given although none of them is within reach: a coded reason, and a note."""

    reason: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatWasChosen:
    """An option by its position, or none and why; who chose, who stood by or decided, how, when, and in which words."""

    position: int | None
    none_reason: str | None = None
    chooser: str
    chosen_by: str = ""
    way: str
    words: str = ""
    chosen_on: date


def give_options(
    session: Session,
    referral: Referral,
    options: Sequence[OptionFacts],
    *,
    all_the_same: AllTheSame = AllTheSame(),
    by: Actor,
    now: datetime,
) -> OptionsSheet:
    """Keep a sheet of options as the person is given it.

    Raises Invalid, naming the field, if there is no option or are too many, or if none is both available and within the
    personal budget and nothing says why they are given all the same; OutOfStep if nobody searches for this person.
    """
    lock_referral(session, referral)
    if referral.state not in OPEN:
        raise OutOfStep(f"{referral.reference} is {referral.state.label.lower()} now: no options are given.")
    _require_options(options)
    within_reach = sum(each.is_within_reach for each in options)
    if not within_reach and all_the_same.reason not in GIVEN_ALL_THE_SAME:
        advice = "Tick one that is available within the budget, or say why these are given all the same."
        raise Invalid(f"{reach(options).words} {advice}", field="reason")
    sheet = OptionsSheet(
        state=SheetState.GIVEN,
        referral=referral,
        reference=referral.reference or "",
        person_name=referral.person.name,
        case_number=referral.person.case_number,
        near=referral.near_who or referral.near_postcode or "",
        budget_weekly_pence=referral.budget_weekly_pence,
        has_option_within_reach=bool(within_reach),
        given_anyway=None if within_reach else all_the_same.reason,
        given_anyway_note="" if within_reach else all_the_same.note,
        given_at=now,
        given_by=by.name,
        given_by_id=by.user_id,
        options=[SheetOption(position=place, **_kept(each)) for place, each in enumerate(options, start=1)],
    )
    session.add(sheet)
    told = {"options": len(options), "affordable": within_reach}
    record(session, "sheet_given", sheet, by=by, now=now, referral=referral.id, reason=sheet.given_anyway, **told)
    record(session, "options_given", referral, by=by, now=now, sheet=sheet.id, **told)
    stand_by_choice(session, referral, by=by, now=now)
    return sheet


def reach(options: Sequence[OptionFacts | SheetOption]) -> Reach:
    """Return whether one of some options is both available and within the personal budget, and why not."""
    if any(each.is_within_reach for each in options):
        return Reach(is_met=True, words="")
    if not any(each.is_available for each in options):
        return Reach(is_met=False, words="None of these places is available.")
    if any(each.is_affordable is None for each in options if each.is_available):
        return Reach(is_met=None, words="The price of an available place, or the personal budget, is not recorded.")
    return Reach(is_met=False, words="None of the available places is within the personal budget.")


def record_choice(
    session: Session, sheet: OptionsSheet, chosen: WhatWasChosen, *, seen: int, by: Actor, now: datetime
) -> Choice:
    """Write down what was chosen, by whom and how. Somebody may change their mind: the last choice counts.

    `seen` is how many choices of this sheet the broker had read. Raises Invalid, naming the field, OutOfStep for a
    sheet that was withdrawn, and EditedMeanwhile if another choice has been recorded since.
    """
    lock_referral(session, sheet.referral)
    session.refresh(sheet, with_for_update=True)
    known = session.scalars(select(Choice).where(Choice.sheet_id == sheet.id)).all()
    require(sheet, "answer", by=by)
    if len(known) != seen:
        raise EditedMeanwhile("Somebody else has recorded a choice from this sheet.")
    option = next((each for each in sheet.options if each.position == chosen.position), None)
    _require_choice(sheet, chosen, option, now)
    none_reason = None if option else chosen.none_reason
    number, told = len(known) + 1, {"option": chosen.position, "chooser": chosen.chooser}
    move(session, sheet, "answer", by=by, now=now, number=number, way=chosen.way, reason=none_reason, **told)
    choice = Choice(
        sheet=sheet,
        number=number,
        position=chosen.position,
        none_reason=none_reason,
        chooser=chosen.chooser,
        chosen_by=chosen.chosen_by if CHOOSER[chosen.chooser].asks else "",
        way=chosen.way,
        words=chosen.words,
        chosen_on=chosen.chosen_on,
        recorded_at=now,
        recorded_by=by.name,
    )
    session.add(choice)
    unit = option.unit_id if option else None
    record(session, "choice_made", sheet.referral, by=by, now=now, sheet=sheet.id, unit=unit, **told)
    stand_by_choice(session, sheet.referral, by=by, now=now)
    return choice


def withdraw_sheet(session: Session, sheet: OptionsSheet, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a sheet back: it stays on record, and what was chosen from it counts no more. Raises Invalid, OutOfStep."""
    if reason not in WHY_TAKEN_BACK:
        raise Invalid("Choose why it is withdrawn.", field="reason")
    lock_referral(session, sheet.referral)
    session.refresh(sheet, with_for_update=True)
    move(session, sheet, "withdraw", by=by, now=now, reason=reason)
    sheet.withdrawn_at, sheet.withdrawn_by, sheet.withdrawn_reason = now, by.name, reason
    record(session, "options_taken_back", sheet.referral, by=by, now=now, sheet=sheet.id, reason=reason)
    stand_by_choice(session, sheet.referral, by=by, now=now)


def stand_by_choice(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Let a referral that is searched for stand where the person's choice stands, by the sheets that are given.

    The caller holds the referral's lock. One that is not searched for stays as it is: the choice is on record.
    """
    session.flush()
    after = _stands_at(session, referral)
    if referral.state in OPEN and referral.state is not after:
        move(session, referral, _TO[after], by=by, now=now)
        set_clocks(session, referral)


def _stands_at(session: Session, referral: Referral) -> ReferralState:
    """Return where the newest thing that was said about choosing leaves a referral."""
    rows = select(OptionsSheet).where(OptionsSheet.referral_id == referral.id, OptionsSheet.state == SheetState.GIVEN)
    waits = session.scalars(rows.order_by(OptionsSheet.id.desc()).limit(1)).first()
    choice = choice_of(session, referral)
    if waits is not None and (choice is None or choice.recorded_at < waits.given_at):
        return ReferralState.OPTIONS
    if choice is not None and choice.option is not None:
        return ReferralState.CHOSEN
    return ReferralState.NO_OPTION if referral.state is ReferralState.NO_OPTION else ReferralState.SEARCHING


_TO = {
    ReferralState.SEARCHING: "search_on",
    ReferralState.OPTIONS: "wait_for_choice",
    ReferralState.CHOSEN: "follow_choice",
}


def sheet(session: Session, sheet_id: int, *, actor: Actor) -> OptionsSheet:
    """Return one options sheet. Raises NotFound."""
    return one(session, visible_sheets(actor).where(OptionsSheet.id == sheet_id).options(*DEEP), "options sheet")


def sheets_of(session: Session, referral: Referral) -> Sequence[OptionsSheet]:
    """Return every sheet that was given for a referral, the newest first."""
    rows = select(OptionsSheet).where(OptionsSheet.referral_id == referral.id).options(*DEEP)
    return session.scalars(rows.order_by(OptionsSheet.id.desc())).all()


def choice_of(session: Session, referral: Referral) -> Choice | None:
    """Return the choice that counts for a referral: the last one that was recorded, from a sheet that still stands."""
    rows = select(Choice).join(Choice.sheet).where(OptionsSheet.referral_id == referral.id)
    standing = rows.where(OptionsSheet.state != SheetState.WITHDRAWN)
    return session.scalars(standing.order_by(Choice.id.desc()).limit(1)).first()


def yes_of_chosen(choice: Choice | None, offers: Sequence[Offer]) -> Offer | None:
    """Return the yes of the place that was chosen among these requests, None where its provider has not said yes."""
    unit_id = choice.option.unit_id if choice and choice.option else None
    return next((each for each in offers if each.state in YESES and each.unit_id == unit_id), None)


def _require_options(options: Sequence[OptionFacts]) -> None:
    if not options:
        raise Invalid("Choose at least one place for the sheet.", field="units")
    if len(options) > MOST_OPTIONS:
        raise Invalid(f"Choose at most {MOST_OPTIONS} places: more is no choice that anybody can read.", field="units")


def _require_choice(sheet: OptionsSheet, chosen: WhatWasChosen, option: SheetOption | None, now: datetime) -> None:
    """Raise Invalid, naming the field, for an answer that is missing or cannot be."""
    if chosen.position is not None and option is None:
        raise Invalid("Choose what was chosen.", field="option")
    if option is None and chosen.none_reason not in NO_TO_ALL:
        raise Invalid("Choose why none of the places was chosen.", field="none_reason")
    if chosen.chooser not in CHOOSER:
        raise Invalid("Choose who chose.", field="chooser")
    if (asks := CHOOSER[chosen.chooser].asks) and not chosen.chosen_by:
        raise Invalid(f"{asks}.", field="chosen_by")
    if chosen.way not in WAY_TO_CHOOSE:
        raise Invalid("Choose how it was decided.", field="way")
    if not today(sheet.given_at) <= chosen.chosen_on <= today(now):
        raise Invalid("Enter a day from the one on which the sheet was given to today.", field="chosen_on")


def _kept(option: OptionFacts) -> dict[str, object]:
    """Return the facts of an option by column; lists as JSON has them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(option).items()}
