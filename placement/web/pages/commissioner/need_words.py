"""A line of what is missing in words: “Autism, North: about 10 people waited about 220 nights, …”."""

from __future__ import annotations

from placement.reports.need_lines import NeedLine
from placement.web.formatting import pounds

PLACES = {1: "One more place", 2: "Two more places", 5: "Five more places"}


def sentence(line: NeedLine) -> str:
    """Return who waited, for how long, who went out of the city and at what cost, and what would have helped."""
    where = line.area.name if line.area else "the whole city"
    what = line.facet.label if line.facet else "Everybody"
    told = f"{what}, {where}: about {line.people:,} people waited about {line.nights:,} nights"
    if line.outside:
        cost = f", for about {pounds(line.monthly_pence)} a month" if line.monthly_pence else ""
        told += f"; about {line.outside:,} of them went out of the city{cost}"
    return f"{told}. {_help(line)}"


def _help(line: NeedLine) -> str:
    """Return the fewest places that would have served a number of people that may be told."""
    for places, served in sorted(line.served.items()):
        if served:
            return f"{PLACES[places]} would have served about {served:,}."
    return f"One more place would have been used on about {line.used:,} nights."
