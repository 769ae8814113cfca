"""What a person is told can be had can be had once it is chosen, in a whole city with pools, closures and stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from placement.brokerage.choices import AllTheSame, WhatWasChosen, give_options, record_choice
from placement.brokerage.reservations import Decision
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NoLongerVacant
from placement.domain.states import OPEN, SheetState
from placement.market.services import unit
from placement.planning.choices import possible_options
from placement.planning.shortlists import accept
from placement.records.choices import OptionsSheet
from placement.records.referrals import Referral
from tests.conftest import NOW
from tests.demo.conftest import City
from tests.demo.test_offers import BROKER

EVERY_SO_MANY, OF_EACH = 9, 4


def test_the_demo_shows_a_choice_a_no_and_somebody_who_is_still_thinking(city: City):
    with city.store.reading() as session:
        sheets = session.scalars(select(OptionsSheet).order_by(OptionsSheet.id)).all()
        assert [sheet.state for sheet in sheets] == [SheetState.ANSWERED, SheetState.ANSWERED, SheetState.GIVEN]
        first, second = (sheet.choice for sheet in sheets[:2])
        assert (first.chooser, first.position) == ("person", 1)
        assert (second.chooser, second.position) == ("advocate", None)
        assert all(len(sheet.options) >= 2 for sheet in sheets)


def test_every_option_that_is_available_can_be_reserved_once_it_is_chosen_and_no_other_can(city: City):
    reserved, refused = set(), 0
    with city.store.write() as session:
        rows = select(Referral).where(Referral.state.in_(OPEN)).order_by(Referral.id)
        for referral in session.scalars(rows).all()[::EVERY_SO_MANY]:
            possible = [each.facts for each in possible_options(session, referral, now=NOW)]
            free = [each for each in possible if each.is_available]
            for option in (*free[:OF_EACH], *free[OF_EACH:][-OF_EACH:]):
                with session.begin_nested() as step:
                    choose(session, referral, option)
                    assert reserve(session, referral, option)
                    step.rollback()
                reserved.add((referral.id, option.unit_id, option.is_affordable))
            for option in [each for each in possible if not each.is_available][:1]:
                with session.begin_nested() as step:
                    choose(session, referral, option)
                    with pytest.raises((NoLongerVacant, Invalid)):
                        reserve(session, referral, option)
                    step.rollback()
                refused += 1
        session.rollback()

    assert len(reserved) > 20
    assert {affordable for _, _, affordable in reserved} == {True, False, None}
    assert refused > 3


def choose(session, referral, option):
    sheet = give_options(session, referral, [option], all_the_same=AllTheSame(reason="asked_for"), by=BROKER, now=NOW)
    said = WhatWasChosen(position=1, chooser="person", way="visit", chosen_on=today(NOW))
    record_choice(session, sheet, said, seen=0, by=BROKER, now=NOW)


def reserve(session, referral, option):
    decision = Decision(
        start_on=option.start_on, end_on=option.end_on, ends_current=True, approved_by="Duty manager",
        out_of_city_reason=None if option.is_in_city else "no_vacancy",
    )  # fmt: skip
    found = unit(session, option.unit_id, actor=BROKER)
    return accept(session, referral, found, decision, by=BROKER, now=NOW)
