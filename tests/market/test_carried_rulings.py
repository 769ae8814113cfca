"""Splitting and merging units lose no ruling of the council on what they claim, and launder no claim."""

from __future__ import annotations

import pytest

from placement.domain.claims import ClaimVerdict, Footing
from placement.domain.features import Evidence
from placement.domain.people import Actor, Role
from placement.market.claims import claim_of, newest_id, rule_on_claim, ruling, rulings, undo_ruling
from placement.market.merging import merge_units
from placement.market.numbers import Numbers
from placement.market.splitting import SplitOff, split_unit
from tests.builders import a_report, a_service, a_unit
from tests.conftest import NOW

DOING = {"by": Actor(user_id=None, name="Pia", role=Role.PROVIDER), "now": NOW}
COUNCIL = {"by": Actor(user_id=None, name="Cora", role=Role.COMMISSIONER), "now": NOW}


@pytest.fixture
def units(session):
    """Two units of one service that claim the same, with four free places each."""
    service = a_service(session)
    found = [a_unit(session, service=service, accepting=None, capacity=4, offers=("dementia", "peg")) for _ in range(2)]
    for unit in found:
        a_report(session, unit, maximum=4, occupied=0, reserved=0, accepting=4, reported_at=NOW)
    session.expire(service)
    return found


def rule(session, unit, slug, verdict):
    return rule_on_claim(
        session, unit, slug, verdict, note="Seen", seen=newest_id(session, unit, slug), **COUNCIL
    )  # fmt: skip


def test_a_unit_that_is_split_off_has_the_rulings_of_the_one_that_it_was_made_of(session, units):
    unit = units[0]
    undo_ruling(session, rule(session, unit, "peg", ClaimVerdict.VERIFIED), **COUNCIL)
    rule(session, unit, "peg", ClaimVerdict.REFUSED)
    share = SplitOff(name="Above", numbers=Numbers(maximum=2, occupied=0, reserved=0, accepting=2))
    added = split_unit(session, unit, share, **DOING)

    assert [(each.slug, each.verdict, each.undone_at) for each in rulings(session, added)] == [
        (each.slug, each.verdict, each.undone_at) for each in rulings(session, unit)
    ]
    assert claim_of(added, "peg").footing is Footing.NOT_CONFIRMED
    undo_ruling(session, ruling(session, newest_id(session, added, "peg")), **COUNCIL)
    assert claim_of(added, "peg").evidence is Evidence.DECLARED
    assert claim_of(unit, "peg").footing is Footing.NOT_CONFIRMED, "each has its own from then on"


def test_what_was_not_confirmed_stays_so_after_a_merger_and_can_be_undone(session, units):
    gone, stays = units
    rule(session, gone, "peg", ClaimVerdict.REFUSED)
    rule(session, gone, "dementia", ClaimVerdict.VERIFIED)
    merge_units(session, gone, stays, **DOING)

    assert claim_of(stays, "peg").footing is Footing.NOT_CONFIRMED
    assert claim_of(stays, "dementia").evidence is Evidence.DECLARED, "nobody has seen the other places"
    undo_ruling(session, ruling(session, newest_id(session, stays, "peg")), **COUNCIL)
    assert claim_of(stays, "peg").evidence is Evidence.DECLARED


def test_a_ruling_on_the_unit_that_stays_goes_before_and_an_undone_one_counts_for_nothing(session, units):
    gone, stays = units
    rule(session, gone, "peg", ClaimVerdict.REFUSED)
    rule(session, stays, "peg", ClaimVerdict.VERIFIED)
    undo_ruling(session, rule(session, gone, "dementia", ClaimVerdict.REFUSED), **COUNCIL)
    merge_units(session, gone, stays, **DOING)

    assert claim_of(stays, "peg").evidence is Evidence.VERIFIED
    assert claim_of(stays, "dementia").evidence is Evidence.DECLARED
