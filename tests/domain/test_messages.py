import string

import pytest

from placement.domain.event_kinds import Told
from placement.domain.events import EVENT, EVENTS
from placement.domain.messages import MESSAGE, MESSAGES, NOT_WRITTEN, TELLINGS, WRITTEN_APART

SLOTS = {"reference", "until", "link"}


def slots(words):
    """Return what a text names, attributes and indexes included: `{until.x}` would be another slot."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.slug)
def test_a_message_names_a_reference_a_time_and_a_link_and_has_no_place_for_a_person(kind):
    assert slots(kind.subject) == {"reference"}
    assert slots(kind.words) <= SLOTS
    assert "\n" not in kind.subject


def test_a_slot_for_a_name_would_be_seen():
    assert not slots("{reference}: {name}") <= SLOTS
    assert not slots("{link.person.name}") <= SLOTS


def test_whatever_is_told_to_somebody_is_written_to_them_or_says_why_not():
    told = {event.slug for event in EVENTS if event.told is not Told.NOBODY}
    parts = (set(TELLINGS), set(WRITTEN_APART), set(NOT_WRITTEN))
    assert set.union(*parts) == told
    assert sum(map(len, parts)) == len(told), "an event stands in one of the three"
    assert set(TELLINGS.values()) <= set(MESSAGE)
    assert {EVENT[slug].subject for slug in TELLINGS} == {"placement", "referral"}
    assert {EVENT[slug].told for slug in TELLINGS} == {Told.PROVIDER, Told.BROKERAGE, Told.OTHER_SIDE}
