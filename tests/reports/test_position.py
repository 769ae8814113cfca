"""The market position pack: its figures by another way, and no small number of people in any of them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState
from placement.geography.ward_names import OLD_WARDS
from placement.market.contacts import set_council_contact
from placement.records.valuations import ask_for_values
from placement.reports.position import PEOPLE, position_pack
from placement.reports.quarters import quarters
from placement.reports.small_numbers import MARK
from tests.builders import a_placement, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.reports.markets import a_question
from tests.reports.test_place_values import an_idea

FOLESHILL, EARLSDON = OLD_WARDS.wards[4], OLD_WARDS.wards[3]
SPANS = quarters(NOW.date())


def people_without(session, number, **values):
    for _ in range(number):
        asked_at = NOW - timedelta(days=100)
        a_referral(
            session, submitted_at=asked_at, state=ReferralState.WITHDRAWN, closed_at=asked_at, ward_code=FOLESHILL.code,
            **values,
        )  # fmt: skip


def a_market(session):
    for ward, beds, quality in ((FOLESHILL, 20, 2), (FOLESHILL, 7, 3), (EARLSDON, 5, None)):
        service = a_service(session, ward_code=ward.code, quality=quality, service_type="residential")
        a_unit(session, service=service, capacity=beds)
    elsewhere = a_service(session, ward_code=None, authority="E07000222", quality=2)
    a_unit(session, service=elsewhere, capacity=99)
    session.flush()


def test_places_services_and_ratings_are_those_of_the_city_counted_in_sql(session):
    a_market(session)
    pack = position_pack(session, a_question())

    by_ward, by_type = pack.supply
    rows = {name: (places, services) for name, places, services in by_ward.rows}
    assert rows[FOLESHILL.name] == (27, 2)
    in_city = "service.authority = 'E08000026'"
    for (name, places, services), ward in zip(by_ward.rows, OLD_WARDS.wards, strict=False):
        counted = session.execute(
            text(
                "SELECT coalesce(sum(unit.capacity), 0), count(DISTINCT service.id) FROM unit JOIN service "
                f"ON service.id = unit.service_id WHERE service.ward_code = :ward AND {in_city}"
            ),
            {"ward": ward.code},
        ).one()
        assert (name, places, services) == (ward.name, *counted)
    assert by_type.rows == (("Residential home", 32, 3),)
    rated = text(f"SELECT count(*) FROM service WHERE quality = 2 AND {in_city}")
    assert dict(pack.quality.rows)["Good"] == session.scalar(rated) == 1
    assert dict(pack.quality.rows)["Not rated"] == 1


def test_people_are_told_as_in_what_is_missing_and_no_count_of_1_to_7_is(session):
    people_without(session, 33, essential=("dementia",))
    people_without(session, 6, essential=("autism",))
    pack = position_pack(session, a_question())

    assert (pack.asked, pack.without) == (40, 40)
    assert pack.demand[0].rows[0][:2] == ("Dementia", 35)
    assert pack.gaps.rows[0][:2] == ("Dementia, North", 35)
    for table in (*pack.demand, pack.gaps):
        counts = [
            place for place, heading in enumerate(table.head) if heading == PEOPLE or heading.startswith("Of them")
        ]
        told = {row[place] for row in table.rows for place in counts}
        assert told - {MARK, 0} == {each for each in told - {MARK, 0} if each >= 8 and each % 5 == 0}


def test_how_many_asked_is_held_back_where_it_would_tell_how_few_found_a_place(session):
    people_without(session, 11)
    assert position_pack(session, a_question()).asked == 10
    referral = a_referral(session, state=ReferralState.PLACED, submitted_at=NOW - timedelta(days=100))
    a_placement(session, unit=a_unit(session), referral=referral)
    pack = position_pack(session, a_question())
    assert (pack.asked, pack.without) == (None, 10)


def test_more_of_is_what_was_lived_through_and_less_of_what_too_few_wanted(session):
    a_market(session)
    pack = position_pack(session, a_question())
    assert (pack.values, list(pack.more), pack.less, pack.contact) == (None, [], (), None)

    row = ask_for_values(session, SPANS.last, by=SYSTEM, now=NOW)
    row.finished_at = NOW
    row.ideas = [an_idea("north", "pbs", *[{"outside": 9}] * 3), an_idea("north", "autism", *[{"without": -9}] * 3)]
    set_council_contact(session, team="Market team", telephone="024 7655 0170", email="", by=SYSTEM, now=NOW)
    session.flush()
    pack = position_pack(session, a_question())
    assert [line.gains[0].outside.words for line in pack.more] == [10]
    assert pack.contact.team == "Market team"
