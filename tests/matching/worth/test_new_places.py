"""Kinds of place that could be commissioned, and the unit that stands for them."""

from __future__ import annotations

from dataclasses import replace

from placement.matching.problem.facts import Span
from placement.matching.worth.new_places import BAND_PENCE, Modeller, PlaceKind, kinds_of_place
from placement.matching.worth.values import with_places
from tests.matching.builders import (
    CITY,
    ELSEWHERE,
    a_need,
    a_unit,
    an_instance,
)


def test_kinds_are_those_that_occur_and_those_asked_for():
    units = [
        a_unit("U1", offers=frozenset({"pbs"}), weekly_pence=120_000),
        a_unit("U2", offers=frozenset({"pbs"}), weekly_pence=149_999),
        a_unit("U3", offers=frozenset({"pbs"}), weekly_pence=150_000, authority=ELSEWHERE),
        a_unit("U4"),
    ]
    need = a_need(essential=frozenset({"hoist", "autism"}), desirable=frozenset({"pbs"}), unknown=frozenset({"autism"}))

    def kind(*offers, in_city=True, band):
        return PlaceKind(offers=frozenset(offers), in_city=in_city, band=band)

    assert set(kinds_of_place(an_instance(units, [need]))) == {
        kind("pbs", band=2), kind("pbs", in_city=False, band=3), kind(band=None),
        kind("hoist", band=2), kind("hoist", "pbs", band=2),
    }  # fmt: skip
    frugal = replace(need, budget_weekly_pence=110_000)
    assert kind("hoist", band=110_000 // BAND_PENCE) in kinds_of_place(an_instance(units, [frugal]))


def test_a_new_place_is_open_to_all_costs_what_its_band_does_and_lies_amid_its_like():
    units = [
        a_unit(f"U{number}", kinds=frozenset(), gender="men", weekly_pence=pence, lat=lat, lon=-1.5)
        for number, (pence, lat) in enumerate([(100_000, 52.1), (120_000, 52.2), (140_000, 52.4), (400_000, 54.0)])
    ]
    instance = an_instance(units, [a_need()])
    unit = Modeller(instance).unit(kinds_of_place(instance)[0], 1, 2)

    assert (unit.authority, unit.free, unit.weekly_pence) == (CITY, (Span(0, 10, 2),), 120_000)
    assert (unit.lat, unit.lon, unit.kinds, unit.gender, unit.min_age, unit.max_age) == (
        52.2,
        -1.5,
        None,
        "any",
        0,
        150,
    )
    assert unit.id not in {other.id for other in units}
    with_places(instance, unit, 5)


def test_a_new_place_never_takes_a_name_that_is_taken():
    instance = an_instance([a_unit("new-1", service="new-new-1")], [a_need()])
    unit = Modeller(instance).unit(kinds_of_place(instance)[0], 1, 1)

    assert not {unit.id, unit.service} & {"new-1", "new-new-1"}
