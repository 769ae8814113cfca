"""Locations of the CQC's own files are found, added one by one, and begin with what the CQC says of them."""

from __future__ import annotations

import json

import pytest

from placement.domain.errors import Invalid, UnusableFile
from placement.domain.features import Evidence
from placement.domain.people import SYSTEM
from placement.market.onboarding import (
    add_by_hand,
    add_first_unit,
    add_from_file,
    found_service,
    location_id,
    service_of_location,
)
from placement.records.providers import FormerRegistration, Provider, Service, ServiceBand
from placement.records.ward_sets import gazetteer_for
from tests.builders import TODAY, a_service
from tests.conftest import NOW, SHARED


@pytest.fixture(scope="session")
def locations():
    """Return the CQC's own records of care homes that are registered, by ID, or skip where somebody has them not."""
    folder = SHARED / "cqc" / "api_locations"
    if not folder.is_dir():
        pytest.skip("The CQC's files are absent: set PLACEMENT_SHARED_DATA to the folder that holds them")
    read = {path: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
    return {
        each["locationId"]: path.read_bytes()
        for path, each in read.items()
        if each.get("careHome") == "Y" and each.get("registrationStatus") == "Registered"
    }


@pytest.fixture
def places(store):
    with store.reading() as session:
        return gazetteer_for(session, on=TODAY)


def add(session, content, number, places):
    return add_from_file(session, content, name="a.json", number=number, gazetteer=places, by=SYSTEM, now=NOW)


def test_what_is_typed_is_read_as_the_cqc_writes_it():
    assert location_id(" 1-123456789 ") == "1-123456789"
    assert location_id("\u201c1-123456789\u201d") == ""
    assert location_id("my house") == location_id("") == ""


def test_a_location_is_found_by_its_id_and_by_the_one_before(store):
    with store.writing() as session:
        service = a_service(session, cqc_location_id="1-2")
        session.add(FormerRegistration(cqc_location_id="1-1", service_id=service.id))
        other = a_service(session, provider_id=service.provider_id, name="The other")
        session.add(ServiceBand(service_id=service.id, slug="dementia"))
        session.flush()
        assert service_of_location(session, "1-2") is service_of_location(session, "1-1") is service
        assert service_of_location(session, "1-3") is None
        found = found_service(session, service, on=TODAY)
        assert (found.provider, found.bands, found.others) == (service.provider, ["dementia"], [other.name])
        assert (found.places, found.is_registered) == (0, True)


def test_every_real_record_of_a_care_home_is_added_with_its_organisation_or_says_why_not(store, locations, places):
    assert len(locations) >= 10
    added, refused = {}, []
    for number, content in locations.items():
        with store.writing() as session:
            try:
                service = add(session, content, number, places)
            except Invalid as error:
                refused.append(str(error))
                continue
            added[number] = service.id
            assert service.provider.name
            assert service.postcode
            assert sum(unit.capacity for unit in service.units) == (service.cqc_beds or 0)
            for unit in service.units:
                assert {each.evidence for each in unit.features} <= {Evidence.CQC_BAND}
    assert len(added) >= 10
    assert [each for each in refused if "cannot be added: " not in each] == []
    with store.writing() as session:
        before = session.query(Service).count()
        assert {number: service_of_location(session, number).id for number in added} == added
        for number in added:
            add(session, locations[number], number, places)
        assert session.query(Service).count() == before, "the same file again adds nothing"


def test_a_file_without_the_location_adds_nothing(store, locations, places):
    content = next(iter(locations.values()))
    with store.writing() as session, pytest.raises(Invalid, match="does not name the location 1-1"):
        add(session, content, "1-1", places)
    for useless in (b"", b"{}", b"\x00\x01", b"[" * 100_000, b"a,b\n1,2\n"):
        with store.writing() as session, pytest.raises((UnusableFile, Invalid)):
            add(session, useless, "1-1", places)
    with store.reading() as session:
        assert session.query(Provider).count() == session.query(Service).count() == 0


def test_by_hand_an_organisation_of_the_same_name_gets_one_more_service(store, places):
    given = {"organisation": "Quiet Homes", "service_type": "floating_support", "at": places.locate("CV1 5RR"),
             "by": SYSTEM, "now": NOW}  # fmt: skip
    with store.writing() as session:
        one = add_by_hand(session, name="North", number="", **given)
        two = add_by_hand(session, name="South", number="1-77", **given | {"organisation": "quiet  homes "})
        assert one.provider_id == two.provider_id
        with pytest.raises(Invalid, match="already"):
            add_by_hand(session, name="West", number="1-77", **given)
        assert (one.cqc_location_id, two.cqc_location_id) == (None, "1-77")


def test_a_service_without_units_begins_with_one_for_whom_the_cqc_says_that_it_is_built(store):
    with store.writing() as session:
        service = a_service(session)
        session.add(ServiceBand(service_id=service.id, slug="dementia"))
        session.flush()
        for places in (0, -1, 10**6):
            with pytest.raises(Invalid, match="places"):
                add_first_unit(session, service, places, by=SYSTEM, now=NOW)
        unit = add_first_unit(session, service, 7, by=SYSTEM, now=NOW)
        assert unit.capacity == 7
        assert [(each.slug, each.evidence) for each in unit.features] == [("dementia", Evidence.CQC_BAND)]
