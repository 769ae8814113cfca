import pytest

from placement.domain.people import SYSTEM, Actor, Role
from placement.records.events import record, timeline
from tests.builders import a_placement, a_unit
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
