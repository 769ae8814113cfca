"""The return list: who lives outside the city and did not choose to, and the referral that looks for a way back.

It begins by itself with the arrival and ends by itself once the person does not live outside the city any more: in
between everybody on the list is a need in every match run. A broker who withdraws it has the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from placement.brokerage.holds import holds_of
from placement.brokerage.placements import DEEP
from placement.brokerage.referrals import submit_referral, withdraw_referral
from placement.brokerage.referring_on import filled_in_from
from placement.domain.clocks import today
from placement.domain.errors import OutOfStep
from placement.domain.kinds import RETURN
from placement.domain.people import SYSTEM, Actor
from placement.domain.reasons import OUT_OF_CITY
from placement.domain.states import THERE, UNSETTLED, ReferralState
from placement.records.holds import PlaceHold
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.visibility import visible_placements

NOT_BY_CHOICE = tuple(reason.slug for reason in OUT_OF_CITY if not reason.by_choice)
AT_ONCE = (ReferralState.DRAFT, *UNSETTLED, ReferralState.PLACED)
NOT_OUTSIDE = "not_outside"
"""Why a search for a way back ended by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Somebody who lives outside the city and did not choose to, and the referral that looks for a way back.

    `first_refusal` is the place in the city that is held for them, if one is.
    """

    stay: Placement
    way_back: Referral | None
    first_refusal: PlaceHold | None


def return_list(session: Session, *, at: PlaceInList = START, actor: Actor) -> Page[Away]:
    """Return a page of everybody who is outside the city and not by choice, longest away first."""
    rows = visible_placements(actor).where(_is_away(Placement))
    page = page_of(session, rows.options(*DEEP), Key(column=Placement.start_on), Key(column=Placement.id), at=at)
    ways = ways_back(session, [stay.person_id for stay in page.rows])
    holds = holds_of(session, [way.id for way in ways.values()])
    return page.with_rows([_away(stay, ways.get(stay.person_id), holds) for stay in page.rows])


def _away(stay: Placement, way: Referral | None, holds: dict[int, PlaceHold]) -> Away:
    return Away(stay=stay, way_back=way, first_refusal=holds.get(way.id) if way else None)


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
    back.assigned_to_id, back.team_id = stay.referral.assigned_to_id, stay.referral.team_id
    submit_referral(session, back, by=by, now=now)
    return back


def without_way_back(session: Session) -> Sequence[int]:
    """Return the ids of the stays on the return list for which nobody has looked for a way back yet."""
    looked = select(Referral.id).where(
        Referral.person_id == Placement.person_id,
        Referral.kind == RETURN.slug,
        or_(Referral.created_at >= Placement.created_at, Referral.state.in_(AT_ONCE)),
    )
    rows = select(Placement.id).where(_is_away(Placement), ~looked.exists())
    return session.scalars(rows.order_by(Placement.start_on, Placement.id)).all()


def begin_way_back(session: Session, stay_id: int, *, now: datetime) -> None:
    """Look for a way back for a stay on the list. Raises what `look_for_way_back` raises."""
    look_for_way_back(session, session.get_one(Placement, stay_id), by=SYSTEM, now=now)


def end_ways_back(session: Session, *, now: datetime) -> int:
    """End the searches of people who do not live outside the city any more; return how many."""
    ended = session.scalars(_needless().order_by(Referral.id).with_for_update(skip_locked=True)).all()
    for referral in ended:
        withdraw_referral(session, referral, reason=NOT_OUTSIDE, by=SYSTEM, now=now)
    return len(ended)


def _needless() -> Select[Referral]:
    """Return the searches that stand at nobody's stay: one outside the city has ended since, and no other lasts."""
    stay, other = aliased(Placement), aliased(Placement)
    was_away = select(stay.id).where(
        stay.person_id == Referral.person_id, stay.is_in_city.is_(False), stay.end_on >= Referral.earliest_on,
        stay.state.not_in(THERE), stay.ended_reason.is_not(None),
    )  # fmt: skip
    is_away = select(other.id).where(
        other.person_id == Referral.person_id, other.is_in_city.is_(False), other.state.in_(THERE)
    )
    waits = Referral.state.in_(UNSETTLED)
    return select(Referral).where(Referral.kind == RETURN.slug, waits, was_away.exists(), ~is_away.exists())


def _is_away(stay: type[Placement]) -> ColumnElement[bool]:
    return and_(stay.state.in_(THERE), stay.is_in_city.is_(False), stay.out_of_city_reason.in_(NOT_BY_CHOICE))
