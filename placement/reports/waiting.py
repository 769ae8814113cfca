"""Who waits now: the people for whom the newest match run found no place in the city, by what stood in the way.

A run looks at everybody at once and every place once, so that nobody here waits beside a place that they could have.
Nothing is netted: places free elsewhere, or of another kind, make nobody's wait shorter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from placement.domain.people import SYSTEM
from placement.domain.states import OPEN
from placement.matching.judging.rules import OUTBID, PART_OF_SERIES
from placement.planning.outcomes import STALE
from placement.planning.runs import newest_finished
from placement.records.outcomes import UnmetCause, UnmetNeed
from placement.records.referrals import Person, Referral
from placement.records.runs import MatchRun, Proposal
from placement.reports.asked import Asked
from placement.reports.demand import wanting

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
        label="Vacancies not known",
        meaning="units fit, and none has said within 7 days what is free",
        rules=(STALE,),
    ),
)
LACK_OF: Mapping[str, str] = {rule: lack.slug for lack in LACKS for rule in lack.rules}
NO_UNIT = "no_service"
"""Where the city has no unit at all, no rule refuses one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the newest run leaves without a place in the city, by area and by what they lack.

    `run_at` None: no run has finished yet, so nobody knows. `left`: it found none for them, and they are no longer
    searched for. `newer`: searched for, but the run did not look at them.
    """

    run_at: datetime | None
    is_old: bool
    by_area: Mapping[str, Counter[str]]
    left: int
    newer: int


def waiting(session: Session, asked: Asked) -> Waiting:
    """Return who waits, for the needs and the kind that are asked about; four queries."""
    run = newest_finished(session, actor=SYSTEM)
    if run is None or run.finished_at is None:
        newer = _count(session, asked, Referral.state.in_(OPEN))
        return Waiting(run_at=None, is_old=False, by_area={}, left=0, newer=newer)
    unmet = select(UnmetNeed.referral_id).where(UnmetNeed.run_id == run.id)
    proposed = select(Proposal.referral_id).where(Proposal.run_id == run.id)
    is_open = Referral.state.in_(OPEN)
    return Waiting(
        run_at=run.finished_at,
        is_old=asked.now - run.finished_at > OLD_AFTER,
        by_area=_by_area(session, asked, run),
        left=_count(session, asked, Referral.id.in_(unmet), ~is_open),
        newer=_count(session, asked, is_open, Referral.id.not_in(unmet), Referral.id.not_in(proposed)),
    )


def lack_of(causes: list[str]) -> str:
    """Return what decided: the last rule at which units of the city fall, all others having fallen before."""
    return LACK_OF[causes[-1]] if causes else NO_UNIT


def waiting_people(session: Session, asked: Asked) -> tuple[datetime | None, Mapping[tuple[str, str], set[int]]]:
    """Return when the newest run finished, and who waits by (area, lack), each person once; None: nobody knows.

    Somebody with two referrals counts with the newer one.
    """
    run = newest_finished(session, actor=SYSTEM)
    if run is None or run.finished_at is None:
        return None, {}
    newest = {person: (area, lack) for person, area, lack in _unmet(session, asked, run)}
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for person, where in newest.items():
        found[where].add(person)
    return run.finished_at, found


def _by_area(session: Session, asked: Asked, run: MatchRun) -> Mapping[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, area, lack in _unmet(session, asked, run):
        found[area][lack] += 1
    return found


def _unmet(session: Session, asked: Asked, run: MatchRun) -> list[tuple[int, str, str]]:
    """Return person, area and lack of each open referral without a place in a run, the oldest referral first."""
    rows = (
        select(UnmetNeed.id, Referral.person_id, Referral.ward_code, Person.authority, UnmetCause.rule)
        .join(Referral, Referral.id == UnmetNeed.referral_id)
        .join(Referral.person)
        .outerjoin(UnmetNeed.causes)
        .where(UnmetNeed.run_id == run.id, Referral.state.in_(OPEN), *wanting(asked))
        .order_by(Referral.id, UnmetNeed.id, UnmetCause.position)
    )
    whose: dict[int, tuple[int, str]] = {}
    causes: defaultdict[int, list[str]] = defaultdict(list)
    for unmet, person, ward_code, authority, rule in session.execute(rows):
        whose[unmet] = person, asked.area_of(ward_code, authority)
        causes[unmet] += [rule] if rule else []
    return [(person, area, lack_of(causes[unmet])) for unmet, (person, area) in whose.items()]


def _count(session: Session, asked: Asked, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Referral.id)).where(*where, *wanting(asked))) or 0
