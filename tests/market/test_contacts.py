import pytest

from placement.domain.errors import Invalid
from placement.domain.people import SYSTEM
from placement.market.contacts import council_contact, set_council_contact
from placement.records.events import newest_line
from tests.conftest import NOW

GIVEN = {"team": "Commissioning", "telephone": "024 7655 0170", "email": ""}


def say(session, **values):
    return set_council_contact(session, by=SYSTEM, now=NOW, **GIVEN | values)


def test_there_is_nobody_until_somebody_has_said_and_then_the_newest(store):
    with store.writing() as session:
        assert council_contact(session) is None
        say(session)
    with store.writing() as session:
        say(session, email="new.places@example.org", telephone="")
    with store.reading() as session:
        found = council_contact(session)
        assert (found.team, found.telephone, found.email) == ("Commissioning", "", "new.places@example.org")


def test_the_same_again_is_no_change(store):
    with store.writing() as session:
        say(session)
    with store.writing() as session:
        before = newest_line(session, ("council_contact_set",)).id
        say(session)
    with store.reading() as session:
        assert newest_line(session, ("council_contact_set",)).id == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"team": " "}, "team"),
        ({"telephone": "ring the bell"}, "telephone"),
        ({"email": "nobody"}, "email"),
        ({"telephone": ""}, "telephone"),
    ],
)
def test_refuses_what_cannot_be_called_or_written_to(store, values, field):
    with store.writing() as session, pytest.raises(Invalid) as error:
        say(session, **values)
    assert error.value.field == field


def test_each_council_has_its_own(store):
    with store.writing("E08000029") as session:
        say(session, team="Solihull commissioning")
    with store.writing() as session:
        say(session)
    with store.reading() as session:
        assert council_contact(session).team == "Commissioning"
    with store.reading("E08000029") as session:
        assert council_contact(session).team == "Solihull commissioning"
