"""Why there was no place in the city for somebody in the past, read from what was recorded at the time.

The first of these that says anything decides: for what reason a place outside was taken, what the last match run found
that left them without one, and for what reason a provider said no last. What none of them says is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.records.outcomes import UnmetCause, UnmetNeed
from placement.records.referrals import Decline
from placement.reports.cases import BY_THE_PERSON, ReferralCase
from placement.reports.waiting import NOT_KNOWN, lack_of

OUTSIDE_FOR: Mapping[str, str] = {
    "no_vacancy": "full",
    "no_skills": "no_service",
    "environment": "no_service",
    "provider_declined": "refuses",
    "cost": "unaffordable",
}
"""What a reason to go outside the city says was lacking in it; the others (emergency, historic …) do not say."""
DECLINED_FOR: Mapping[str, str] = {
    "no_vacancy": "full",
    "timing": "full",
    "cannot_meet_need": "no_service",
    "environment": "no_service",
    "location": "no_service",
    "price": "unaffordable",
    "staffing": "refuses",
    "not_compatible": "refuses",
    "risk": "refuses",
    "provider_restricted": "refuses",
}
"""What a provider's no says was lacking."""


def causes(session: Session, known: Iterable[ReferralCase]) -> Mapping[int, str]:
    """Return what was lacking for each case that found no place in the city, by the referral's id; two queries."""
    unmet = [case for case in known if case.is_unmet]
    numbers = [case.referral_id for case in unmet]
    by_run, by_decline = _by_run(session, numbers), _by_decline(session, numbers)

    def cause(case: ReferralCase) -> str:
        said = OUTSIDE_FOR.get(case.found.reason or "") if case.found else None
        return said or by_run.get(case.referral_id) or by_decline.get(case.referral_id) or NOT_KNOWN

    return {case.referral_id: cause(case) for case in unmet}


def _by_run(session: Session, numbers: list[int]) -> Mapping[int, str]:
    rows = select(UnmetNeed.referral_id, UnmetNeed.id, UnmetCause.rule).outerjoin(UnmetNeed.causes)
    rows = rows.where(UnmetNeed.referral_id.in_(numbers)).order_by(UnmetNeed.id, UnmetCause.position)
    newest: dict[int, int] = {}
    rules: defaultdict[int, list[str]] = defaultdict(list)
    for referral, unmet, rule in session.execute(rows):
        newest[referral] = unmet
        rules[unmet] += [rule] if rule else []
    return {referral: lack_of(rules[unmet]) for referral, unmet in newest.items()}


def _by_decline(session: Session, numbers: list[int]) -> Mapping[int, str]:
    rows = select(Decline.referral_id, Decline.reason).where(
        Decline.referral_id.in_(numbers), Decline.reason.not_in(BY_THE_PERSON)
    )
    said = session.execute(rows.order_by(Decline.declined_at, Decline.id))
    return {referral: DECLINED_FOR[reason] for referral, reason in said if reason in DECLINED_FOR}
