"""One gate for a pair: which hard rules refuse this unit for this referral. The accept page and accepting ask here.

The page asks of the window that the referral has; accepting asks of the nights that a human chose, within it or not.
Rules take many questions to judge, and writers wait for each other: so a pair is judged before the lock is taken, and
under it only what the judgement rests on is looked at again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from placement.domain.overriding import RESTRICTED
from placement.domain.periods import Period
from placement.domain.states import HoldState, Status
from placement.matching.judging import rules
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import STARTS
from placement.matching.problem.facts import Need, UnitFacts
from placement.planning.kept_out import KEPT_OUT, why_kept_out
from placement.planning.snapshot import pair_instance
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import AuditLine
from placement.records.holds import PlaceHold
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral, apart_person

BY_NIGHTS = frozenset(STARTS)
"""The rules that other nights than the referral's own may pass."""


def refusals(
    session: Session,
    referral: Referral,
    unit: Unit,
    *,
    now: datetime,
    nights: Period | None = None,
    without: Collection[int] = (),
) -> Mapping[str, str]:
    """Return why a unit is refused for a referral: the fact in words by the slug of the rule, in the rules' order.

    Just what the ranking of the whole city says of this unit, or what it would say if just these nights were asked for;
    of a unit that is not in the register it says nothing. `without` are ids of stays that are looked past.
    """
    told = stands_against(session, referral, unit, now=now, nights=nights, without=without)
    return {slug: words for slug, words in told.items() if slug != RESTRICTED}


def stands_against(
    session: Session,
    referral: Referral,
    unit: Unit,
    *,
    now: datetime,
    nights: Period | None = None,
    without: Collection[int] = (),
) -> Mapping[str, str]:
    """Return what stands against a new stay: `refusals`, and last that its provider is restricted, if it is.

    A ranking shows a restriction and ranks on; whether somebody may go there a manager decides.
    """
    setting = Setting(pair_instance(session, referral, unit, now=now, nights=nights, without=without))
    need, *_ = setting.instance.needs  # of a series the first stay, where no nights are given
    told: dict[str, str] = {}
    for each in setting.instance.units:
        told |= said_against(need, each, setting)
    if KEPT_OUT in told:
        told[KEPT_OUT] = why_kept_out(session, referral)[unit.id].words
    return told


def said_against(need: Need, unit: UnitFacts, setting: Setting) -> dict[str, str]:
    """Return what stands against a new stay of a need in a unit, in words by slug: the one answer at every door."""
    told = {rule.slug: rule.short(need, unit, setting).words for rule in rules.refusals(need, unit, setting)}
    return told | restriction(unit)


def restriction(unit: UnitFacts) -> dict[str, str]:
    """Return that a provider is restricted, in words by its slug; nothing of any other."""
    if unit.status != Status.RESTRICTED:
        return {}
    return {RESTRICTED: "the provider is restricted: a manager decides whether somebody may go there"}


@dataclass(frozen=True, slots=True)
class PairJudgement:
    """What the rules said of a pair on some nights, and what that rests on."""

    refused: Mapping[str, str]
    nights: Period
    rests_on: tuple[object, ...]


def judged(session: Session, referral: Referral, unit: Unit, nights: Period, *, now: datetime) -> PairJudgement:
    """Judge a pair on some nights, to be confirmed under a lock by `still_refused`."""
    rests_on = _rests_on(session, referral, unit)
    return PairJudgement(stands_against(session, referral, unit, now=now, nights=nights), nights, rests_on)


def still_refused(
    session: Session, referral: Referral, unit: Unit, nights: Period, before: PairJudgement | None, *, now: datetime
) -> Mapping[str, str]:
    """Return what refuses now: what was judged before if nothing that it rests on has changed, else judged afresh."""
    if before and before.nights == nights and before.rests_on == _rests_on(session, referral, unit):
        return before.refused
    return stands_against(session, referral, unit, now=now, nights=nights)


def _rests_on(session: Session, referral: Referral, unit: Unit) -> tuple[object, ...]:
    """Return what the rules look at of a pair: four questions. Nights and standings `reserve` asks under the lock.

    The newest line of the trail about each of the records, the stays in the service and of the person, what is held in
    the service, and who must be kept apart from the person.
    """
    subjects = (referral, unit, unit.service, unit.service.provider, referral.person)
    about = or_(*(and_(AuditLine.subject == each.__tablename__, AuditLine.subject_id == each.id) for each in subjects))
    newest = session.scalar(select(func.max(AuditLine.id)).where(about), execution_options=EVERY_COUNCIL)
    there = or_(Unit.service_id == unit.service_id, Placement.person_id == referral.person_id)
    stays = select(Placement.id, Placement.version).join(Placement.unit).where(there).order_by(Placement.id)
    held = (
        select(PlaceHold.id)
        .join(PlaceHold.unit)
        .where(Unit.service_id == unit.service_id, PlaceHold.state == HoldState.HELD)
    )
    apart = select(func.count()).where(apart_person.c.person_id == referral.person_id)
    rows = session.execute(stays, execution_options=EVERY_COUNCIL)
    kept = session.scalars(held.order_by(PlaceHold.id), execution_options=EVERY_COUNCIL).all()
    return (newest, tuple((row[0], row[1]) for row in rows), tuple(kept), session.scalar(apart))
