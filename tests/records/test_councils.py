import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from placement.brokerage.placements import decline
from placement.domain.councils import COUNCIL, COUNCILS, COVENTRY
from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState
from placement.records.availability import availability
from placement.records.councils import ServiceCouncil, council_of
from placement.records.events import AuditLine, record
from placement.records.placements import Placement
from placement.records.providers import Provider, Service, Unit
from placement.records.referrals import Decline, Person, Referral
from placement.records.runs import MatchRun, Proposal
from tests.builders import TODAY, a_person, a_placement, a_provider, a_referral, a_service, a_unit, night
from tests.conftest import NOW

HERE, THERE = COVENTRY.code, COUNCILS[1].code


@pytest.fixture
def two(store):
    """Return the ids of a person of each council, both of the same case number."""
    ids = {}
    for council in (HERE, THERE):
        with store.writing(council) as session:
            person = a_person(session, case_number="SAME", name=f"Person of {council}")
            a_referral(session, person=person)
            record(session, "person_added", person, by=SYSTEM, now=NOW)
            ids[council] = person.id
    return ids


def test_a_county_has_its_districts_and_nobody_has_anothers_area():
    areas = [code for council in COUNCILS for code in council.authorities]
    assert len(areas) == len(set(areas))
    assert COUNCIL["E10000031"].has("E07000220")
    assert not COVENTRY.has("E07000220")
    assert not COVENTRY.has(None)


def test_a_council_sees_its_own_rows_and_the_product_sees_them_all(store, two):
    for council, other in ((HERE, THERE), (THERE, HERE)):
        with store.reading(council) as session:
            assert session.scalars(select(Person.id)).all() == [two[council]]
            assert session.get(Person, two[other]) is None
            assert session.scalar(select(func.count()).select_from(Referral).join(Referral.person)) == 1
            (person,) = session.scalars(select(Person).options(selectinload(Person.referrals))).all()
            assert [each.council for each in person.referrals] == [council]
            assert session.scalars(select(AuditLine.subject_id)).all() == [two[council]]
            assert council_of(session).code == council
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2
        assert council_of(session) == COVENTRY


def test_what_a_council_changes_or_deletes_in_bulk_is_its_own(store, two):
    with store.writing(HERE) as session:
        session.execute(update(Person).values(name="Changed"))
        session.execute(delete(Referral))
    with store.reading() as session:
        assert dict(session.execute(select(Person.council, Person.name)).all()) == {
            HERE: "Changed",
            THERE: f"Person of {THERE}",
        }
        assert session.scalars(select(Referral.council)).all() == [THERE]


def test_a_key_is_a_councils_own(store, two):
    with pytest.raises(IntegrityError), store.writing(THERE) as session:
        a_person(session, case_number="SAME")


def test_nobody_writes_a_row_of_another_council(store):
    with pytest.raises(ValueError, match="a Person of another council"), store.writing(HERE) as session:
        a_person(session, council=THERE)


def test_a_service_is_seen_by_the_councils_that_can_place_in_it_and_its_provider_with_it(store):
    with store.writing(HERE) as session:
        own, shared = a_unit(session).service, a_unit(session).service
        lonely = a_provider(session)
        session.add(ServiceCouncil(council=THERE, service_id=shared.id))
    with store.reading(THERE) as session:
        assert session.scalars(select(Service.id)).all() == [shared.id]
        assert session.scalars(select(Provider.id)).all() == [shared.provider_id]
        assert session.scalars(select(Unit.service_id).join(Unit.service)).all() == [shared.id]
        assert session.get(Service, own.id) is None
    with store.reading(HERE) as session:
        assert set(session.scalars(select(Service.id))) == {own.id, shared.id}
        assert lonely.id in session.scalars(select(Provider.id)).all()


def test_a_place_that_another_councils_person_has_is_taken(store):
    with store.writing(HERE) as session:
        unit = a_unit(session, accepting=2, capacity=2, service=a_service(session))
        session.add(ServiceCouncil(council=THERE, service_id=unit.service_id))
    with store.writing(THERE) as session:
        stay = a_placement(session, session.get_one(Unit, unit.id), nights=5)
        assert stay.council == THERE
    for council in (HERE, THERE, None):
        with store.reading(council) as session:
            assert availability(session, day=TODAY).bookable(unit.id, night(0), night(3)) == 1
    with store.reading(HERE) as session:
        assert session.scalars(select(Placement)).all() == []


def test_what_is_written_without_a_scope_belongs_to_the_council_of_what_it_hangs_on(store):
    """A provider works with several councils: its no to a referral is a matter of that referral's council."""
    with store.writing(HERE) as session:
        unit = a_unit(session)
        session.add(ServiceCouncil(council=THERE, service_id=unit.service_id))
    with store.writing(THERE) as session:
        stay_id = a_placement(session, session.get_one(Unit, unit.id), state=PlacementState.RESERVED).id
    with store.writing() as session:
        decline(session, session.get_one(Placement, stay_id), reason="staffing", by=SYSTEM, now=NOW)
        run = MatchRun(requested_at=NOW, requester="S", progress=[], council=THERE)
        referral = session.scalars(select(Referral)).one()
        session.add(Proposal(run=run, referral=referral, unit_id=unit.id, start_on=night(0)))
    for council, seen in ((HERE, 0), (THERE, 1)):
        with store.reading(council) as session:
            for table in (Decline, Proposal):
                assert session.scalar(select(func.count()).select_from(table)) == seen, table
            assert (session.scalar(select(func.count()).select_from(AuditLine)) > 0) == bool(seen)
