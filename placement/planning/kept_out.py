"""Which units are not proposed to whom, and why: a no that still counts, and what a broker has ruled out.

A no counts until something that it was about changes (`domain.reasons`), or a broker lets the place be proposed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from placement.domain.reasons import DECLINE, RULING
from placement.records.events import AuditLine
from placement.records.holds import RuledOut
from placement.records.providers import Unit
from placement.records.referrals import Decline, Referral
from placement.records.vacancies import VacancyReport

KEPT_OUT = "declined"
"""The engine’s rule that refuses such a unit."""
Changes = Mapping[tuple[str, int, str], datetime]
"""When something last changed: (table, row, what) → moment. What: a slug of CHANGES, or `back 17` for unit 17."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """Why one unit is not proposed for one referral: who said so, when, and what for in a slug of its own table."""

    unit_id: int
    reason: str
    note: str
    by: str
    at: datetime
    is_ruling: bool  # a broker's; otherwise it is a no

    @property
    def words(self) -> str:
        """The fact after the name of a place: “declined by Ann Lee on 3 December: staffing”."""
        verb, table = ("ruled out", RULING) if self.is_ruling else ("declined", DECLINE)
        label = table[self.reason].label if self.reason in table else self.reason
        return f"{verb} by {self.by} on {self.at.day} {self.at:%B}: {label[:1].lower()}{label[1:]}"


def kept_out(session: Session, referrals: Sequence[Referral]) -> dict[int, frozenset[int]]:
    """Return the units that are not proposed for each of some referrals, by the referral's id."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for referral_id, each in _kept_out(session, referrals):
        found[referral_id].add(each.unit_id)
    return {referral_id: frozenset(units) for referral_id, units in found.items()}


def why_kept_out(session: Session, referral: Referral) -> dict[int, KeptOut]:
    """Return why each unit is not proposed for a referral, by its id; a broker's ruling before a provider's no."""
    return {each.unit_id: each for _, each in _kept_out(session, [referral])}


def _kept_out(session: Session, referrals: Sequence[Referral]) -> Iterator[tuple[int, KeptOut]]:
    said = [(referral.id, no) for referral in referrals for no in referral.declines]
    changes = _changes(session, {one for one, _ in said}, {no.unit_id for _, no in said}) if said else {}
    for referral_id, no in said:
        if not _is_over(referral_id, no, changes):
            yield referral_id, KeptOut(
                unit_id=no.unit_id, reason=no.reason, note=no.note, by=no.declined_by, at=no.declined_at,
                is_ruling=False,
            )  # fmt: skip
    rulings = select(RuledOut).where(
        RuledOut.referral_id.in_([each.id for each in referrals]), RuledOut.undone_at.is_(None)
    )
    for ruling in session.scalars(rulings.order_by(RuledOut.id)):
        yield ruling.referral_id, KeptOut(
            unit_id=ruling.unit_id, reason=ruling.reason, note=ruling.note, by=ruling.ruled_by, at=ruling.ruled_at,
            is_ruling=True,
        )  # fmt: skip


def _is_over(referral_id: int, no: Decline, changes: Changes) -> bool:
    """Return whether something that the no was about has changed since it was said."""
    until = DECLINE[no.reason].until if no.reason in DECLINE else ()
    of_unit = ((Unit.__tablename__, no.unit_id, what) for what in until)
    of_referral = ((Referral.__tablename__, referral_id, what) for what in (*until, _back(no.unit_id)))
    return any(changes[key] > no.declined_at for key in (*of_unit, *of_referral) if key in changes)


def _changes(session: Session, referral_ids: Collection[int], unit_ids: Collection[int]) -> Changes:
    """Return when what a no may be about last changed; two questions."""
    found: dict[tuple[str, int, str], datetime] = {}
    reported = select(VacancyReport.unit_id, func.max(VacancyReport.reported_at))
    for unit, moment in session.execute(
        reported.where(VacancyReport.unit_id.in_(unit_ids)).group_by(VacancyReport.unit_id)
    ):
        found[Unit.__tablename__, unit, "report"] = moment
    about = or_(
        and_(AuditLine.event == "unit_edited", AuditLine.subject == Unit.__tablename__,
             AuditLine.subject_id.in_(unit_ids)),
        and_(AuditLine.event.in_(("referral_changed", "pair_put_back")), AuditLine.subject == Referral.__tablename__,
             AuditLine.subject_id.in_(referral_ids)),
    )  # fmt: skip
    for line in session.scalars(select(AuditLine).where(about).order_by(AuditLine.id)):
        found[line.subject, line.subject_id, _what(line)] = line.happened_at
    return found


def _what(line: AuditLine) -> str:
    if line.event == "pair_put_back":
        return _back(line.details["unit"])
    return str(line.details["section"]) if line.event == "referral_changed" else "unit"


def _back(unit_id: int) -> str:
    return f"back {unit_id}"
