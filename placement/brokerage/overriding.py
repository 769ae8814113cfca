"""A manager decides otherwise than a rule, for one person and one place; a broker asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.locks import lock_referral
from placement.domain.errors import Invalid, NotAllowed
from placement.domain.overriding import OVERRIDABLE
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.records.events import record
from placement.records.overrides import PairOverride
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.tasks import Task, ask_for, settle_task
from placement.records.users import User


def override(
    session: Session, referral: Referral, unit: Unit, facts: Mapping[str, str], reason: str, *, by: Actor, now: datetime
) -> PairOverride:
    """Let rules not stand against a unit for a referral, as far as they say `facts` (words by slug).

    Raises NotAllowed without the right, Invalid without a reason or for a rule that nobody may override. What was
    decided of the pair before is undone.
    """
    manager = session.get(User, by.user_id) if by.user_id else None
    if manager is None or not (manager.is_manager and manager.is_active):
        raise NotAllowed("Only a manager with the right to may decide so. An administrator says who has it.")
    if not facts or not set(facts) <= set(OVERRIDABLE):
        raise Invalid("Nobody can decide otherwise about what stands against this place.")
    if not plain(reason):
        raise Invalid("Enter why it may be this place all the same.", field="reason")
    lock_referral(session, referral)
    if (before := override_of(session, referral, unit.id)) is not None:
        _undo(session, before, referral, by=by, now=now)
    decided = PairOverride(
        referral_id=referral.id, unit_id=unit.id, facts=dict(facts), reason=plain(reason, lines=True),
        given_by=by.name, given_by_id=by.user_id, given_at=now, council=referral.council,
    )  # fmt: skip
    session.add(decided)
    record(session, "rules_overridden", referral, by=by, now=now, unit=unit.id, rules=sorted(facts))
    settle_task(session, "override", referral, by=by, now=now)
    return decided


def undo_override(session: Session, referral: Referral, unit_id: int, *, by: Actor, now: datetime) -> None:
    """Let the rules stand again; what was reserved meanwhile stays."""
    lock_referral(session, referral)
    if (known := override_of(session, referral, unit_id)) is not None:
        _undo(session, known, referral, by=by, now=now)


def ask_manager(
    session: Session, referral: Referral, unit: Unit, manager_id: int | None, *, by: Actor, now: datetime
) -> Task:
    """Ask a manager with the right to decide about a place. Raises Invalid for anybody else."""
    manager = session.get(User, manager_id) if manager_id else None
    if manager is None or not (manager.is_manager and manager.is_active):
        raise Invalid("Choose a manager.", field="manager_id")
    lock_referral(session, referral)
    words = f"{by.name} asks: may it be {unit.service.name}, {unit.name}, all the same?"[:200]
    return ask_for(
        session, "override", referral, due_at=now, by=by, now=now, words=words, assigned_to_id=manager.id
    )  # fmt: skip


def override_of(session: Session, referral: Referral, unit_id: int) -> PairOverride | None:
    """Return what a manager has decided of a pair, if it stands."""
    return overrides_of(session, referral).get(unit_id)


def overrides_of(session: Session, referral: Referral) -> dict[int, PairOverride]:
    """Return what managers have decided of a referral and still stands, by unit."""
    rows = select(PairOverride).where(PairOverride.referral_id == referral.id, PairOverride.undone_at.is_(None))
    return {each.unit_id: each for each in session.scalars(rows)}


def overridden(known: PairOverride | None, told: Mapping[str, str]) -> frozenset[str]:
    """Return which of the rules that refuse a pair, with what each says, do not stand against it."""
    return frozenset(slug for slug, words in told.items() if known is not None and known.facts.get(slug) == words)


def _undo(session: Session, known: PairOverride, referral: Referral, *, by: Actor, now: datetime) -> None:
    known.undone_at, known.undone_by = now, by.name
    record(session, "override_undone", referral, by=by, now=now, unit=known.unit_id)
    session.flush()
