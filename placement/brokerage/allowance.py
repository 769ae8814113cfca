"""The ledger of nights of a person: what counts in a year, what is left, and what a manager grants beyond it.

Whoever reserves nights asks `require_within`, under the lock of the person, so that no two reservations use one night.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from placement.brokerage.locks import lock_people
from placement.domain.allowance import COUNTING, Ledger, nights_in, standing_of, years_of
from placement.domain.clocks import deadline
from placement.domain.errors import Invalid, NotAllowed
from placement.domain.kinds import KIND, KINDS, WorkingDays
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import PlacementState
from placement.domain.text import plain
from placement.records.allowance import AllowanceGrant
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.settings import number
from placement.records.tasks import ask_for, settle_task
from placement.records.users import User

COUNTED = tuple(kind.slug for kind in KINDS if kind.allowance)
MOST_GRANTED = 366
WITHIN = WorkingDays(days=1)  # for a manager to allow nights, as for signing a place off. [G]


def ledger(session: Session, person_id: int, year: Period, *, setting: str, without: Collection[int] = ()) -> Ledger:
    """Return the nights of a person in a year; `setting` names the allowance, `without` are stays looked past."""
    columns = select(
        Placement.state, Placement.start_on, Placement.end_on, Placement.is_counted, Placement.ended_reason
    )
    rows = columns.join(Placement.referral).where(
        Placement.person_id == person_id,
        Referral.kind.in_(COUNTED),
        Placement.id.not_in(without),
        Placement.start_on < year.end,
        or_(Placement.end_on.is_(None), Placement.end_on > year.start),
    )
    nights = Counter[str]({slug: 0 for slug, _ in COUNTING})
    for state, start, end, is_counted, reason in session.execute(rows):
        nights[standing_of(state, is_counted=is_counted, reason=reason)] += nights_in(Period(start, end), year)
    granted = select(func.sum(AllowanceGrant.nights)).where(
        AllowanceGrant.person_id == person_id, AllowanceGrant.year_from == year.start
    )
    return Ledger(
        year=year, allowance=number(session, setting), granted=session.scalar(granted) or 0, nights=dict(nights)
    )


def ledgers_of(session: Session, referral: Referral, day: date) -> list[Ledger]:
    """Return the ledger of each year that a referral asks for nights in, and of the present one; none if none count."""
    setting = KIND[referral.kind].allowance
    if setting is None:
        return []
    asked = (Period.lasting(window.earliest_on, window.nights) for window in referral.windows)
    years = {year.start: year for nights in (Period(day, day), *asked) for year in years_of(nights)}
    return [ledger(session, referral.person_id, years[start], setting=setting) for start in sorted(years)]


def asked_beyond(session: Session, referral: Referral, day: date) -> list[tuple[Ledger, int]]:
    """Return each year in which what a referral still asks for goes over the allowance, and by how many nights."""
    setting = KIND[referral.kind].allowance
    if setting is None:
        return []
    rows = select(Placement.number).where(
        Placement.referral_id == referral.id, Placement.state != PlacementState.RELEASED
    )
    had = {1 if number is None else number for number in session.scalars(rows)}
    asked = [Period.lasting(each.earliest_on, each.nights) for each in referral.windows if each.number not in had]
    found = []
    for known in ledgers_of(session, referral, day):
        over = sum(nights_in(nights, known.year) for nights in asked) - known.left
        if over > 0 and asked:
            found.append((known, over))
    return found


def require_within(session: Session, referral: Referral, nights: Period, *, without: Collection[int] = ()) -> None:
    """Raise Invalid, with the numbers, if a stay of these nights would go over the allowance of any year it is in."""
    setting = KIND[referral.kind].allowance
    if setting is None or nights.end is None:
        return
    for year in years_of(nights):
        known = ledger(session, referral.person_id, year, setting=setting, without=without)
        more = nights_in(nights, year)
        if more > known.left:
            until = year_ends(year)
            allowed = known.allowance + known.granted
            raise Invalid(
                f"With these {more} nights the person would have {known.counted + more} of {allowed} nights of "
                f"{KIND[referral.kind].label.lower()} in the year to {until:%-d %B %Y}. A manager can allow more "
                "on the page “Allowance of nights” of this referral.",
                field="nights",
            )


def year_ends(year: Period) -> date:
    """Return the last day of a year."""
    return date.fromordinal((year.end or year.start).toordinal() - 1)


def grant(
    session: Session, referral: Referral, year: Period, nights: int, reason: str, *, by: Actor, now: datetime
) -> AllowanceGrant:
    """Allow a person more nights in a year. Raises NotAllowed without a manager's right, Invalid naming the field."""
    may = session.get(User, by.user_id) if by.user_id else None
    if may is None or not (may.is_manager and may.is_active):
        raise NotAllowed("Only a manager with the right to may allow more nights. An administrator says who has it.")
    if not 1 <= nights <= MOST_GRANTED:
        raise Invalid(f"Enter a number from 1 to {MOST_GRANTED}.", field="nights")
    if not plain(reason):
        raise Invalid("Enter why more nights are allowed.", field="reason")
    lock_people(session, [referral.person_id])
    row = AllowanceGrant(
        person_id=referral.person_id,
        year_from=year.start,
        nights=nights,
        reason=plain(reason)[:500],
        granted_at=now,
        granted_by=by.name,
        granted_by_id=by.user_id,
    )
    session.add(row)
    record(session, "nights_allowed", row, by=by, now=now, nights=nights, year=year.start.isoformat())
    settle_task(session, "allow_nights", referral, by=by, now=now)
    return row


def ask_manager(session: Session, referral: Referral, manager_id: int | None, *, by: Actor, now: datetime) -> None:
    """Make it a manager's task to allow more nights. Raises Invalid unless this is somebody who may."""
    manager = session.get(User, manager_id) if manager_id else None
    if manager is None or not (manager.is_manager and manager.is_active):
        raise Invalid("Choose the manager who is to allow it.", field="manager_id")
    due_at = deadline(now, WITHIN)
    ask_for(session, "allow_nights", referral, due_at=due_at, by=by, now=now, assigned_to_id=manager.id)


def grants_of(session: Session, person_id: int) -> Sequence[AllowanceGrant]:
    """Return what has been granted to a person, newest first."""
    rows = select(AllowanceGrant).where(AllowanceGrant.person_id == person_id)
    return session.scalars(rows.order_by(AllowanceGrant.id.desc())).all()
