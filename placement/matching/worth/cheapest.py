"""What the nights of the cheapest place open to each need are priced at."""

from __future__ import annotations

from dataclasses import replace

from placement.matching.problem.instance import Instance
from placement.matching.table.screening import Screening
from placement.matching.table.units import UnitTable


def least_points(instance: Instance) -> dict[str, int]:
    """Return the least points for which each need can stay in the city, whatever it may spend.

    A need without any place there is left out: nothing is held back from it.
    """
    table = UnitTable(instance)
    found = {}
    for need in instance.needs:
        screening = Screening(replace(need, hold_above=None), table)
        here = screening.allowed() & table.in_city
        open_stays = screening.prices[here][screening.open_starts[here]]
        if len(open_stays):
            found[need.id] = int(open_stays.min())
    return found
