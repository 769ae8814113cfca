"""The gate of one pair says what the ranking of the whole city says of it."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import event, select

from placement.domain.people import Gender
from placement.domain.periods import Period
from placement.domain.states import Status
from placement.market.closures import close_places
from placement.market.services import set_standing
from placement.matching.judging.ranking import ranked
from placement.planning.eligibility import judged, refusals, still_refused
from placement.planning.keys import unit_key
from placement.planning.snapshot import instance_of, pair_instance
from placement.records.availability import availability, last_change
from placement.records.events import record
from placement.records.prices import PriceLimit, PriceList
from placement.records.providers import SharedCap
from placement.records.referrals import Decline, Referral
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_person, a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.exploring import tried

DOING = {"by": BROKER, "now": NOW}
some = st.sets(st.sampled_from(["pbs", "hoist"]), max_size=2).map(tuple)
lengths = st.sampled_from([None, 1, 14, 200])


def told_by_the_city(session, referral):
    """Return what the ranking of all units says of each; unit id → rules."""
    ranking = ranked(instance_of(session, [referral], now=NOW), referral.reference)
    refused = {int(each.unit[1:]): each.refused_by for each in ranking.refused}
    return refused | {int(each.unit[1:]): () for each in ranking.options}


def a_drawn_unit(session, draw, service):
    unit = a_unit(
        session,
        service=service,
        offers=draw(some),
        accepting=draw(st.sampled_from([None, 0, 1, 2])),
        capacity=3,
        weekly_pence=draw(st.sampled_from([None, 1000, 5000])),
        kinds=draw(st.sampled_from(["", "crisis", "respite planned"])),
        gender=draw(st.sampled_from(["any", "women", "same"])),
        min_age=draw(st.sampled_from([18, 65])),
        reply_hours=draw(st.sampled_from([1, 48])),
        emergencies_until=draw(st.sampled_from([None, "20:00", "09:00"])),
    )
    for start in draw(st.lists(st.integers(0, 150), max_size=2)):
        with session.begin_nested() as step:
            try:
                gender = draw(st.sampled_from(Gender))
                a_placement(session, unit, start=start, nights=draw(lengths), person=a_person(session, gender=gender))
            except Exception:
                step.rollback()
    if draw(st.booleans()):
        start, length = draw(st.integers(0, 400)), draw(st.sampled_from([None, 30]))
        end_on = None if length is None else night(start + length)
        close_places(session, unit, start_on=night(start), end_on=end_on, places=None, reason="other", **DOING)
    return unit


def a_drawn_referral(session, draw, units):
    start = draw(st.integers(-3, 100))
    referral = a_referral(
        session,
        kind=draw(st.sampled_from(["crisis", "respite", "planned"])),
        essential=draw(some),
        earliest_on=night(start),
        latest_on=night(start + draw(st.integers(0, 20))),
        nights=draw(lengths),
        budget_weekly_pence=draw(st.sampled_from([None, 3000])),
        max_miles=draw(st.sampled_from([None, 1.0])),
    )
    others = list(session.scalars(select(Referral)))
    referral.apart = [each.person for each in draw(st.lists(st.sampled_from(others), max_size=1)) if each != referral]
    referral.avoided = [draw(st.sampled_from(units)).service] if draw(st.booleans()) else []
    if draw(st.booleans()):
        unit_id = draw(st.sampled_from(units)).id
        session.add(Decline(referral=referral, unit_id=unit_id, reason="risk", declined_by="x", declined_at=NOW))
    session.flush()
    return referral


def drawn_prices(session, draw, units):
    if not draw(st.booleans()):
        return
    spans = [[unit_key(unit.id), 0, draw(st.sampled_from([60, 130, 300])), 3] for unit in units]
    session.add(
        PriceList(
            computed_at=NOW, first_night=night(-2), nights=300, seed=0, history_days=30, arrivals=1, seconds=1.0,
            versions={}, prices=spans,
        )
    )  # fmt: skip
    session.add_all(PriceLimit(kind=kind, most_points=draw(st.sampled_from([0, 270, 400]))) for kind in ("planned",))


@tried(25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_gate_says_of_every_pair_what_the_ranking_of_the_whole_city_says(shared_store, data):
    with shared_store.write() as session:
        services = [
            a_service(session, deregistered_on=data.draw(st.sampled_from([None, None, night(0), night(30)])))
            for _ in range(2)
        ]
        services[0].lat, services[0].lon = data.draw(st.sampled_from([(52.407, -1.508), (52.6, -1.508), (None, None)]))
        units = [a_drawn_unit(session, data.draw, service) for service in services for _ in range(2)]
        if data.draw(st.booleans()):
            session.add(
                SharedCap(service=services[0], name="Staff", places=data.draw(st.integers(0, 3)), units=units[:2])
            )
        status = data.draw(st.sampled_from([Status.NONE, Status.CAUTION, Status.SUSPENDED]))
        set_standing(session, services[1].provider, status, start_on=night(0), reason="x", **DOING)
        drawn_prices(session, data.draw, units)
        session.flush()
        session.expire_all()
        for _ in range(2):
            referral = a_drawn_referral(session, data.draw, units)
            city = told_by_the_city(session, referral)
            assert {unit.id: tuple(refusals(session, referral, unit, now=NOW)) for unit in units} == {
                unit.id: city.get(unit.id, ()) for unit in units
            }
            whole = instance_of(session, [referral], now=NOW)
            assert {pair_instance(session, referral, unit, now=NOW).nights for unit in units} == {whole.nights}
        assert last_change(session) == availability(session, day=TODAY).last_change()
        session.rollback()


def test_the_gate_asks_as_little_of_a_large_market_as_of_a_small_one(session):
    referral, unit = a_referral(session), a_unit(session)
    asked = []

    def note(*told):
        asked.append(told[2])

    def count():
        session.expire_all()
        referral.person, unit.service  # noqa: B018  (loaded, as a page has them)
        asked.clear()
        refusals(session, referral, unit, now=NOW)
        return len(asked)

    event.listen(session.connection(), "before_cursor_execute", note)
    few = count()
    for _ in range(20):
        a_placement(session, a_unit(session, capacity=3, accepting=3))
    assert len(pair_instance(session, referral, unit, now=NOW).units) == 1
    assert count() == few <= 33


def test_a_unit_that_is_not_in_the_register_is_refused_by_no_rule(session):
    unit = a_unit(session, service=a_service(session, is_listed=False))

    assert not refusals(session, a_referral(session), unit, now=NOW)


def a_judged_pair(session):
    unit, referral = a_unit(session, accepting=5), a_referral(session)
    nights = Period(night(0), night(14))
    return referral, unit, nights, judged(session, referral, unit, nights, now=NOW)


def test_what_was_judged_before_the_lock_holds_while_nothing_that_it_rests_on_changes(session):
    referral, unit, nights, before = a_judged_pair(session)
    a_placement(session, a_unit(session))
    asked = []
    event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))

    assert not still_refused(session, referral, unit, nights, before, now=NOW)
    assert len(asked) <= 4


@pytest.mark.parametrize("change", ["edited", "arrived", "kept apart", "other nights"])
def test_what_was_judged_before_the_lock_is_judged_afresh_once_something_has_changed(session, change):
    referral, unit, nights, before = a_judged_pair(session)
    if change == "edited":
        unit.kinds = "respite"
        record(session, "unit_edited", unit, offers=[], **DOING)
    elif change == "arrived":
        a_placement(session, unit, person=referral.person, nights=3)
    elif change == "kept apart":
        other = a_referral(session)
        a_placement(session, unit, person=other.person, nights=3)
        before = judged(session, referral, unit, nights, now=NOW)
        other.apart.append(referral.person)
    else:
        nights = Period(night(0), night(900))
        unit.service.deregistered_on = night(300)
    session.flush()
    session.expire_all()

    assert still_refused(session, referral, unit, nights, before, now=NOW)
