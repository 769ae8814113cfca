"""Every fact has its key, and the second version is written where it says more than the first could."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from placement.matching.problem.documents import fingerprint, instance_document, read_instance
from placement.matching.problem.errors import MalformedInstance
from placement.matching.problem.facts import CapFacts, Need, UnitFacts
from placement.matching.problem.formats import CAP, NEED, SINCE_2, UNIT
from tests.matching.problem.test_documents import LEAST


@pytest.mark.parametrize(("keys", "facts"), [(UNIT, UnitFacts), (NEED, Need), (CAP, CapFacts)])
def test_every_fact_has_its_key_and_no_key_is_without_a_fact(keys, facts):
    assert set(keys) == {each.name for each in fields(facts)}


def test_what_the_second_version_added_is_tried_here():
    tried = {(part, key) for part, more in SINCE_THE_SECOND for key in more} - {("needs", "nights")}
    assert tried | {("shared_caps", "free")} == {(part, key) for part, added in SINCE_2.items() for key in added}


SINCE_THE_SECOND = [
    ("units", {"registered_until": 3}),
    ("units", {"residents": [[0, 4, "woman"], [1, 2, None]]}),
    ("units", {"places": 2}),
    ("units", {"solo": [[0, 4], [5, 6]]}),
    ("units", {"company": [[0, 4, 45, "night"], [5, 6, None, None]]}),
    ("units", {"crisis_places": 0}),
    ("units", {"support_pence": [["night", 200000]]}),
    ("units", {"crisis_places": 1, "crises": [[0, 4]]}),
    ("needs", {"alone": True}),
    ("needs", {"support": "night"}),
    ("needs", {"home_nights": [["S1", 0, 4]]}),
    ("needs", {"apart_nights": [["S9", 2, 3]]}),
    ("needs", {"ruled_out": ["nursing"]}),
    ("needs", {"booked_on": [4, 400]}),
    (
        "needs",
        {
            "nights": 1,
            "series": {"take": "most", "stays": [{"earliest": 9, "latest": 9, "nights": 1, "current": None}]},
        },
    ),
]


@pytest.mark.parametrize(("part", "more"), SINCE_THE_SECOND)
def test_the_second_version_is_written_where_it_says_more_and_the_first_does_not_know_it(part, more):
    least = json.loads(json.dumps(LEAST))
    least[part][0] |= more
    with pytest.raises(MalformedInstance, match="unknown key"):
        read_instance(json.dumps(least))

    instance = read_instance(json.dumps(least | {"format": "placement-instance/2"}))
    document = instance_document(instance)

    assert document["format"] == "placement-instance/2"
    assert document[part][0].items() >= more.items()
    assert read_instance(json.dumps(document)) == instance
    assert fingerprint(instance) != fingerprint(read_instance(json.dumps(LEAST)))


def test_a_pool_is_one_number_or_a_number_by_night_and_each_is_read_as_it_was_written():
    least = LEAST | {"format": "placement-instance/2"}
    by_night = {"id": "C1", "free": [[0, 30, 2], [30, 90, 1]]}
    flat = {"id": "C1", "places": 2}

    assert instance_document(read_instance(json.dumps(least | {"shared_caps": [by_night]})))["shared_caps"] == [
        by_night
    ]
    written = instance_document(read_instance(json.dumps(least | {"shared_caps": [flat]})))
    assert (written["format"], written["shared_caps"]) == ("placement-instance/1", [flat])


@pytest.mark.parametrize(
    "cap", [{"id": "C1"}, {"id": "C1", "places": 1, "free": []}, {"id": "C1", "free": [[5, 4, 1]]}]
)
def test_a_pool_is_said_once_and_within_the_nights(cap):
    with pytest.raises(MalformedInstance, match="shared_caps"):
        read_instance(json.dumps(LEAST | {"format": "placement-instance/2", "shared_caps": [cap]}))
