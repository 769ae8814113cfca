from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.event_kinds import KEPT_YEARS, Kept, is_code
from placement.domain.events import (
    EVENT,
    EVENTS,
    refusal,
    sentence_of,
    slugs_saying,
    slugs_seen_by,
)
from placement.domain.people import Role


def test_every_event_stands_once_with_words_of_its_own():
    assert len(EVENT) == len(EVENTS)
    assert len({event.sentence for event in EVENTS}) == len(EVENTS)
    assert set(KEPT_YEARS) == set(Kept)
    assert all(Role.ADMIN in event.seen_by for event in EVENTS)


def test_an_event_or_a_detail_that_is_not_in_the_table_is_refused():
    assert refusal("place_reserved", "placement", {"unit": 1, "rank": None}) == ""
    assert "not registered" in refusal("place_stolen", "placement", {})
    assert "happens to a placement" in refusal("place_reserved", "referral", {})
    assert "no details colour, shape" in refusal("place_reserved", "placement", {"shape": 1, "colour": 2, "rank": 1})


@pytest.mark.parametrize("words", ["Ann Other", "she said no", "a\nb", "x" * 81, date(2026, 1, 1), ["ok", "not ok"]])
def test_words_about_a_person_are_no_detail(words):
    assert "codes and numbers only: reason" in refusal("place_declined", "placement", {"reason": words})


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"], include_characters="-_.:"), max_size=80))
def test_any_code_is_a_detail_and_stops_being_one_with_a_space_in_it(code):
    assert is_code({"field": [code, None, 1.5]})
    assert not is_code(f"{code} {code}")


def test_a_slug_that_has_left_the_table_is_shown_as_it_is_stored():
    assert sentence_of("place_reserved") == "reserved a place"
    assert sentence_of("bed_taken_away") == "bed taken away"


def test_events_are_found_by_their_words_whatever_the_case():
    assert slugs_saying("RESERVED") == ["place_reserved"]
    assert slugs_saying("100%") == []


def test_a_provider_sees_what_happens_to_places_and_nothing_of_referrals():
    seen = {EVENT[slug].subject for slug in slugs_seen_by(Role.PROVIDER)}
    assert "placement" in seen
    assert not seen & {"referral", "person", "match_run", "proposal", "user"}
