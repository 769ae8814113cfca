"""Before a later wave is asked, each pair is looked at again."""

from datetime import timedelta

import pytest

from placement.brokerage.offers.sending import Asking, send_due, send_offers
from placement.brokerage.ruling import rule_out
from placement.domain.people import SYSTEM
from placement.domain.states import OfferState, Status
from placement.market.services import set_standing
from placement.planning.later_waves import drop_unfit
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_placement, a_referral, a_unit, night
from tests.conftest import NOW

DUE = NOW + timedelta(hours=1)


def planned(session, units):
    referral = a_referral(session)
    askings = [
        Asking(unit=unit, rank=rank, start_on=night(0), end_on=night(14), wave=2, due_at=DUE)
        for rank, unit in enumerate(units, start=1)
    ]
    until = NOW + timedelta(hours=2)
    return referral, send_offers(session, referral, askings, reply_by=until, by=BROKER, now=NOW)


CHANGES = {
    "full": lambda session, referral, unit: a_placement(session, unit),
    "suspended": lambda session, referral, unit: set_standing(
        session, unit.service.provider, Status.SUSPENDED, start_on=TODAY, reason="unsafe", by=SYSTEM, now=NOW
    ),
    "ruled out": lambda session, referral, unit: rule_out(
        session, referral, unit.id, reason="risk", by=BROKER, now=NOW
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_does_not_fit_any_more_when_the_wave_comes_is_not_asked(session, change):
    gone, stays = a_unit(session), a_unit(session)
    referral, (first, second) = planned(session, [gone, stays])
    CHANGES[change](session, referral, gone)
    session.flush()
    assert drop_unfit(session, by=SYSTEM, now=NOW) == 0, "their time has not come"
    assert drop_unfit(session, by=SYSTEM, now=DUE) == 1
    assert send_due(session, by=SYSTEM, now=DUE) == 1

    assert (first.state, first.sent_at) == (OfferState.WITHDRAWN, None)
    assert second.state is OfferState.SENT
