"""The work list: which referrals wait for whom and for what, counted, sorted, and what comes next for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.brokerage.referrals import NEVER
from placement.domain.kinds import KINDS
from placement.domain.people import Actor
from placement.domain.states import OPEN, STOPPED, UNANSWERED, YESES, OfferState, ReferralState, TaskState
from placement.domain.tasks import TASKS
from placement.records.facets import Conditions, Facet, facets_of
from placement.records.offers import Offer
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.referrals import Person, Referral
from placement.records.tasks import Task
from placement.records.users import User
from placement.records.visibility import visible_referrals

SOON = timedelta(hours=2)
"""A first reply is due when there is no more time than this: as much as a crisis has in all."""
ALERTS = tuple(kind.slug for kind in TASKS if kind.is_alert)
ALL_OPEN = "open"
TO_WORK_ON = (*OPEN, ReferralState.RETURNED)
"""What stands on the list at first: whatever is looked for, and what somebody of brokerage is to complete."""
RUNNING = tuple(state for state in OPEN if state not in STOPPED)
"""The states in which a referral's clocks run, and it can be late."""
LISTED = (joinedload(Referral.person), joinedload(Referral.assigned_to), joinedload(Referral.team))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a work list is narrowed to, by the slugs of each facet's options; empty: everything."""

    whose: str = ""
    what: str = ""
    kind: str = ""
    state: str = ALL_OPEN
    sort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsFor:
    """What a referral waits for: how many yeses and questions, how many who have not answered, until when."""

    yeses: int = 0
    questions: int = 0
    asked: int = 0
    until: datetime | None = None
    question_offer: int | None = None


_SOONEST_FIRST = frozenset({ALL_OPEN, *(state.value for state in TO_WORK_ON)})
SORTS = {"": "soonest deadline first", "newest": "newest first", "name": "by name"}


def work_page(session: Session, view: View, *, at: PlaceInList = START, actor: Actor, now: datetime) -> Page[Referral]:
    """Return a page of the referrals of a view; open ones with their people and hands."""
    rows = visible_referrals(actor).where(*_conditions(view, actor, now).values())
    return page_of(session, rows.options(*LISTED, selectinload(Referral.needs)), *_order(view), at=at)


def facets(session: Session, view: View, *, actor: Actor, now: datetime) -> tuple[Facet, ...]:
    """Return what the list can be narrowed by, with true counts; one question."""
    asked = _facets(actor, now)
    return facets_of(session, visible_referrals(actor), asked, {name: getattr(view, name) for name in asked})


def sound(view: View, *, actor: Actor, now: datetime) -> View:
    """Return a view with what no facet knows left at its first choice: an address may say anything."""
    asked = _facets(actor, now)
    known = {name: next(iter(options)) for name, (_, options) in asked.items() if getattr(view, name) not in options}
    return replace(view, sort=view.sort if view.sort in SORTS else "", **known)


def waiting(session: Session, referrals: Sequence[Referral]) -> dict[int, WaitsFor]:
    """Return what each of some referrals waits for, by its id; one question."""
    rows = select(Offer.referral_id, Offer.id, Offer.state, Offer.reply_by).where(
        Offer.referral_id.in_([each.id for each in referrals]), Offer.state.in_((*UNANSWERED, *YESES))
    )
    found: dict[int, WaitsFor] = {}
    for referral, offer, state, until in session.execute(rows.order_by(Offer.id)):
        one = found.get(referral, WaitsFor())
        if state in YESES:
            found[referral] = replace(one, yeses=one.yeses + 1)
        elif state is OfferState.ASKING:
            found[referral] = replace(one, questions=one.questions + 1, question_offer=one.question_offer or offer)
        else:
            found[referral] = replace(one, asked=one.asked + 1, until=min(one.until or until, until))
    return found


def _conditions(view: View, actor: Actor, now: datetime) -> dict[str, ColumnElement[bool]]:
    return {name: options[getattr(view, name)][1] for name, (_, options) in _facets(actor, now).items()}


def _facets(actor: Actor, now: datetime) -> dict[str, tuple[str, Conditions]]:
    return {
        "whose": ("Whose", _whose(actor)),
        "what": ("What is due", _what(now)),
        "kind": ("Kind", {"": ("Every kind", true())} | {k.slug: (k.label, Referral.kind == k.slug) for k in KINDS}),
        "state": ("Stands at", _states()),
    }


def _states() -> Conditions:
    every: Conditions = {state.value: (state.label, Referral.state == state) for state in ReferralState}
    return {ALL_OPEN: ("Open", Referral.state.in_(TO_WORK_ON)), **every}


def _whose(actor: Actor) -> Conditions:
    nobodys = and_(Referral.assigned_to_id.is_(None), Referral.team_id.is_(None))
    own_draft = and_(nobodys, Referral.state == ReferralState.DRAFT, Referral.created_by_id == actor.user_id)
    every: Conditions = {
        "": ("Everybody’s", true()),
        "mine": ("Mine", or_(Referral.assigned_to_id == actor.user_id, own_draft)),
    }
    team: Conditions = {}
    if actor.team_id is not None:
        mates = select(User.id).where(User.team_id == actor.team_id)
        of_team = or_(Referral.team_id == actor.team_id, Referral.assigned_to_id.in_(mates))
        team = {"team": ("My team’s", of_team)}
    return {**every, **team, "nobody": ("Nobody’s", nobodys)}


def _what(now: datetime) -> Conditions:
    offers = select(Offer.referral_id)
    answered = offers.where(Offer.answered_at.is_not(None))
    open_tasks = select(Task.subject_id).where(Task.state == TaskState.OPEN)
    unseen = open_tasks.where(Task.kind.in_(ALERTS), Task.seen_at.is_(None))
    about_offers = select(Offer.referral_id).where(Offer.id.in_(unseen.where(Task.subject == "offer")))
    about = unseen.where(Task.subject == "referral")
    escalated = open_tasks.where(Task.subject == "referral", Task.kind == "escalated")
    to_decide = or_(
        Referral.id.in_(offers.where(Offer.state.in_(YESES))),
        Referral.id.in_(offers.where(Offer.state == OfferState.ASKING)),
    )
    runs = Referral.state.in_(RUNNING)  # for who has a place, or needs none any more, no time runs
    return {
        "": ("Everything", true()),
        "overdue": ("Overdue", and_(runs, Referral.place_by < now)),
        "reply": ("Reply due", and_(runs, Referral.reply_by < now + SOON, Referral.id.not_in(answered))),
        "decide": ("Needs a decision", to_decide),
        "alerts": (
            "Alerts",
            or_(Referral.id.in_(about), Referral.id.in_(about_offers)),
        ),
        "escalated": ("Escalated", Referral.id.in_(escalated)),
    }


def _order(view: View) -> tuple[Key, ...]:
    if view.sort == "name":
        name = select(Person.name).where(Person.id == Referral.person_id).scalar_subquery()
        return Key(column=name), Key(column=Referral.id)
    if view.sort == "newest" or view.state not in _SOONEST_FIRST:
        return (Key(column=Referral.id, is_descending=True),)
    return soonest_first()


def soonest_first() -> tuple[Key, ...]:
    """Return the order of what is to be done: kinds that stand first, then the soonest deadline."""
    first = case((Referral.kind.in_([kind.slug for kind in KINDS if kind.stands_first]), 0), else_=1)
    return Key(column=first), Key(column=func.coalesce(Referral.place_by, NEVER)), Key(column=Referral.id)
