from types import SimpleNamespace

import pytest
from geopy.exc import GeocoderRateLimited, GeocoderTimedOut
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder

from placement.geography.distances import Point
from placement.geography.fallback import (
    NOTE_ABROAD,
    NOTE_FAILED,
    NOTE_FOUND,
    NOTE_NOTHING,
    Fallback,
    UnusableGeocoder,
    fallback_from,
)

HERE = {"latitude": 52.4, "longitude": -1.5, "address": "CV1 9ZZ, Coventry, England, United Kingdom"}


class Canned(Geocoder):
    """A geocoder of geopy's own kind that keeps its answer ready instead of asking anybody."""

    def __init__(self, reply):
        super().__init__()
        self.reply, self.asked = reply, []

    def geocode(self, query, *, exactly_one=True, timeout=None):
        self.asked.append((query, timeout))
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def ask(reply):
    return Fallback(Canned(reply)).find("CV1 9ZZ")


def test_there_is_no_geocoder_unless_the_settings_name_one():
    assert fallback_from({}) is None
    assert fallback_from({"PLACEMENT_GEOCODER": "  "}) is None


def test_a_named_geocoder_is_made_with_its_options():
    options = '{"user_agent": "placement-test", "domain": "geocoder.example"}'
    fallback = fallback_from({"PLACEMENT_GEOCODER": "nominatim", "PLACEMENT_GEOCODER_OPTIONS": options})

    assert isinstance(fallback._geocoder, Nominatim)
    assert fallback._geocoder.domain == "geocoder.example"


@pytest.mark.parametrize(
    ("service", "options"),
    [("nosuch", ""), ("nominatim", ""), ("nominatim", "{"), ("nominatim", '{"wrong": 1}'), ("nominatim", "[1]")],
)
def test_a_geocoder_that_cannot_be_made_is_a_fault_of_the_settings(service, options):
    with pytest.raises(UnusableGeocoder, match=service):
        fallback_from({"PLACEMENT_GEOCODER": service, "PLACEMENT_GEOCODER_OPTIONS": options})


def test_an_answer_in_the_country_is_taken_within_the_time_out():
    geocoder = Canned(SimpleNamespace(**HERE))
    answer = Fallback(geocoder, timeout_seconds=2).find("CV1 9ZZ")

    assert (answer.point, answer.note) == (Point(lat=52.4, lon=-1.5), NOTE_FOUND)
    assert geocoder.asked == [("CV1 9ZZ, United Kingdom", 2)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 48.85, "longitude": 2.35},
        {"address": "CV1 9ZZ, Dublin, Ireland"},
        {"address": "Coventry, England, United Kingdom"},
        {"address": "CV1 9ZZ"},
        {"latitude": float("nan")},
    ],
)
def test_answers_abroad_and_answers_for_the_whole_town_are_refused(wrong):
    answer = ask(SimpleNamespace(**HERE | wrong))

    assert (answer.point, answer.note) == (None, NOTE_ABROAD)


@pytest.mark.parametrize(
    "fault",
    [
        GeocoderTimedOut("slow"),
        GeocoderRateLimited("too often", retry_after=1),
        OSError("no route"),
        ValueError("not JSON"),
        SimpleNamespace(**HERE | {"latitude": "north"}),
        SimpleNamespace(**HERE | {"address": None}),
        SimpleNamespace(),
    ],
)
def test_whatever_a_geocoder_does_wrong_is_a_note_and_never_a_failure(fault):
    assert ask(fault).point is None
    assert ask(fault).note == NOTE_FAILED


def test_a_geocoder_that_knows_nothing_says_so():
    assert ask(None).note == NOTE_NOTHING
