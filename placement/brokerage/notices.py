"""Notice: who gave it and which night is the last. From then on the place is free for others, in planning too."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from placement.brokerage.duties import NOTICE as NOTICE_STEP
from placement.brokerage.duties import begin_duties, end_step
from placement.brokerage.locks import lock_stay
from placement.brokerage.moves import require_still_free
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.limits import FARTHEST_START
from placement.domain.people import Actor, Role
from placement.domain.staying import NOTICE, PROVIDERS_NOTICES
from placement.records.lifecycles import move, require
from placement.records.placements import Placement


def give_notice(session: Session, stay: Placement, *, last_night: date, giver: str, by: Actor, now: datetime) -> None:
    """Write down a notice: the stay ends on the day after its last night.

    Raises OutOfStep where the person is not there, or moves on anyway, and Invalid, naming the field, for a giver that
    is not in NOTICES (or not the provider's to name), or a night that cannot be the last.
    """
    known = {row.slug for row in PROVIDERS_NOTICES} if by.role is Role.PROVIDER else set(NOTICE)
    if giver not in known:
        raise Invalid("Choose who gave notice.", field="giver")
    day = today(now)
    if last_night < day:
        raise Invalid("Enter today or a night to come.", field="last_night")
    if last_night > day + timedelta(days=FARTHEST_START):
        raise Invalid("Enter a night within the next two years.", field="last_night")
    lock_stay(session, stay)
    require(stay, "give_notice", by=by)
    if stay.ends_for_referral_id is not None:
        raise OutOfStep("This stay ends already, because the person moves on.")
    end_on = last_night + timedelta(days=1)
    if stay.end_on is not None and end_on > stay.end_on:
        raise Invalid(f"This stay ends on {stay.end_on:%-d %B %Y} already. Enter an earlier night.", field="last_night")
    told = {"giver": giver, "on": end_on.isoformat(), "was": stay.end_on.isoformat() if stay.end_on else None}
    move(session, stay, "give_notice", by=by, now=now, **told)
    stay.notice_by, stay.notice_on, stay.end_on_before_notice = giver, day, stay.end_on
    stay.end_on, stay.as_planned_on = end_on, None
    begin_duties(session, stay, NOTICE_STEP, now=now)


def take_notice_back(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """The person stays after all, until the day that the stay had before.

    Raises OutOfStep where no notice is given, or the person moves on, and NoLongerVacant or AlreadyPlaced where the
    nights after it are promised to others, or the person is promised elsewhere.
    """
    lock_stay(session, stay)
    verb = "take_notice_back_away" if stay.away_since is not None else "take_notice_back"
    require(stay, verb, by=by)
    if stay.ends_for_referral_id is not None:
        raise OutOfStep("This stay ends because the person moves on. Release the next place first.")
    until = stay.end_on_before_notice
    require_still_free(session, stay, until, now=now)
    stay.end_on = until
    move(session, stay, verb, by=by, now=now, until=until.isoformat() if until else None)
    stay.notice_by = stay.notice_on = stay.end_on_before_notice = None
    end_step(session, stay, NOTICE_STEP, by=by, now=now)
