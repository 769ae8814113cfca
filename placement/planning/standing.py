"""The standing match: what has just changed in the market, and for whom it opens a place in the city.

A run answers when it is asked. This looks by itself, every minute, and tells: a referral that had no place in the city
and now has one becomes an alert on the work list. For somebody on the return list, whom any place in the city would
help, it also holds the place for a while (`first_refusal`). It proposes and sends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from placement.brokerage.holds import held_referrals
from placement.brokerage.locks import lock_referral
from placement.brokerage.referrals import DEEP
from placement.domain.people import SYSTEM
from placement.domain.states import OPEN
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Need
from placement.matching.problem.series import stays_of
from placement.planning.first_refusal import has_first_refusal, holds_places, keep_for, longest_away_first
from placement.planning.keys import unit_key
from placement.planning.snapshot import instance_of
from placement.records.councils import council_of
from placement.records.events import AuditLine
from placement.records.holds import PlaceHold
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.tasks import ask_for
from placement.records.vacancies import Closure, VacancyReport
from placement.records.watermarks import advance, reached

MARK = "standing_match"
SETTLES_IN = timedelta(seconds=10)
"""Two who write at once end in either order: what happened a moment ago may not be seen yet."""
OPENS = {
    "vacancy_report": select(VacancyReport.id, VacancyReport.unit_id),
    "placement": select(Placement.id, Placement.unit_id),
    "closure": select(Closure.id, Closure.unit_id),
    "other_stay": select(OtherStay.id, OtherStay.unit_id),
    "unit": select(Unit.id, Unit.id),
    "place_hold": select(PlaceHold.id, PlaceHold.unit_id),
}
"""Where the unit of a line stands, by the table that the line is about."""
OPENING = frozenset(
    {
        "vacancies_reported", "place_declined", "place_released", "person_left", "stay_dates_changed",
        "stay_will_move_on", "places_reopened", "unit_added", "unit_edited",
        "claim_ruled", "claim_ruling_undone",
        "hold_let_go", "hold_expired", "departure_expected", "other_stay_changed", "places_given_back",
        "other_stay_withdrawn", "turnaround_set", "unit_split", "unit_merged",
    }
)  # fmt: skip
"""The events after which a unit may have a place that it had not before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a look has found: ids of open referrals, and of the units that may have a place more.

    `first` are those who are asked before others, in the order in which they are.
    """

    referrals: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    units: frozenset[int] = frozenset()


def news(session: Session, *, now: datetime) -> News:
    """Return to which open referrals a change since the last look gives their only places in the city.

    It only reads, and may take a while: nobody who writes waits for it. What happened before the first look is for a
    run to answer.
    """
    since = reached(session, _mark(session))
    changed = changed_units(session, since, now - SETTLES_IN) if since is not None else set()
    found = newly_placeable(session, changed, now=now) if changed else ()
    first = longest_away_first(session, [each for each in found if has_first_refusal(each)])
    return News(
        referrals=tuple(each.id for each in found if not has_first_refusal(each)),
        first=tuple(each.id for each in first),
        units=frozenset(changed),
    )


def tell_news(session: Session, found: News, *, looked_at: datetime, now: datetime) -> int:
    """Make an alert of each that is still open, for whose referral it is; return how many."""
    advance(session, _mark(session), to=looked_at - SETTLES_IN)
    rows = select(Referral).where(Referral.id.in_(found.referrals), Referral.state.in_(OPEN)).order_by(Referral.id)
    referrals = session.scalars(rows.with_for_update()).all()
    for referral in referrals:
        _alert(session, referral, now)
    return len(referrals)


def ask_first(session: Session, referral_id: int, units: Collection[int], *, now: datetime) -> bool:
    """Hold the best of the places that have opened for who has first refusal, and tell brokerage; return whether.

    A unit of work for each: two that hold places in one could wait for each other. Where nothing is held for anybody,
    brokerage is told all the same.
    """
    referral = session.get_one(Referral, referral_id)
    lock_referral(session, referral)
    if referral.state not in OPEN:
        return False
    has_place = not holds_places(session) or keep_for(session, referral, units, now=now) is not None
    if has_place:
        _alert(session, referral, now)
    return has_place


def _alert(session: Session, referral: Referral, now: datetime) -> None:
    to = referral.assigned_to_id
    ask_for(session, "new_place", referral, due_at=now, by=SYSTEM, now=now, assigned_to_id=to)


def _mark(session: Session) -> str:
    return f"{MARK} {council_of(session).code}"


def changed_units(session: Session, since: datetime, until: datetime) -> set[int]:
    """Return the ids of the units that may have a place more by what happened after `since`, up to `until`."""
    rows = select(AuditLine.subject, AuditLine.subject_id).where(
        AuditLine.happened_at > since, AuditLine.happened_at <= until, AuditLine.event.in_(OPENING)
    )
    about: dict[str, set[int]] = {}
    for subject, number in session.execute(rows):
        about.setdefault(subject, set()).add(number)
    found: set[int] = set()
    for subject, numbers in about.items():
        statement = OPENS[subject]
        key = statement.selected_columns[0]
        found |= {unit for _, unit in session.execute(statement.where(key.in_(numbers)))}
    return found


def newly_placeable(session: Session, changed: Collection[int], *, now: datetime) -> Sequence[Referral]:
    """Return the open referrals whose every place in the city is in one of these units, and that have one.

    Of a series it is enough that one stay has its only places there.
    Who waits outside the city is helped by any of them; who chooses to live elsewhere waits for none.
    """
    rows = select(Referral).where(Referral.state.in_(OPEN), Referral.wants_out_of_city.is_(False)).order_by(Referral.id)
    held = held_referrals(session)
    referrals = [each for each in session.scalars(rows.options(*DEEP)) if each.id not in held]
    here = session.scalars(select(Unit.id).join(Unit.service).where(Unit.id.in_(changed), in_city(session))).all()
    if not referrals or not here:
        return []
    apart = stays_of(instance_of(session, referrals, now=now))
    setting = Setting(apart.instance)
    keys = {unit_key(number) for number in here}
    told = {each.reference: each for each in referrals}
    whose = {need.id: told[apart.told(need.id)[0]] for need in setting.instance.needs}
    found = {whose[need.id].id for need in setting.instance.needs if _opens(need, whose[need.id], keys, setting)}
    return [each for each in referrals if each.id in found]


def in_city(session: Session) -> ColumnElement[bool]:
    """Say that a service is in the council's area."""
    return Service.authority.in_(council_of(session).authorities)


def _opens(need: Need, referral: Referral, changed: Collection[str], setting: Setting) -> bool:
    """Ask the few units that have changed first: most referrals fit in none of them."""
    inside = [unit for unit in setting.instance.units if setting.in_city(unit)]
    if not any(unit.id in changed and not refusals(need, unit, setting) for unit in inside):
        return False
    return has_first_refusal(referral) or all(unit.id in changed or refusals(need, unit, setting) for unit in inside)
