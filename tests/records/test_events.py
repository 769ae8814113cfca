import pytest

from placement.domain.people import SYSTEM, Actor, Role
from placement.records.events import changes, record, timeline
from tests.builders import a_person, a_placement, a_unit
from tests.conftest import NOW

DOING = {"by": SYSTEM, "now": NOW}


def test_what_is_not_in_the_table_is_not_written(store):
    with store.writing() as session:
        stay = a_placement(session, a_unit(session))
        for event, details in (("stolen", {}), ("referral_begun", {}), ("place_reserved", {"name": "Ann"})):
            with pytest.raises(ValueError, match=event):
                record(session, event, stay, **DOING, **details)
        with pytest.raises(ValueError, match="codes and numbers only"):
            record(session, "place_declined", stay, **DOING, reason="she is too loud")
        assert timeline(session, stay, actor=SYSTEM) == []


def test_a_timeline_is_told_newest_first_and_only_to_those_who_may_see_it(store):
    with store.writing() as session:
        stay = a_placement(session, a_unit(session))
        record(session, "place_reserved", stay, **DOING, unit=stay.unit_id, rank=1)
        record(session, "place_confirmed", stay, **DOING)
        record(session, "referral_placed", stay.referral, **DOING, placement=stay.id)
        provider = Actor(user_id=1, name="P", role=Role.PROVIDER, provider_id=1)

        told = [line.sentence for line in timeline(session, stay, actor=provider)]
        assert told == ["confirmed a place", "reserved a place"]
        assert timeline(session, stay.referral, actor=provider) == []
        assert len(timeline(session, stay.referral, actor=SYSTEM)) == 1


def test_a_change_is_told_before_and_after_for_codes_and_only_as_changed_for_everything_else(store):
    with store.writing() as session:
        unit = a_unit(session, min_age=18, weekly_pence=None, kinds="crisis")
        assert changes(unit, told={"min_age"}) == {}
        unit.min_age, unit.name, unit.kinds, unit.weekly_pence = 21, "Ann’s own room", "crisis respite", 90_000
        told = changes(unit, told={"min_age", "kinds", "weekly_pence"})
        assert told == {
            "min_age": [18, 21],
            "name": "changed",
            "kinds": [["crisis"], ["crisis", "respite"]],
            "weekly_pence": [None, 90_000],
        }
        unit.min_age = 18
        assert "min_age" not in changes(unit, told={"min_age"})


def test_no_column_that_may_be_about_a_person_is_told(store):
    with store.writing() as session:
        person = a_person(session)
        for column in person.__table__.columns:
            if column.key not in ("id", "council"):
                setattr(person, column.key, None)
        assert set(changes(person, told=()).values()) == {"changed"}
        session.rollback()
