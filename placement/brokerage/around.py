"""What is asked around the person: who refers and cares and where the person waits; risks and legal status."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from placement.brokerage.answered import before_answer, was_answered
from placement.brokerage.changes import require_changeable
from placement.domain.carers import CARER
from placement.domain.clocks import today
from placement.domain.contacts import is_telephone
from placement.domain.errors import Invalid
from placement.domain.kinds import CARER as ASKS_CARER
from placement.domain.kinds import HOSPITAL as ASKS_HOSPITAL
from placement.domain.legal import LEGAL_STATUS
from placement.domain.people import Actor
from placement.domain.risks import RISK
from placement.domain.text import plain
from placement.records.referrals import Referral
from placement.records.sections import AroundSection, RisksSection

NOBODY = "none"
ASKED_WITH = {ASKS_HOSPITAL: ("hospital", "ward"), ASKS_CARER: ("carer", "carer_until_on")}
"""Question that some kinds have → what is said with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundAnswers:
    """Who refers, where the person waits, and who cares for them until when. All of it may be left out."""

    team: str = ""
    role: str = ""
    telephone: str = ""
    hospital: str = ""
    ward: str = ""
    carer: str | None = None
    carer_until_on: date | None = None


def answer_around(session: Session, referral: Referral, answers: AroundAnswers, *, by: Actor, now: datetime) -> None:
    """Set who refers, the ward and the carer. Raises Invalid, naming the field."""
    require_changeable(referral)
    before = before_answer(referral)
    row = referral.around or AroundSection()
    _require_around(answers, row.carer_until_on, today(now))
    row.team, row.role, row.telephone = plain(answers.team), plain(answers.role), plain(answers.telephone)
    row.hospital, row.ward = plain(answers.hospital), plain(answers.ward)
    row.carer, row.carer_until_on = answers.carer, answers.carer_until_on
    referral.around = row
    was_answered(session, referral, "around", by, now, before)


def answer_risks(
    session: Session,
    referral: Referral,
    *,
    risks: Collection[str],
    legal: Collection[str],
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    """Set the risks and the legal status, as slugs of their tables, and brokerage's own note."""
    require_changeable(referral)
    before = before_answer(referral)
    if unknown := sorted(set(risks) - set(RISK)):
        raise Invalid(f"These are not in the list of risks: {', '.join(unknown)}.", field="risks")
    if unknown := sorted(set(legal) - set(LEGAL_STATUS)):
        raise Invalid(f"These are not in the list of legal statuses: {', '.join(unknown)}.", field="legal")
    row = referral.dangers or RisksSection()
    row.risks = " ".join(slug for slug in RISK if slug in risks)
    row.legal = " ".join(slug for slug in LEGAL_STATUS if slug in legal)
    row.note = plain(note, lines=True)
    referral.dangers = row
    was_answered(session, referral, "risks", by, now, before)


def _require_around(answers: AroundAnswers, known_until: date | None, day: date) -> None:
    if answers.telephone and not is_telephone(answers.telephone):
        raise Invalid("Enter a telephone number, for example 024 7655 0100.", field="telephone")
    if answers.carer is not None and answers.carer not in CARER:
        raise Invalid("Choose who cares for the person now.", field="carer")
    until = answers.carer_until_on
    if until is None:
        return
    if answers.carer in (None, NOBODY):
        raise Invalid("Choose who the carer is, or leave the date empty.", field="carer")
    if until < day and until != known_until:
        raise Invalid("Enter today or a day to come.", field="carer_until_on")
