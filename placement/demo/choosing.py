"""Options that people were given today: one has chosen, one has said no with an advocate, one is still thinking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.choices import AllTheSame, WhatWasChosen, give_options, record_choice
from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.domain.states import OPEN
from placement.planning.choices import BEST, possible_options
from placement.records.referrals import Referral

LOOKED_AT = 12
"""How many open referrals are looked at, the oldest first: the newest are those that providers are asked about."""
GIVEN_AGO, CHOSEN_AGO = timedelta(minutes=90), timedelta(minutes=20)
AT_LEAST = 2

CHOSEN: tuple[Callable[[date], WhatWasChosen] | None, ...] = (
    lambda day: WhatWasChosen(position=1, chooser="person", way="visit", words="I like the garden.", chosen_on=day),
    lambda day: WhatWasChosen(
        position=None,
        none_reason="too_far",
        chooser="advocate",
        chosen_by="Demo Advocacy",
        way="meeting",
        chosen_on=day,
    ),
    None,
)


def give_some(session: Session, broker: Actor, *, now: datetime) -> int:
    """Give options to a few people who wait, and record what two of them chose; return to how many."""
    oldest = select(Referral).where(Referral.state.in_(OPEN), Referral.budget_weekly_pence.is_not(None))
    given_at, chosen_at, given = now - GIVEN_AGO, now - CHOSEN_AGO, 0
    for referral in session.scalars(oldest.order_by(Referral.id)).all()[:LOOKED_AT]:
        if given == len(CHOSEN) or referral.submitted_at is None or referral.submitted_at > given_at:
            continue
        options = [each.facts for each in possible_options(session, referral, now=given_at)][:BEST]
        if len(options) < AT_LEAST:
            continue
        why = AllTheSame(reason="still_looking")
        sheet = give_options(session, referral, options, all_the_same=why, by=broker, now=given_at)
        session.flush()
        chosen = CHOSEN[given]
        if chosen is not None:
            record_choice(session, sheet, chosen(today(chosen_at)), seen=0, by=broker, now=chosen_at)
        given += 1
    return given
