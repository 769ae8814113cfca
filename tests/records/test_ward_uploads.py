"""Uploaded wards count for nothing until they are used, and taking them back leaves everything as it was."""

from dataclasses import replace

import pytest
import shapely
from sqlalchemy import select

from placement.domain.errors import NotAllowed, NotFound, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import WardSetState
from placement.geography.distances import Point
from placement.geography.localities import ASSUMED_LOCALITIES
from placement.geography.ward_names import OLD_WARDS
from placement.records.events import AuditLine
from placement.records.ward_sets import (
    gazetteer_for,
    save_localities,
    save_ward_set,
    stored_localities,
    stored_ward_sets,
)
from placement.records.ward_uploads import (
    listed_ward_sets,
    preview_ward_set,
    undo_ward_set,
    use_ward_set,
    ward_set_row,
)
from placement.records.wards import StoredWardSet
from tests.builders import TODAY, a_person, a_referral, a_service, drawn
from tests.conftest import NOW

BROKER = Actor(user_id=2, name="B", role=Role.BROKER)
HERE = {"lat": 52.405, "lon": -1.595}


def uploaded(store, ward_set):
    with store.writing() as session:
        return preview_ward_set(session, ward_set, by=SYSTEM, now=NOW).id


def do(store, action, number, by=SYSTEM):
    with store.writing() as session:
        return action(session, ward_set_row(session, number, to_change=True), by=by, now=NOW)


def codes(store, rows):
    with store.reading() as session:
        return [session.get(type(row), row.id).ward_code for row in rows]


def events(store):
    with store.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.subject == "ward_set").order_by(AuditLine.id))
        return [line.event for line in lines]


@pytest.fixture
def rows(store):
    """Return a service, a person and her referral, each in the ward that they are in by what is in use."""
    with store.writing() as session:
        ward = gazetteer_for(session, on=TODAY).ward_at(Point(**HERE))
        person = a_person(session, **HERE, ward_code=ward.code)
        referral = a_referral(session, person=person, ward_code=ward.code)
        return [a_service(session, **HERE, ward_code=ward.code), person, referral]


def test_an_upload_changes_nothing_its_use_does_and_taking_it_back_undoes_that(store, rows):
    before = codes(store, rows)
    number = uploaded(store, drawn())
    assert codes(store, rows) == before
    assert events(store) == ["ward_set_uploaded"]

    assert do(store, use_ward_set, number) == 3
    assert len(set(codes(store, rows))) == 1
    assert codes(store, rows) != before

    assert do(store, undo_ward_set, number) == 3
    assert codes(store, rows) == before
    assert events(store)[1:] == ["ward_set_used", "ward_set_undone"]


def test_taking_back_a_later_vintage_brings_back_the_earlier_one(store, rows):
    with store.writing() as session:
        save_ward_set(session, drawn(), by=SYSTEM, now=NOW)
    first = codes(store, rows)
    wards = drawn().wards
    turned = tuple(replace(each, outline=other.outline) for each, other in zip(wards, reversed(wards), strict=True))
    number = uploaded(store, replace(drawn(), wards=turned))
    do(store, use_ward_set, number)
    assert codes(store, rows) != first

    do(store, undo_ward_set, number)
    assert codes(store, rows) == first


def test_an_older_vintage_that_is_used_again_does_not_pass_a_newer_one(store, rows):
    older = uploaded(store, drawn())
    do(store, use_ward_set, older)
    do(store, undo_ward_set, older)
    wards = (replace(drawn().wards[0], outline=shapely.box(-1.7, 52.3, -1.6, 52.5)), *drawn().wards[1:])
    with store.writing() as session:
        save_ward_set(session, replace(drawn(), wards=wards), by=SYSTEM, now=NOW)
    now = codes(store, rows)
    do(store, use_ward_set, older)

    assert codes(store, rows) == now


def test_localities_drawn_while_an_upload_waits_are_its_own_when_it_is_used(store):
    number = uploaded(store, drawn())
    mapping = replace(ASSUMED_LOCALITIES, is_assumed=False)
    with store.writing() as session:
        save_localities(session, mapping, by=SYSTEM, now=NOW)
    do(store, use_ward_set, number)
    with store.reading() as session:
        assert stored_localities(session) == mapping

    do(store, undo_ward_set, number)
    with store.reading() as session:
        assert stored_localities(session) == mapping


def test_only_an_administrator_and_only_a_move_that_there_is(store):
    number = uploaded(store, drawn())
    with pytest.raises(NotAllowed):
        do(store, use_ward_set, number, by=BROKER)
    do(store, undo_ward_set, number)
    with pytest.raises(OutOfStep):
        do(store, undo_ward_set, number)
    with pytest.raises(NotFound), store.reading("E08000029") as session:
        ward_set_row(session, number)  # another council's


def test_sets_that_are_not_in_store_are_in_nobodys_way(store):
    uploaded(store, drawn())
    with store.reading() as session:
        assert stored_ward_sets(session) == []
        states = {each.state: each.is_in_use for each in listed_ward_sets(session, OLD_WARDS)}
    assert states == {WardSetState.PREVIEW: False, None: True}
    with store.reading() as session:
        assert session.query(StoredWardSet).count() == 1
