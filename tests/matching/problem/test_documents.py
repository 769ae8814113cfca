"""What is read is what was written, and nothing malformed gets in: every message names its place."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.problem.documents import (
    fingerprint,
    instance_document,
    read_instance,
    read_plan,
    write_instance,
    write_plan,
)
from placement.matching.problem.errors import MalformedDocument, MalformedInstance, MalformedPlan
from placement.matching.problem.instance import Instance
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day, a_need, a_small_instance, a_unit

LEAST = {
    "format": "placement-instance/1",
    "first_night": "2026-11-23",
    "nights": 90,
    "city": "E08000026",
    "units": [{"id": "U1", "service": "S1", "authority": "E08000026", "free": [[0, 30, 2], [30, 90, 1]]}],
    "needs": [{"id": "N1", "kind": "crisis", "earliest": 0, "latest": 1}],
}


def changed(*path, to):
    """Return the least instance with the value at this path replaced; ... takes it away."""
    document = json.loads(json.dumps(LEAST))
    *above, last = path
    inner = document
    for step in above:
        inner = inner[step]
    if to is ...:
        del inner[last]
    else:
        inner[last] = to
    return json.dumps(document)


@tried(100)
@given(st.integers(0, 10**9))
def test_an_instance_is_read_as_it_was_written(seed):
    instance = a_small_instance(seed)

    assert read_instance(write_instance(instance)) == instance


@tried(30)
@given(st.integers(0, 10**9))
def test_a_plan_is_read_as_it_was_written(seed):
    plan = solve(a_small_instance(seed))

    assert read_plan(write_plan(plan)) == plan


@tried(50)
@given(st.integers(0, 10**9))
def test_the_fingerprint_does_not_depend_on_the_order_and_does_on_everything_else(seed):
    instance = a_small_instance(seed)
    dice = random.Random(seed)
    other = replace(instance, units=tuple(dice.sample(instance.units, len(instance.units))), needs=instance.needs[::-1])

    assert fingerprint(other) == fingerprint(instance)
    heavier = replace(instance.needs[0], weight=instance.needs[0].weight + 1)
    assert fingerprint(replace(instance, needs=(heavier, *instance.needs[1:]))) != fingerprint(instance)


def test_what_is_left_out_asks_for_nothing_and_restricts_nothing():
    instance = read_instance(json.dumps(LEAST))

    assert instance.units == (a_unit(service="S1", free=[(0, 30, 2), (30, 90, 1)]),)
    assert instance.needs == (a_need(kind="crisis", latest=1),)
    assert instance.needs[0].weight == 100
    assert instance.units[0].kinds is None
    assert instance.prices == instance.shared_caps == ()


def test_every_key_is_written():
    document = instance_document(read_instance(json.dumps(LEAST)))

    assert read_instance(json.dumps(document)) == read_instance(json.dumps(LEAST))
    assert len(document["units"][0]) == 19
    assert len(document["needs"][0]) == 24
    assert document["format"] == "placement-instance/1"


FIRST_OF_ALL = "30b4b9347aeb6b3d74c7391717a6297206b14ed7a1d170c4d955dc2a6dc77459"
"""Of an instance with every key of the first version, as it was before there was a second."""


def test_what_was_fingerprinted_in_the_first_version_has_the_same_fingerprint_still():
    assert fingerprint(a_day(1, needs=5, units=20)) == FIRST_OF_ALL


MALFORMED = [
    (("format",), "placement-instance/3", "format"),
    (("format",), ["placement-instance/1"], "format"),
    (("first_night",), "23/11/2026", "first_night"),
    (("first_night",), "20261123", "first_night"),
    (("nights",), 0, "nights"),
    (("nights",), 10**9, "nights"),
    (("nights",), True, "nights"),
    (("nights",), 90.0, "nights"),
    (("nights",), 10**40, "nights"),
    (("colour",), "red", "colour"),
    (("needs",), {}, "needs"),
    (("units",), None, "units"),
    (("city",), ..., "city"),
    (("scarce",), "pbs", "scarce"),
    (("units", 0), 7, "units[0]"),
    (("units", 0, "id"), "", "units[0].id"),
    (("units", 0, "id"), "\ud800", "units[0].id"),
    (("units", 0, "service"), ..., "units[0]"),
    (("units", 0, "authority"), None, "units[0].authority"),
    (("units", 0, "free"), [[0, 30]], "units[0].free[0]"),
    (("units", 0, "free"), [[0, 30, True]], "units[0].free[0]"),
    (("units", 0, "free"), [[0, 30, -1]], "units[0].free[0]"),
    (("units", 0, "free"), [[0, 30, 10**9]], "units[0].free[0]"),
    (("units", 0, "free"), [[30, 30, 1]], "units[0].free[0]"),
    (("units", 0, "free"), [[0, 91, 1]], "units[0].free[0]"),
    (("units", 0, "free"), [[-1, 3, 1]], "units[0].free[0]"),
    (("units", 0, "free"), [[0, 30, 1], [29, 40, 1]], "units[0].free[1]"),
    (("units", 0, "free"), [[50, 60, 1], [0, 10, 1]], "units[0].free[1]"),
    (("units", 0, "offers"), ["pbs", 3], "units[0].offers[1]"),
    (("units", 0, "gender"), "woman", "units[0].gender"),
    (("units", 0, "status"), "open", "units[0].status"),
    (("units", 0, "quality"), 4, "units[0].quality"),
    (("units", 0, "acceptance"), 1.5, "units[0].acceptance"),
    (("units", 0, "min_age"), 151, "units[0].min_age"),
    (("units", 0, "max_age"), -1, "units[0].max_age"),
    (("units", 0, "lat"), 52.4, "units[0].lon"),
    (("units", 0, "shared"), ["C1"], "units[0].shared"),
    (("units", 0, "weekly_pence"), 1850.5, "units[0].weekly_pence"),
    (("units", 0, "age_hours"), -1, "units[0].age_hours"),
    (("units", 0, "colour"), "red", "units[0]"),
    (("needs", 0, "kind"), None, "needs[0].kind"),
    (("needs", 0, "earliest"), -1, "needs[0].earliest"),
    (("needs", 0, "earliest"), 2, "needs[0].earliest"),
    (("needs", 0, "latest"), 90, "needs[0].latest"),
    (("needs", 0, "nights"), 0, "needs[0].nights"),
    (("needs", 0, "nights"), 10**9, "needs[0].nights"),
    (("needs", 0, "weight"), 0, "needs[0].weight"),
    (("needs", 0, "weight"), 10_001, "needs[0].weight"),
    (("needs", 0, "waited_days"), -1, "needs[0].waited_days"),
    (("needs", 0, "gender"), "men", "needs[0].gender"),
    (("needs", 0, "wants_out_of_city"), 1, "needs[0].wants_out_of_city"),
    (("needs", 0, "apart"), ["N2"], "needs[0].apart"),
    (("needs", 0, "apart"), ["N1"], "needs[0].apart"),
    (("needs", 0, "current"), {"unit": "U2", "start": 0}, "needs[0].current.unit"),
    (("needs", 0, "current"), {"unit": "U1"}, "needs[0].current"),
    (("needs", 0, "current"), {"unit": "U1", "start": 90}, "needs[0].current.start"),
    (("needs", 0, "extra_points"), {"U2": 5}, "needs[0].extra_points"),
    (("needs", 0, "extra_points"), {"U1": 5.5}, "needs[0].extra_points.U1"),
    (("needs", 0, "extra_points"), [["U1", 5]], "needs[0].extra_points"),
    (("shared_caps",), [{"id": "C1", "places": 10**9}], "shared_caps[0].places"),
    (("shared_caps",), [{"id": "C1", "places": 1}, {"id": "C1", "places": 1}], "shared_caps[1].id"),
    (("prices",), [["U1", 0, 30]], "prices[0]"),
    (("prices",), [["U2", 0, 30, 1]], "prices[0]"),
    (("prices",), [["U1", 0, 91, 1]], "prices[0]"),
    (("prices",), [["U1", 0, 30, 1], ["U1", 29, 31, 1]], "prices[1]"),
    (("nights",), -(10**60), "nights"),
    (("units", 0, "lat"), True, "units[0].lat"),
    (("units", 0, "lat"), 1e308, "units[0].lat"),
    (("units", 0, "age_hours"), "1", "units[0].age_hours"),
    (("units", 0, "weekly_pence"), False, "units[0].weekly_pence"),
    (("units", 0, "weekly_pence"), 10**60, "units[0].weekly_pence"),
    (("units", 0, "free"), [[[[0]], 1, 1]], "units[0].free[0]"),
    (("needs", 0, "latest"), 1e30, "needs[0].latest"),
    (("needs", 0, "weight"), 10**15, "needs[0].weight"),
    (("needs", 0, "hold_above"), 1e308, "needs[0].hold_above"),
    (("needs", 0, "max_miles"), -1, "needs[0].max_miles"),
    (("needs", 0, "extra_points"), {"": 1}, "needs[0].extra_points"),
    (("needs", 0, "\ud800"), 1, "needs[0]"),
    (("first_night",), "2026-02-30", "first_night"),
    (("units",), LEAST["units"] * 2, "units[1].id"),
    (("needs",), LEAST["needs"] * 2, "needs[1].id"),
]


@pytest.mark.parametrize(("path", "value", "place"), MALFORMED)
def test_refuses_what_is_malformed_and_names_the_place(path, value, place):
    with pytest.raises(MalformedInstance) as refused:
        read_instance(changed(*path, to=value))

    assert place in str(refused.value)
    assert len(str(refused.value)) < 400


NOT_A_DOCUMENT = [
    b"", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"[]", b"7", b"null", b"{", b'{"a": NaN}', b'{"nights": Infinity}',
    b"[" * 100_000, b'{"nights": ' + b"9" * 5000 + b"}", "{}".encode("utf-16"), b"\x00" * 10, b"\x7fELF\x02\x01\x01",
    b'{"needs":' * 100_000, b" " * 1_000_000, b"{}{}", "\ud800".encode("utf-8", "surrogatepass"), b"\x1f\x8b\x08",
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "name"), [("essential", "desirable"), ("essential", "unknown"), ("desirable", "unknown")]
)
def test_refuses_a_slug_in_two_strengths_of_one_need_and_names_the_place(before, name):
    twice = {"id": "N2", "kind": "crisis", "earliest": 0, "latest": 1, before: ["hoist", "pbs"], name: ["hoist"]}
    document = LEAST | {"needs": [*LEAST["needs"], twice]}

    with pytest.raises(MalformedInstance) as refused:
        read_instance(json.dumps(document))
    assert str(refused.value) == f"needs[1].{name}: names 'hoist', which '{before}' names too"


@pytest.mark.parametrize("source", NOT_A_DOCUMENT, ids=range(len(NOT_A_DOCUMENT)))
def test_refuses_what_is_no_document(source):
    for read in (read_instance, read_plan):
        with pytest.raises(MalformedDocument):
            read(source)


@pytest.mark.parametrize("twice", ['"nights": 90', '"city": "E08000026"', '"id": "U1"', '"earliest": 0'])
def test_refuses_a_key_given_twice(twice):
    with pytest.raises(MalformedInstance, match="twice"):
        read_instance(json.dumps(LEAST).replace(twice, f"{twice}, {twice}", 1))


NO_NUMBERS = ["NaN", "Infinity", "-Infinity", "1e400", "9" * 5000]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
@pytest.mark.parametrize(("path", "place"), [
    (("units", 0, "age_hours"), "units[0].age_hours"), (("needs", 0, "latest"), "needs[0].latest"),
    (("needs", 0, "extra_points"), "needs[0].extra_points"), (("city",), "city"),
])  # fmt: skip
def test_refuses_numbers_that_are_none_at_their_place(number, path, place):
    document = changed(*path, to=12345).replace("12345", number)

    with pytest.raises(MalformedInstance) as refused:
        read_instance(document)
    assert str(refused.value).startswith(place)


@pytest.mark.parametrize(("source", "why"), [
    (b"", "is empty"), (b" \n ", "is empty"), (b"\xef\xbb\xbf{}", "byte-order mark"), (b"\xff", "not UTF-8 (byte 0)"),
    (b"[" * 100_000, "nested too deeply"), (b"7", "must be an object, not a number"), (b"{", "line 1 column 2"),
])  # fmt: skip
def test_says_what_is_the_matter_with_the_file(source, why):
    with pytest.raises(MalformedInstance) as refused:
        read_instance(source)
    assert why in str(refused.value)


@pytest.mark.parametrize("key", ["U\n1", "\x1b[31mU1", "U\u20281", "U" * 1900])
@pytest.mark.parametrize("points", [1.5, 10**9, 1])
def test_no_name_in_a_file_can_break_up_or_fill_a_message(key, points):
    for document in (changed("needs", 0, "extra_points", to={key: points}), changed("needs", 0, key, to=points)):
        with pytest.raises(MalformedInstance) as refused:
            read_instance(document)
        message = str(refused.value)
        assert message.isprintable()
        assert message.startswith("needs[0]")
        assert len(message) < 200


def test_a_negative_zero_is_a_zero():
    one, other = (read_instance(changed("units", 0, "age_hours", to=hours)) for hours in (-0.0, 0))

    assert fingerprint(one) == fingerprint(other)


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PATHS = [("units",), ("needs",), ("units", 0), ("needs", 0), ("prices",), ("shared_caps",), ("scarce",), ("nights",)]
PATHS += [("units", 0, key) for key in ("free", "kinds", "lat", "offers", "weekly_pence", "acceptance", "shared")]
PATHS += [("units", 0, "support_pence")]
PATHS += [("needs", 0, key) for key in ("current", "extra_points", "apart", "nights", "essential", "hold_above")]


@tried(300)
@given(st.sampled_from(PATHS), SCRAPS)
def test_whatever_is_put_anywhere_is_read_or_refused_and_never_anything_else(path, scrap):
    try:
        found = read_instance(changed(*path, to=scrap))
    except MalformedInstance:
        return
    assert isinstance(found, Instance)
    assert read_instance(write_instance(found)) == found


@pytest.mark.parametrize(("change", "place"), [
    ({"status": "perfect"}, "status"), ({"matches": [{"need": "N1"}]}, "matches[0]"), ({"luck": 1}, "luck"),
    ({"objectives": [{"slug": "fit", "value": 1.0, "bound": 1}]}, "objectives[0].value"), ({"seed": True}, "seed"),
    ({"seed": -1}, "seed"), ({"seconds": float("nan")}, "seconds"), ({"status": ["optimal"]}, "status"),
    ({"format": "placement-instance/1"}, "format"), ({"matches": None}, "matches"), ({"matches": [[[]]]}, "matches[0]"),
    ({"matches": [{"need": "N1", "unit": "U1", "start": 10**60}]}, "matches[0].start"),
    ({"matches": [{"need": "N1", "unit": "U1", "start": True}]}, "matches[0].start"),
    ({"matches": [{"need": "N1", "unit": "U1", "start": 0, "why": "so"}]}, "matches[0].why"),
    ({"unmatched": [{"need": "N1", "causes": [{"rule": "kind"}]}]}, "unmatched[0].causes[0]"),
    ({"unmatched": [{"need": "N1", "causes": [{"rule": "kind", "units": -1}]}]}, "unmatched[0].causes[0].units"),
    ({"unmatched": [{"need": "N1", "change": [{"rule": "age", "opens": "U1", "say": "x"}]}]}, "unmatched[0].change[0]"),
    ({"versions": {"ortools": 9}}, "versions.ortools"), ({"instance_sha256": None}, "instance_sha256"),
])  # fmt: skip
def test_refuses_a_malformed_plan(change, place):
    plan = json.loads(write_plan(solve(read_instance(json.dumps(LEAST)))))

    with pytest.raises(MalformedPlan) as refused:
        read_plan(json.dumps({**plan, **change}))
    assert place in str(refused.value)


def test_a_plan_that_gives_a_key_twice_or_lacks_one_is_malformed():
    written = write_plan(solve(read_instance(json.dumps(LEAST))))

    with pytest.raises(MalformedPlan, match="'seed' twice"):
        read_plan(written.replace('"seed": 0', '"seed": 0, "seed": 0', 1))
    with pytest.raises(MalformedPlan, match="lacks the key 'backend'"):
        read_plan(json.dumps({key: value for key, value in json.loads(written).items() if key != "backend"}))
