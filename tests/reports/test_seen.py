"""How a provider is seen, beside the median of the others, counted by hand."""

from datetime import timedelta
from itertools import count

import pytest

from placement.domain.states import OfferState
from placement.records.offers import Offer
from placement.reports.seen import FEWEST_OTHERS, MEASURES, Seen, TrackRecord, how_seen
from tests.builders import a_provider, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW

SENT = NOW - timedelta(days=30)
_ranks = count(1)


def a_home(session, *, service_type="residential", days_old=1, **answers):
    """Return the id of a provider with one unit; each answer is hours until it came, negative for a no, None: never."""
    service = a_service(session, provider=a_provider(session), service_type=service_type)
    unit = a_unit(session, service=service, accepting=None)
    a_report(session, unit, reported_at=NOW - timedelta(days=days_old))
    for hours in answers.get("hours", ()):
        asked(session, unit, hours)
    return service.provider_id


def asked(session, unit, hours, **values):
    state = OfferState.EXPIRED if hours is None else OfferState.DECLINED if hours < 0 else OfferState.NOT_SELECTED
    given = {
        "referral_id": a_referral(session).id,
        "unit_id": unit.id,
        "state": state,
        "rank": next(_ranks),
        "start_on": night(0),
        "made_at": SENT,
        "due_at": SENT,
        "sent_at": SENT,
        "reply_by": SENT + timedelta(hours=24),
        "answered_at": None if hours is None else SENT + timedelta(hours=abs(hours)),
        "decline_reason": "no_vacancy" if state is OfferState.DECLINED else None,
    }
    session.add(Offer(**given | values))
    session.flush()


def numbers(session, provider_id, kind="residential"):
    return {each.measure.slug: (each.own, each.middle) for each in how_seen(session, provider_id, now=NOW)[kind]}


def test_each_measure_is_counted_and_set_beside_the_median_of_the_others(store):
    with store.writing() as session:
        mine = a_home(session, hours=(2, -4, 30, None), days_old=9)
        for hours in (1, 2, 3, 10, 40):
            a_home(session, hours=(hours,))
        a_home(session, service_type="nursing", hours=(500,), days_old=90)
        found = numbers(session, mine)

    assert found["in_time"] == (50.0, 100.0)
    assert found["hours"] == (4.0, 3.0)
    assert found["yes"] == (pytest.approx(200 / 3), 100.0)
    assert found["fresh"] == (0.0, 100.0)


def test_the_middle_of_fewer_than_five_others_is_not_told(store):
    with store.writing() as session:
        mine = a_home(session, hours=(2,))
        for _ in range(FEWEST_OTHERS - 1):
            a_home(session, hours=(3,))
        for _ in range(3):
            a_home(session)  # nobody has asked them anything
        found = numbers(session, mine)

    assert found["hours"] == (2.0, None)
    assert found["fresh"] == (100.0, 100.0), "seven others have numbers"


def test_what_is_older_than_a_year_is_not_counted_and_neither_is_what_waits_for_an_answer(store):
    with store.writing() as session:
        service = a_service(session, provider=a_provider(session))
        unit = a_unit(session, service=service)
        old = SENT - timedelta(days=400)
        asked(session, unit, 3, sent_at=old, answered_at=old + timedelta(hours=3))
        asked(session, unit, None, state=OfferState.SENT)
        found = numbers(session, service.provider_id, service.service_type)

    assert [found[slug][0] for slug in ("in_time", "hours", "yes")] == [None, None, None]


def test_a_provider_without_services_is_seen_nowhere(store):
    with store.writing() as session:
        assert how_seen(session, a_provider(session).id, now=NOW) == {}


def test_longer_is_behind_for_hours_and_less_is_behind_for_the_others():
    for measure in MEASURES:
        assert Seen(measure=measure, own=1, middle=2).is_behind != measure.less_is_better
        assert not Seen(measure=measure, own=2, middle=2).is_behind
        assert not Seen(measure=measure, own=2, middle=None).is_behind
        assert measure.of(TrackRecord()) is None
