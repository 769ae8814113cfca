"""Who waits now: the people for whom the newest match run found no place in the city, by what stood in the way.

A run looks at everybody at once and every place once, so that nobody here waits beside a place that they could have.
Nothing is netted: places free elsewhere, or of another kind, make nobody's wait shorter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from placement.domain.people import SYSTEM
from placement.domain.states import OPEN
from placement.matching.judging.rules import OUTBID, PART_OF_SERIES
from placement.planning.outcomes import STALE
from placement.planning.runs import newest_finished
from placement.records.outcomes import UnmetCause, UnmetNeed
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal
from placement.reports.asked import Asked

OLD_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What stands in the way of a place in the city, and the rules that mean it."""

    slug: str
    label: str
    meaning: str
    rules: tuple[str, ...]


LACKS = (
    Lack(
        slug="no_service",
        label="No service fits",
        meaning="no unit in the city is what the person needs: for this kind, age, gender, need or distance, or with "
        "these people",
        rules=(
            *("kind", "kept", "age", "gender", "essential", "status", "distance", "avoid", "type", "alone"),
            *("register", "home", "booked", "apart", "solo", "same_gender"),
        ),
    ),
    Lack(
        slug="full",
        label="Full",
        meaning="units fit, and every place is taken or goes to somebody else",
        rules=("nights", "pool", "crises", "hold", OUTBID, PART_OF_SERIES),
    ),
    Lack(
        slug="refuses",
        label="Refused",
        meaning="units fit, and have declined the person or do not answer in time",
        rules=("declined", "notice"),
    ),
    Lack(
        slug="unaffordable",
        label="Above the price limit",
        meaning="units fit, and cost more than the limit or state no price",
        rules=("budget",),
    ),
    Lack(
        slug="stale",
        label="Not known",
        meaning="units fit, and none has said within 7 days what is free; or nothing that was recorded says why",
        rules=(STALE,),
    ),
)
LACK_OF: Mapping[str, str] = {rule: lack.slug for lack in LACKS for rule in lack.rules}
NO_UNIT = "no_service"
"""Where the city has no unit at all, no rule refuses one."""
NOT_KNOWN = "stale"
"""Where nothing says why, or only numbers that are old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Of which run it is told who waits.

    `run_at` None: no run has finished yet, so nobody knows. `some_left`: it found none for somebody who is no longer
    searched for. `some_newer`: somebody is searched for whom the run did not look at.
    """

    run_at: datetime | None
    is_old: bool
    some_left: bool
    some_newer: bool


def waiting(session: Session, asked: Asked) -> Waiting:
    """Return of which run it is known who waits, and whom it does not know; three queries."""
    run = newest_finished(session, actor=SYSTEM)
    is_open = Referral.state.in_(OPEN)
    if run is None or run.finished_at is None:
        return Waiting(run_at=None, is_old=False, some_left=False, some_newer=_is_any(session, is_open))
    unmet = select(UnmetNeed.referral_id).where(UnmetNeed.run_id == run.id)
    proposed = select(Proposal.referral_id).where(Proposal.run_id == run.id)
    return Waiting(
        run_at=run.finished_at,
        is_old=asked.now - run.finished_at > OLD_AFTER,
        some_left=_is_any(session, Referral.id.in_(unmet), ~is_open),
        some_newer=_is_any(session, is_open, Referral.id.not_in(unmet), Referral.id.not_in(proposed)),
    )


def lack_of(causes: list[str]) -> str:
    """Return what decided: the last rule at which units of the city fall, all others having fallen before."""
    return LACK_OF[causes[-1]] if causes else NO_UNIT


def waiting_referrals(session: Session) -> Mapping[int, str]:
    """Return the open referrals that the newest run leaves without a place in the city, and what each lacks."""
    run = newest_finished(session, actor=SYSTEM)
    return {} if run is None else _unmet(session, run)


def _unmet(session: Session, run: MatchRun) -> Mapping[int, str]:
    rows = (
        select(UnmetNeed.referral_id, UnmetCause.rule)
        .join(Referral, Referral.id == UnmetNeed.referral_id)
        .outerjoin(UnmetNeed.causes)
        .where(UnmetNeed.run_id == run.id, Referral.state.in_(OPEN))
        .order_by(Referral.id, UnmetNeed.id, UnmetCause.position)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for referral, rule in session.execute(rows):
        found[referral] += [rule] if rule else []
    return {referral: lack_of(rules) for referral, rules in found.items()}


def _is_any(session: Session, *where: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(exists().where(*where).select_from(Referral))))
