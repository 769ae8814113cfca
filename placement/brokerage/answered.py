"""That a section of a referral was answered, and what is written down when it is answered again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from placement.brokerage.changes import answers_now, record_change
from placement.domain.errors import OutOfStep
from placement.domain.kinds import KIND
from placement.domain.people import Actor
from placement.domain.sections import SECTIONS, Section
from placement.domain.states import ReferralState
from placement.records.events import record
from placement.records.referrals import Referral
from placement.records.sections import AnsweredSection
from placement.records.tasks import open_task, settle_task


def require_draft(referral: Referral) -> None:
    """Raise OutOfStep unless a referral is still a draft."""
    if referral.state is not ReferralState.DRAFT:
        raise OutOfStep("This referral has been submitted, so its answers stand as they were.")


def mark_answered(referral: Referral, section: str, *, by: Actor, now: datetime) -> None:
    """Say that a section has been answered, or answered again."""
    row = next((each for each in referral.answered if each.slug == section), None)
    if row is None:
        row = AnsweredSection(slug=section)
        referral.answered.append(row)
    row.answered_at, row.answered_by_id = now, by.user_id
    flag_modified(referral, "state")  # an answer counts as a change of the referral: who submits it meanwhile is told


def unanswered(referral: Referral) -> list[Section]:
    """Return the sections that have not been answered yet, in their order."""
    answered = {row.slug for row in referral.answered}
    return [section for section in SECTIONS if section.slug not in answered]


def missing(referral: Referral) -> list[Section]:
    """Return those of them without which a referral is not complete."""
    return [section for section in unanswered(referral) if not section.is_optional]


def lacking(referral: Referral) -> list[Section]:
    """Return those of them without which it cannot be submitted: on a pen picture, what its kind cannot do without."""
    needed = KIND[referral.kind].pen_needs
    return [section for section in missing(referral) if referral.pen is None or section.slug in needed]


def before_answer(referral: Referral) -> Mapping[str, Any]:
    """Return what a change is told against; of a draft nothing is told."""
    return {} if referral.state is ReferralState.DRAFT else answers_now(referral)


def was_answered(
    session: Session, referral: Referral, section: str, by: Actor, now: datetime, before: Mapping[str, Any]
) -> None:
    """Write down that a section of a draft was answered, or what has been changed on a referral that is submitted."""
    mark_answered(referral, section, by=by, now=now)
    if referral.state is ReferralState.DRAFT:
        record(session, "section_answered", referral, by=by, now=now, section=section)
    else:
        record_change(session, referral, before, section=section, by=by, now=now)
        if referral.pen is not None:
            _go_on_completing(session, referral, by=by, now=now)


def _go_on_completing(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Let the task of a referral that was submitted on a pen picture say what is open, or end it."""
    if not missing(referral):
        settle_task(session, "complete_referral", referral, by=by, now=now)
    elif task := open_task(session, "complete_referral", Referral.__tablename__, referral.id):
        task.words = to_complete(referral)


def to_complete(referral: Referral) -> str:
    """Return what that task says: which sections are open."""
    return f"Complete the referral: {', '.join(section.label for section in missing(referral))}"[:200]
