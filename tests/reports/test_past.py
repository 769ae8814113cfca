from datetime import timedelta

from placement.domain.states import PlacementState, ReferralState
from placement.geography.ward_names import OLD_WARDS
from placement.records.referrals import Decline
from placement.reports.asked import DemandPeriod, Level
from placement.reports.gaps import gap_map
from tests.builders import a_person, a_placement, a_referral, a_unit
from tests.conftest import NOW
from tests.reports.markets import a_market, a_question

HOME = OLD_WARDS.wards[4].code


def year(store, **values):
    with store.reading() as session:
        return gap_map(session, a_question(period=DemandPeriod.YEAR, **values))


def asked(session, days_ago, state=ReferralState.CLOSED, **values):
    at = NOW - timedelta(days=days_ago)
    return a_referral(
        session, person=a_person(session, ward_code=HOME), ward_code=HOME, state=state, submitted_at=at, **values
    )


def placed(session, unit, days_ago, found_ago, **values):
    referral = asked(session, days_ago, ReferralState.PLACED)
    at = NOW - timedelta(days=found_ago)
    return a_placement(session, unit, person=referral.person, referral=referral, created_at=at, **values)


def test_a_year_tells_what_became_of_everybody_and_how_long_it_took(store):
    out = {"is_in_city": False}
    with store.writing() as session:
        unit = a_unit(session, accepting=9, capacity=9)
        placed(session, unit, 30, 28)
        placed(session, unit, 30, 25, out_of_city_reason="persons_choice", **out)
        placed(session, unit, 30, 20, out_of_city_reason="no_vacancy", **out)
        placed(session, unit, 30, 29, state=PlacementState.RELEASED)
        asked(session, 10, ReferralState.SEARCHING)
        asked(session, 10, ReferralState.ON_HOLD)
        asked(session, 10, ReferralState.WITHDRAWN, closed_at=NOW - timedelta(days=7))
        asked(session, 400)
    row = next(row for row in year(store).rows if row.area.code == HOME)

    assert (row.past.in_city, row.past.by_choice, row.past.not_by_choice) == (1, 1, 1)
    assert (row.past.still, row.past.ended) == (2, 2)
    assert row.demand == row.past.total == 7
    assert row.unmet == 5
    assert row.past.nights == 2 + 5 + 10 + 0 + 10 + 10 + 3


def test_a_no_by_a_provider_counts_once_a_referral_and_one_by_the_person_never(store):
    with store.writing() as session:
        unit, said = a_unit(session), {"declined_by": "Home", "declined_at": NOW}
        twice, own = asked(session, 5), asked(session, 5)
        for referral, reason in ((twice, "staffing"), (twice, "risk"), (own, "person_declined")):
            session.add(Decline(referral_id=referral.id, unit_id=unit.id, reason=reason, **said))

    assert year(store).city.past.declined == 1


def test_the_areas_of_a_year_add_up_and_free_places_change_nothing(store):
    with store.writing() as session:
        a_market(session, 1)
    for level in Level:
        for kind in ("", "crisis"):
            found = year(store, level=level, kind=kind)
            for name in ("in_city", "by_choice", "not_by_choice", "still", "ended", "declined", "nights", "unmet"):
                assert getattr(found.city.past, name) == sum(getattr(row.past, name) for row in found.rows)
            assert all(row.past.total == row.demand for row in (*found.rows, found.outside))
    before = year(store).city.unmet
    with store.writing() as session:
        a_unit(session, accepting=50, capacity=50)
    assert year(store).city.unmet == before
