"""A referral that cannot wait: submitted on a pen picture, with what is not asked yet as a task.

The pen picture is free text about a person, so it never leaves brokerage: a provider reads the coded answers that there
are (`anonymised.py`), and which questions nobody has asked yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from placement.brokerage.answered import missing, require_draft, to_complete
from placement.brokerage.locks import lock_referral
from placement.brokerage.referrals import submit_referral
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.kinds import KIND
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.records.referrals import Referral
from placement.records.sections import PenPicture
from placement.records.settings import number
from placement.records.tasks import ask_for

LONGEST_PEN_PICTURE = 1000
TASK = "complete_referral"


def can_have_pen_picture(referral: Referral) -> bool:
    """Return whether a draft lacks answers and is of a kind that cannot wait for them."""
    return bool(KIND[referral.kind].pen_needs and missing(referral))


def submit_on_pen_picture(session: Session, referral: Referral, words: str, *, by: Actor, now: datetime) -> None:
    """Start the search with what is known, and ask for the rest as a task.

    Raises Invalid, naming the field, without a few lines or with too many; OutOfStep for a kind that can wait, or while
    a question is open that this kind cannot do without.
    """
    lock_referral(session, referral)
    require_draft(referral)
    if not can_have_pen_picture(referral):
        raise OutOfStep("Only a crisis that is not asked to the end is submitted on a pen picture.")
    text = plain(words, lines=True)
    if not text:
        raise Invalid("Enter a few lines about what the person needs.", field="words")
    if len(text) > LONGEST_PEN_PICTURE:
        raise Invalid(f"Enter at most {LONGEST_PEN_PICTURE:,} characters.", field="words")
    referral.pen = PenPicture(words=text)
    submit_referral(session, referral, by=by, now=now)
    due_at = now + timedelta(hours=number(session, "complete_hours"))
    to = by.user_id or referral.assigned_to_id
    ask_for(session, TASK, referral, due_at=due_at, by=by, now=now, words=to_complete(referral), assigned_to_id=to)
