"""What has been changed on a referral that is searched for: before and after, and taking a change back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.deadlines import set_clocks
from placement.brokerage.locks import lock_referral
from placement.brokerage.offers.letters import tell_change
from placement.domain.errors import OutOfStep
from placement.domain.people import Actor
from placement.domain.series import StayWindow
from placement.domain.states import UNSETTLED, ReferralState
from placement.records.events import CHANGED, AuditLine, newest_line, record
from placement.records.referrals import Referral
from placement.records.sections import AroundSection

CHANGEABLE = (ReferralState.DRAFT, *UNSETTLED)
TOLD = ("earliest_on", "latest_on", "nights", "max_miles", "budget_weekly_pence", "wants_out_of_city",
        "out_of_city_reason", "lives_alone")  # fmt: skip
"""Columns whose values may stand in the trail: they are numbers, days and codes, and place nobody."""
WORDS: Mapping[str, str] = {
    "earliest_on": "first date", "latest_on": "last start", "nights": "nights", "max_miles": "furthest distance",
    "budget_weekly_pence": "weekly limit", "wants_out_of_city": "outside the city", "out_of_city_reason": "why outside",
    "needs": "needs", "near": "near whom or where", "avoided": "services to avoid", "apart": "people kept apart",
    "lives_alone": "living alone",
    "words": "the person’s words", "funding": "who pays", "risks": "risks", "legal": "legal status",
    "types": "types of service", "risk_note": "the note about risks", "referrer": "who refers",
    "series": "the further stays",
    "hospital": "hospital and ward", "carer": "who cares now", "carer_until_on": "the carer can go on until",
}  # fmt: skip
TOLD_TOO = ("needs", "funding", "risks", "legal", "types", "carer", "carer_until_on")
"""Answers of the sections' own tables whose values may stand in the trail likewise: they are codes and days."""
NOTHING = AroundSection(team="", role="", telephone="", hospital="", ward="")
SEEN_BY_PROVIDERS = frozenset({"needs", "risks", "legal", "lives_alone"})
"""Answers that a provider that is asked reads (`brokerage.anonymised`): it is told when they change."""
DAYS = frozenset({"earliest_on", "latest_on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The newest change of a referral: what, from what to what where that may be told, and whether it goes back."""

    line: int
    by: str
    at: datetime
    what: tuple[tuple[str, Any, Any], ...]
    can_go_back: bool


def answers_now(referral: Referral) -> dict[str, Any]:
    """Return a referral's answers as they are compared: those of TOLD as codes, of the others just themselves."""
    return {
        **{name: _code(getattr(referral, name)) for name in TOLD},
        "needs": {need.slug: need.strength.value for need in referral.needs},
        "near": (referral.near_postcode, referral.near_who),
        "avoided": sorted(each.id for each in referral.avoided),
        "apart": sorted(each.id for each in referral.apart),
        "words": (referral.persons_words, referral.urgency_note),
        "funding": referral.funding,
        "risks": list(referral.risks),
        "legal": list(referral.legal),
        "types": {slug: wish.value for slug, wish in referral.type_wishes.items()},
        "series": [
            referral.series.take if referral.is_recurring and referral.series else None,
            *map(_window, referral.windows[1:]),
        ],
        "risk_note": referral.dangers.note if referral.dangers else "",
        **_around(referral),
    }


def _window(stay: StayWindow) -> tuple[str, str, int]:
    return stay.earliest_on.isoformat(), stay.latest_on.isoformat(), stay.nights


def _around(referral: Referral) -> dict[str, Any]:
    row = referral.around or NOTHING
    return {
        "referrer": (row.team, row.role, row.telephone),
        "hospital": (row.hospital, row.ward),
        "carer": row.carer,
        "carer_until_on": _code(row.carer_until_on),
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs, as the trail may tell it: [before, after], or only that it was changed."""
    told = {*TOLD, *TOLD_TOO}
    return {
        name: [before[name], after[name]] if name in told else CHANGED for name in after if before[name] != after[name]
    }


def record_change(
    session: Session, referral: Referral, before: Mapping[str, Any], *, section: str, by: Actor, now: datetime
) -> None:
    """Write down what has been changed since `before`, and let the clock follow the dates."""
    found = changed(before, answers_now(referral))
    if not found:
        return
    if DAYS & set(found) and referral.submitted_at is not None:
        set_clocks(session, referral)
    record(session, "referral_changed", referral, by=by, now=now, section=section, changes=found)
    if SEEN_BY_PROVIDERS & set(found):
        tell_change(session, referral, now=now)


def last_change(session: Session, referral: Referral) -> LastChange | None:
    """Return the newest change of a referral since it was submitted, if there is one."""
    line = _newest(session, referral)
    if line is None:
        return None
    told = line.details["changes"]
    what = tuple((name, *value) if isinstance(value, list) else (name, None, None) for name, value in told.items())
    return LastChange(
        line=line.id, by=line.actor_name, at=line.happened_at, what=what, can_go_back=_can_go_back(referral, told)
    )


def last_answer(session: Session, referral: Referral, section: str) -> AuditLine | None:
    """Return the line of the trail that tells of the newest answer to a section."""
    return newest_line(session, ("section_answered", "referral_changed"), subject=referral, section=section)


def take_back(session: Session, referral: Referral, line_id: int, *, by: Actor, now: datetime) -> None:
    """Set back what the newest change changed. Raises OutOfStep if there was another since, or it cannot go back."""
    lock_referral(session, referral)
    line = _newest(session, referral)
    if line is None or line.id != line_id or not _can_go_back(referral, line.details["changes"]):
        raise OutOfStep("This referral has been changed again since, so this change cannot be taken back by itself.")
    before = answers_now(referral)
    for name, (was, _) in line.details["changes"].items():
        setattr(referral, name, date.fromisoformat(was) if name in DAYS and was else was)
    record_change(session, referral, before, section=line.details["section"], by=by, now=now)


def set_limit(session: Session, referral: Referral, column: str, value: float, *, by: Actor, now: datetime) -> None:
    """Change one limit of a referral: the price a week in pence, or the miles. Raises OutOfStep if it is not open."""
    lock_referral(session, referral)
    require_changeable(referral)
    before = answers_now(referral)
    setattr(referral, column, value)
    section = "funding" if column == "budget_weekly_pence" else "place"
    record_change(session, referral, before, section=section, by=by, now=now)


def require_changeable(referral: Referral) -> None:
    """Raise OutOfStep unless a referral's answers can be changed."""
    if referral.state not in CHANGEABLE:
        raise OutOfStep(f"{referral.reference} is {referral.state.label.lower()} now: its answers stand as they were.")


def _can_go_back(referral: Referral, told: Mapping[str, Any]) -> bool:
    now_is = answers_now(referral)
    return referral.state in CHANGEABLE and all(
        name in TOLD and isinstance(value, list) and value[1] == now_is[name] for name, value in told.items()
    )


def _newest(session: Session, referral: Referral) -> AuditLine | None:
    rows = select(AuditLine).where(
        AuditLine.subject == Referral.__tablename__,
        AuditLine.subject_id == referral.id,
        AuditLine.event == "referral_changed",
    )
    return session.scalars(rows.order_by(AuditLine.id.desc())).first()


def _code(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
