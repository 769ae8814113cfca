import pytest

from placement.domain.errors import Invalid, NotFound
from placement.domain.people import SYSTEM
from placement.domain.states import Status
from placement.market.services import set_standing
from placement.market.standings import end_standing, standing, standings_of_all
from placement.records.standings import barred_providers, standings_on
from tests.builders import TODAY, a_provider, a_service, night
from tests.conftest import NOW


@pytest.fixture
def suspended(session):
    provider = a_provider(session)
    a_service(session, provider=provider)
    return set_standing(
        session, provider, Status.SUSPENDED, start_on=night(-30), cause="staffing", reason="Nights", by=SYSTEM, now=NOW
    )


def test_one_that_is_ended_holds_until_the_day_before(session, suspended):
    end_standing(session, suspended, TODAY, by=SYSTEM, now=NOW)
    session.flush()

    assert suspended.provider_id in barred_providers(session, night(-1))
    assert standings_on(session, TODAY) == {}
    assert [each.id for each in standings_of_all(session)] == [suspended.id]


def test_an_end_can_be_changed_but_not_to_before_the_beginning(session, suspended):
    for number in (10, 5):
        end_standing(session, suspended, night(number), by=SYSTEM, now=NOW)
        session.flush()
    with pytest.raises(Invalid, match="after the one on which it began"):
        end_standing(session, suspended, night(-30), by=SYSTEM, now=NOW)

    assert suspended.end_on == night(5)


def test_there_is_no_other(session, suspended):
    with pytest.raises(NotFound):
        standing(session, suspended.id + 1)


def test_whoever_hands_a_contract_back_takes_nobody_new(session):
    provider = a_provider(session)
    set_standing(session, provider, Status.HANDED_BACK, start_on=TODAY, reason="Costs", by=SYSTEM, now=NOW)
    session.flush()
    assert barred_providers(session, TODAY) == {provider.id}
