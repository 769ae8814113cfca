"""Whose the open referrals are: some the broker's, some the manager's, some a team's, most nobody's yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.assigning import hand_over, teams, write_note
from placement.demo.users import Staff
from placement.domain.states import OPEN
from placement.records.referrals import Referral
from placement.records.users import User

EACH = 6  # one of so many is the broker's, the next the manager's, the one after a team's


def give_out(session: Session, staff: Staff, *, now: datetime) -> None:
    """Give some open referrals to people and teams, and write a note on the first."""
    rows = session.scalars(select(Referral).where(Referral.state.in_(OPEN)).order_by(Referral.id)).all()
    broker, manager = (session.get(User, each.user_id) for each in (staff.broker, staff.manager))
    hand_over(session, rows[::EACH], broker, by=staff.broker, now=now)
    hand_over(session, rows[1::EACH], manager, by=staff.manager, now=now)
    hand_over(session, rows[2::EACH], None, team=teams(session)[0], by=staff.manager, now=now)
    if rows:
        write_note(session, rows[0], "The ward rings back about the discharge date.", by=staff.broker, now=now)
