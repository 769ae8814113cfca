"""What brokerage has to do by a time: giving tasks to somebody, doing or dismissing them, and following up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from placement.domain.clocks import LONDON, today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.reasons import DISMISSAL
from placement.domain.states import (
    ASKED,
    LIVE,
    OPEN,
    THERE,
    UNANSWERED,
    YESES,
    OfferState,
    PlacementState,
    ReferralState,
    TaskState,
)
from placement.domain.tasks import TASK, TASKS
from placement.domain.text import plain
from placement.records.base import Base
from placement.records.events import record
from placement.records.lifecycles import move, require
from placement.records.offers import Offer
from placement.records.pages import ROWS, START, Key, Page, PlaceInList, page_of
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Person, Referral
from placement.records.tasks import Task, ask_for, end_task, open_task
from placement.records.users import User
from placement.records.visibility import one

NINE = time(9)
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCounts:
    """How many open tasks there are: one's own, those of one's team, nobody's, all, late ones, alerts nobody saw."""

    mine: int
    team: int
    unassigned: int
    every: int
    overdue: int
    unseen: int


def follow_up(session: Session, about: Base, *, on: date | None, words: str, by: Actor, now: datetime) -> Task:
    """Note something to come back to about a record, for oneself. Raises Invalid, naming the field."""
    if not plain(words):
        raise Invalid("Enter what is to be done.", field="words")
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"Enter at most {LONGEST_WORDS} characters.", field="words")
    if on is None or on < today(now):
        raise Invalid("Enter today or a day to come.", field="on")
    due_at = max(now, datetime.combine(on, NINE, tzinfo=LONDON))
    return ask_for(session, "follow_up", about, due_at=due_at, by=by, now=now, words=words, assigned_to_id=by.user_id)


def give(session: Session, task: Task, to: User | None, *, by: Actor, now: datetime) -> None:
    """Give an open task to somebody of brokerage, or to nobody. Raises Invalid for anybody else."""
    if to is not None and (to.role is not Role.BROKER or not to.is_active):
        raise Invalid("Choose somebody who works in brokerage.", field="to")
    session.refresh(task, with_for_update=True)
    was = task.assigned_to_id
    if task.state is not TaskState.OPEN or was == (to.id if to else None):
        return
    task.assigned_to_id = to.id if to else None
    task.seen_at = task.seen_at or now
    record(session, "task_assigned", task, by=by, now=now, to=task.assigned_to_id, was=was)


def do(session: Session, task: Task, *, by: Actor, now: datetime) -> None:
    """Say that it is done. Raises OutOfStep if somebody was quicker."""
    session.refresh(task, with_for_update=True)
    end_task(session, task, "do", by=by, now=now)


def dismiss(session: Session, task: Task, *, reason: str, by: Actor, now: datetime) -> None:
    """Say that it need not be done, and why. Raises Invalid without a coded reason."""
    if reason not in DISMISSAL:
        raise Invalid("Choose why it need not be done.", field="reason")
    session.refresh(task, with_for_update=True)
    end_task(session, task, "dismiss", by=by, now=now, reason=reason)


def see(session: Session, tasks: Collection[Task], *, now: datetime) -> int:
    """Say that somebody has looked at some tasks: an alert stands out no more. Return how many had not been seen."""
    fresh = [task for task in tasks if task.seen_at is None]
    for task in fresh:
        task.seen_at = now
    return len(fresh)


def end_all(
    session: Session, tasks: Collection[Task], verb: str, *, reason: str | None = None, by: Actor, now: datetime
) -> int:
    """Do or dismiss several tasks; return how many. One that somebody else has ended meanwhile stays as it is.

    Raises Invalid where they are to be dismissed without a coded reason.
    """
    if verb == "dismiss" and reason not in DISMISSAL:
        raise Invalid("Choose why they need not be done.", field="reason")
    ended = 0
    for task in sorted(tasks, key=lambda each: each.id):
        session.refresh(task, with_for_update=True)
        if task.state is TaskState.OPEN:
            end_task(session, task, verb, by=by, now=now, reason=reason)
            ended += 1
    return ended


def chosen_tasks(session: Session, ids: Collection[int], *, actor: Actor) -> Sequence[Task]:
    """Return the tasks with these numbers that an actor may see, at most a page of them."""
    some = sorted(set(ids))[:ROWS]
    return session.scalars(visible_tasks(actor).where(Task.id.in_(some)).order_by(Task.id)).all()


def reopen(session: Session, task: Task, *, by: Actor, now: datetime) -> None:
    """Take back that a task was done or dismissed.

    Raises OutOfStep where there is nothing of the kind to do any more, or a newer task asks for the same.
    """
    _lock_subject(session, task)
    session.refresh(task, with_for_update=True)
    require(task, "reopen", by=by)
    if task.kind in _WANTED and not session.scalar(select(_WANTED[task.kind](task.subject_id))):
        raise OutOfStep("There is nothing to do here any more: what this task was about has changed since.")
    if TASK[task.kind].is_once and open_task(session, task.kind, task.subject, task.subject_id):
        raise OutOfStep("A newer task asks for the same: go on with that one.")
    move(session, task, "reopen", by=by, now=now)
    task.ended_at, task.ended_by, task.reason = None, "", None


def visible_tasks(actor: Actor) -> Select[Task]:
    """Return the tasks that an actor may see: brokerage's are for brokerage, commissioning's for commissioning."""
    tasks = select(Task)
    return (
        tasks if actor.is_system else tasks.where(Task.kind.in_([row.slug for row in TASKS if row.role is actor.role]))
    )


def task(session: Session, task_id: int, *, actor: Actor) -> Task:
    """Return one task. Raises NotFound."""
    return one(session, visible_tasks(actor).where(Task.id == task_id), "task")


def tasks_page(session: Session, whose: str = "", *, at: PlaceInList = START, actor: Actor) -> Page[Task]:
    """Return a page of open tasks, the most pressing first: `mine`, `team`, `unassigned`, `alerts` or all."""
    rows = visible_tasks(actor).where(Task.state == TaskState.OPEN).options(joinedload(Task.assigned_to))
    if whose == "mine":
        rows = rows.where(Task.assigned_to_id == actor.user_id)
    elif whose == "team":
        rows = rows.where(_of_team(actor))
    elif whose == "unassigned":
        rows = rows.where(Task.assigned_to_id.is_(None))
    elif whose == "alerts":
        rows = rows.where(is_unseen_alert())
    return page_of(session, rows, Key(column=Task.due_at), Key(column=Task.id), at=at)


def tasks_about(session: Session, *about: Base, actor: Actor) -> list[Task]:
    """Return the open tasks about one record, or several, the most pressing first."""
    of = [
        and_(
            Task.subject == each.__tablename__,
            Task.subject_id == each.id,  # type: ignore[attr-defined]  # every table of SUBJECTS has an id
        )
        for each in about
    ]
    rows = visible_tasks(actor).where(Task.state == TaskState.OPEN, or_(*of))
    return list(session.scalars(rows.options(joinedload(Task.assigned_to)).order_by(Task.due_at, Task.id)))


def task_counts(session: Session, *, actor: Actor, now: datetime) -> TaskCounts:
    """Return the true counts of every list of tasks; one query."""
    rows = visible_tasks(actor).where(Task.state == TaskState.OPEN)
    counted = rows.with_only_columns(
        func.count(),
        func.sum(case((Task.assigned_to_id == actor.user_id, 1), else_=0)),
        func.sum(case((_of_team(actor), 1), else_=0)),
        func.sum(case((Task.assigned_to_id.is_(None), 1), else_=0)),
        func.sum(case((Task.due_at < now, 1), else_=0)),
        func.sum(case((is_unseen_alert(), 1), else_=0)),
    )
    every, *rest = session.execute(counted).one()
    mine, team, unassigned, overdue, unseen = (number or 0 for number in rest)
    return TaskCounts(mine=mine, team=team, unassigned=unassigned, every=every, overdue=overdue, unseen=unseen)


def is_unseen_alert() -> ColumnElement[bool]:
    """Say that a task tells of something and that nobody has seen it."""
    return and_(Task.kind.in_([kind.slug for kind in TASKS if kind.is_alert]), Task.seen_at.is_(None))


def _of_team(actor: Actor) -> ColumnElement[bool]:
    """Say that a task is somebody's of an actor's team, or nobody's about a referral of that team; no team, none."""
    if actor.team_id is None:
        return false()
    mates = select(User.id).where(User.team_id == actor.team_id)
    theirs = select(Referral.id).where(Referral.team_id == actor.team_id)
    about = and_(Task.assigned_to_id.is_(None), Task.subject == "referral", Task.subject_id.in_(theirs))
    return or_(Task.assigned_to_id.in_(mates), about)


def broker(session: Session, actor: Actor) -> User | None:
    """Return the account of somebody who acts; None for the product itself."""
    return None if actor.user_id is None else session.get(User, actor.user_id)


def newest_referrals(session: Session, tasks: Collection[Task]) -> dict[int, int]:
    """Return the newest referral of each person that a task is about, by the person's number: where they are seen."""
    people = {task.subject_id for task in tasks if task.subject == "person"}
    rows = select(Referral.person_id, func.max(Referral.id)).where(Referral.person_id.in_(people))
    return {row[0]: row[1] for row in session.execute(rows.group_by(Referral.person_id))} if people else {}


def subjects_of(session: Session, tasks: Collection[Task]) -> dict[tuple[str, int], str]:
    """Return what tasks are about in words for brokerage, by table and number; one question a kind of record."""
    found: dict[tuple[str, int], str] = {}
    for subject, rows in _WORDS.items():
        ids = {task.subject_id for task in tasks if task.subject == subject}
        if ids:
            table, statement = rows
            for number, *words in session.execute(statement.where(table.id.in_(ids))):
                found[subject, number] = ", ".join(word for word in words if word)
    return found


def _lock_subject(session: Session, task: Task) -> None:
    """Take the lock under which such tasks are asked for and settled, before the task's own."""
    if task.subject == "offer":
        about = select(Offer.referral_id).where(Offer.id == task.subject_id).scalar_subquery()
        session.execute(select(Referral.id).where(Referral.id == about).with_for_update())
    elif task.subject == "referral":
        session.execute(select(Referral.id).where(Referral.id == task.subject_id).with_for_update())


def _asked(referral_id: int, states: Collection[OfferState]) -> Exists:
    """Say that a referral is searched for and has requests in some states."""
    return exists().where(
        Offer.referral_id == referral_id,
        Offer.state.in_(states),
        Referral.id == Offer.referral_id,
        Referral.state.in_(OPEN),
    )


def _is_open(referral_id: int) -> Exists:
    """Say that a place is looked for."""
    return exists().where(Referral.id == referral_id, Referral.state.in_(OPEN))


def _unsigned(stay_id: int) -> Exists:
    """Say that a stay outside the city goes on and that no manager has signed it off."""
    return exists().where(Placement.id == stay_id, Placement.state.in_(LIVE), Placement.signed_off_at.is_(None))


def _is_there(stay_id: int) -> Exists:
    """Say that the person of a stay has arrived and not left."""
    return exists().where(Placement.id == stay_id, Placement.state.in_(THERE))


# Kind → whether there is still what it asks for. A kind that is not here can be taken back at any time.
_WANTED: dict[str, Callable[[int], ColumnElement[bool]]] = {
    "decide_offers": lambda referral: _asked(referral, YESES),
    "nobody_left": lambda referral: and_(
        _is_open(referral),
        ~_asked(referral, (OfferState.LATER, *ASKED)),
    ),
    "hold_over": lambda referral: _is_open(referral),
    "new_place": lambda referral: _is_open(referral),
    "escalated": lambda referral: _is_open(referral),
    "complete_missing": lambda referral: exists().where(
        Referral.id == referral, Referral.state == ReferralState.RETURNED
    ),
    "sign_off": lambda stay: _unsigned(stay),
    "sent_back": lambda stay: _unsigned(stay),
    "not_as_planned": lambda stay: exists().where(Placement.id == stay, Placement.state.in_(LIVE)),
    "exit_review": lambda stay: _is_there(stay),
    "review_absence": lambda stay: exists().where(
        Placement.id == stay, Placement.state.in_(THERE), Placement.away_since.is_not(None)
    ),
    "find_next": lambda stay: exists().where(Placement.id == stay, Placement.state == PlacementState.NOTICE),
    "answer_question": lambda offer: exists().where(Offer.id == offer, Offer.state == OfferState.ASKING),
    "ring": lambda offer: exists().where(Offer.id == offer, Offer.state.in_(UNANSWERED)),
}
_WORDS: dict[str, Any] = {
    "referral": (Referral, select(Referral.id, Person.name, Referral.reference).join(Referral.person)),
    "person": (Person, select(Person.id, Person.name)),
    "service": (Service, select(Service.id, Service.name)),
    "placement": (
        Placement,
        select(Placement.id, Person.name, Service.name)
        .join(Person, Placement.person_id == Person.id)
        .join(Placement.unit)
        .join(Unit.service),
    ),
    "offer": (
        Offer,
        select(Offer.id, Person.name, Service.name)
        .join(Offer.referral)
        .join(Referral.person)
        .join(Offer.unit)
        .join(Unit.service),
    ),
}
