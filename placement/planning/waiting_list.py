"""Who waits for a place in one unit: the open respite referrals that would fit there, and whether there is room.

The order is a stated rule: the soonest deadline first, and of those with one deadline whoever was referred first. It is
the order in which brokers are told, and decides nothing: a run weighs everybody against everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Session

from placement.brokerage.referrals import DEEP, NEVER
from placement.domain.clocks import today
from placement.domain.kinds import KINDS
from placement.domain.people import Actor
from placement.domain.series import StayWindow
from placement.domain.states import OPEN
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.series import stays_of
from placement.planning.reading import planned_stays, world
from placement.planning.translating import instance_from
from placement.records.councils import council_of
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.visibility import visible_referrals

FULL = frozenset({"nights", "pool", "hold"})
"""The rules that say no more than that there is no room: whoever they alone refuse waits."""
RULE_OF_ORDER = "the soonest deadline first; of those with one deadline, whoever was referred first."
RECURRING = tuple(kind.slug for kind in KINDS if kind.may_recur)


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """Somebody who would fit in a unit: the stays that there is `room` for now, and those that wait for it."""

    referral: Referral
    room: tuple[StayWindow, ...]
    waits: tuple[StayWindow, ...]


def in_line(session: Session, unit: Unit, *, actor: Actor, now: datetime) -> tuple[InLine, ...]:
    """Return who would fit in a unit and has no place yet, in the order of the rule."""
    referrals = _asking(session, actor)
    day = today(now)
    if not referrals:
        return ()
    instance = instance_from(world(session, referrals, day, [unit.id]), council=council_of(session), now=now)
    if not instance.units:
        return ()
    apart = stays_of(instance)
    setting, (there,) = Setting(apart.instance), apart.instance.units
    planned = planned_stays(session, referrals, day)
    against: dict[str, list[frozenset[str]]] = {}
    for need in sorted(apart.instance.needs, key=lambda need: need.earliest):
        refused = frozenset(rule.slug for rule in refusals(need, there, setting))
        against.setdefault(apart.told(need.id)[0], []).append(refused)
    rows = (_in_line(each, planned.get(each.id, each.windows), against[each.reference or ""]) for each in referrals)
    return tuple(row for row in rows if row.room or row.waits)


def _in_line(referral: Referral, windows: Sequence[StayWindow], against: Sequence[frozenset[str]]) -> InLine:
    told = list(zip(windows, against, strict=True))
    return InLine(
        referral=referral,
        room=tuple(window for window, refused in told if not refused),
        waits=tuple(window for window, refused in told if refused and refused <= FULL),
    )


def _asking(session: Session, actor: Actor) -> Sequence[Referral]:
    rows = visible_referrals(actor).where(Referral.state.in_(OPEN), Referral.kind.in_(RECURRING)).options(*DEEP)
    soonest = func.coalesce(Referral.place_by, NEVER)
    return session.scalars(rows.order_by(soonest, Referral.submitted_at, Referral.id)).all()
