"""One gate for a pair: which hard rules refuse this unit for this referral. The accept page and accepting ask here.

The page asks of the window that the referral has; accepting asks of the nights that a human chose, within it or not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.periods import Period
from placement.matching.judging import rules
from placement.matching.judging.rules import RULES
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import STARTS
from placement.planning.snapshot import pair_instance
from placement.records.providers import Unit
from placement.records.referrals import Referral

BY_NIGHTS = frozenset(STARTS)
"""The rules that other nights than the referral's own may pass."""
SENTENCES = {rule.slug: rule.sentence for rule in RULES}


def refusals(
    session: Session,
    referral: Referral,
    unit: Unit,
    *,
    now: datetime,
    nights: Period | None = None,
    without: Collection[int] = (),
) -> tuple[str, ...]:
    """Return the slugs of every rule that refuses a unit for a referral, in the rules' order.

    Just what the ranking of the whole city says of this unit, or what it would say if just these nights were asked for;
    of a unit that is not in the register it says nothing. `without` are ids of stays that are looked past.
    """
    setting = Setting(pair_instance(session, referral, unit, now=now, nights=nights, without=without))
    (need,) = setting.instance.needs
    return tuple(rule.slug for each in setting.instance.units for rule in rules.refusals(need, each, setting))
