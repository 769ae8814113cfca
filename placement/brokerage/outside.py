"""What a place outside the city asks of brokerage: a manager's sign-off, word to the host council, reviews, a way back.

Each is a task with a time, made with the reservation and gone with the stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.assigning import write_note
from placement.brokerage.placements import DEEP
from placement.brokerage.referrals import submit_referral
from placement.brokerage.referring_on import filled_in_from
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotAllowed, OutOfStep
from placement.domain.kinds import RETURN
from placement.domain.people import Actor, Role
from placement.domain.reasons import OUT_OF_CITY
from placement.domain.states import LIVE, THERE, UNSETTLED, ReferralState
from placement.records.events import record
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.tasks import ask_for, settle_task
from placement.records.users import User
from placement.records.visibility import visible_placements

NOT_BY_CHOICE = tuple(reason.slug for reason in OUT_OF_CITY if not reason.by_choice)
AT_ONCE = (ReferralState.DRAFT, *UNSETTLED, ReferralState.PLACED)


def managers(session: Session) -> Sequence[User]:
    """Return everybody of brokerage who may sign off, by name."""
    rows = select(User).where(User.role == Role.BROKER, User.is_active, User.is_manager)
    return session.scalars(rows.order_by(User.name, User.id)).all()


def sign_off(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """A manager agrees to a place outside the city. Raises NotAllowed without the right, OutOfStep if it is done."""
    _require_waiting(session, placement, by)
    placement.signed_off_at, placement.manager_id, placement.approved_by = now, by.user_id, by.name
    record(session, "stay_signed_off", placement, by=by, now=now)
    settle_task(session, "sign_off", placement, by=by, now=now)


def send_back(session: Session, placement: Placement, words: str, *, by: Actor, now: datetime) -> None:
    """A manager does not agree: the reason stands as a note, and brokerage decides again."""
    if not words.strip():
        raise Invalid("Enter why you do not sign this off.", field="words")
    _require_waiting(session, placement, by)
    write_note(session, placement.referral, words, by=by, now=now)
    record(session, "stay_sent_back", placement, by=by, now=now)
    settle_task(session, "sign_off", placement, by=by, now=now)
    to = placement.referral.assigned_to_id or placement.created_by_id
    ask_for(session, "sent_back", placement, due_at=now, by=by, now=now, assigned_to_id=to)


def host_notified(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The council in whose area the place lies has been told. Raises OutOfStep if it was told before."""
    session.refresh(placement, with_for_update=True)
    if placement.is_in_city or placement.host_notified_at is not None:
        raise OutOfStep("The host council has been told already, or needs not be.")
    placement.host_notified_at = now
    record(session, "host_notified", placement, by=by, now=now)
    settle_task(session, "notify_host", placement, by=by, now=now)


def _require_waiting(session: Session, placement: Placement, by: Actor) -> None:
    session.refresh(placement, with_for_update=True)
    if placement.is_in_city or placement.signed_off_at is not None or placement.state not in LIVE:
        raise OutOfStep("This place has been signed off already, or nobody needs to any more.")
    may = session.get(User, by.user_id) if by.user_id else None
    if may is None or not (may.is_manager and may.is_active):
        raise NotAllowed("Only a manager with the right to may sign this off. An administrator says who has it.")


# The way back


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Somebody who lives outside the city and did not choose to, and the referral that looks for a way back."""

    stay: Placement
    way_back: Referral | None


def return_list(session: Session, *, at: PlaceInList = START, actor: Actor) -> Page[Away]:
    """Return a page of everybody who is outside the city and not by choice, longest away first."""
    rows = visible_placements(actor).where(
        Placement.state.in_(THERE),
        Placement.is_in_city.is_(False),
        Placement.out_of_city_reason.in_(NOT_BY_CHOICE),
    )
    page = page_of(session, rows.options(*DEEP), Key(column=Placement.start_on), Key(column=Placement.id), at=at)
    ways = ways_back(session, [stay.person_id for stay in page.rows])
    return page.with_rows([Away(stay=stay, way_back=ways.get(stay.person_id)) for stay in page.rows])


def ways_back(session: Session, person_ids: Sequence[int]) -> dict[int, Referral]:
    """Return the referrals under way that look for a way back, by the person's id."""
    rows = select(Referral).where(
        Referral.person_id.in_(person_ids), Referral.kind == RETURN.slug, Referral.state.in_(AT_ONCE)
    )
    return {each.person_id: each for each in session.scalars(rows.order_by(Referral.id))}


def look_for_way_back(session: Session, stay: Placement, *, by: Actor, now: datetime) -> Referral:
    """Refer somebody back to the city with what their referral asked for: from now on they are in every match run.

    Raises OutOfStep where a way back is looked for already, or the person is not outside the city.
    """
    session.refresh(stay.person, with_for_update=True)
    if stay.state not in THERE or stay.is_in_city:
        raise OutOfStep("This person does not live outside the city.")
    if ways_back(session, [stay.person_id]):
        raise OutOfStep("A way back is looked for already.")
    back = filled_in_from(session, stay.referral, RETURN, earliest_on=today(now), by=by, now=now)
    submit_referral(session, back, by=by, now=now)
    return back
