"""The columns of a file of vacancy numbers: a row each. Export, reading, errors and the page's own table read this one.

A heading is known by its letters and digits alone: “Used beds”, “used_beds” and “USEDBEDS” are one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from placement.domain.errors import Invalid, UnusableFile
from placement.domain.limits import MOST_PLACES
from placement.domain.typed import whole_number
from placement.sheets.numbers import plain_number
from placement.sheets.sheet import MEND

NUMBERS = ("maximum", "occupied", "reserved", "accepting")
"""The four numbers, in the order in which everybody asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyColumn:
    """One column: its field, its heading as we write it, what stands in it, and other headings that mean the same."""

    field: str
    heading: str
    says: str
    aliases: tuple[str, ...] = ()


VACANCY_COLUMNS = (
    VacancyColumn(
        field="reference",
        heading="Unit number",
        says="Our number of the unit. Without it, the unit is found by its service and its name",
        aliases=("reference", "unit id"),
    ),
    VacancyColumn(
        field="cqc_id",
        heading="CQC location ID",
        says="Such as 1-123456789",
        aliases=("CQC ID", "location ID"),
    ),
    VacancyColumn(
        field="service",
        heading="Service",
        says="Its name here",
        aliases=("service name", "home", "care home", "location", "location name"),
    ),
    VacancyColumn(
        field="unit",
        heading="Unit",
        says="Its name here. It can be left out where a service has one unit only",
        aliases=("unit name", "floor", "wing"),
    ),
    VacancyColumn(
        field="maximum",
        heading="Maximum capacity",
        says="All places, whether or not somebody lives there",
        aliases=("maximum", "capacity", "places", "beds", "total beds", "number of beds"),
    ),
    VacancyColumn(
        field="occupied",
        heading="Occupied",
        says="Places where somebody lives",
        aliases=("occupied beds", "used beds", "residents", "occupancy"),
    ),
    VacancyColumn(
        field="reserved",
        heading="Reserved",
        says="Places kept for somebody who is to come",
        aliases=("reserved beds", "booked", "held"),
    ),
    VacancyColumn(
        field="accepting",
        heading="Vacant and accepting",
        says="Places that somebody can move into now",
        aliases=("accepting", "vacant", "vacancies", "vacant beds", "available", "available beds", "free"),
    ),
    VacancyColumn(
        field="updated",
        heading="Last confirmed",
        says="For your information: it is not read",
        aliases=("updated", "last updated"),
    ),
    VacancyColumn(
        field="mark",
        heading="Mark",
        says="Tells us which numbers you started from: leave it as it is. A file of your own needs none",
    ),
)
LABELS: Mapping[str, str] = {column.field: column.heading for column in VACANCY_COLUMNS}


def folded(words: str) -> str:
    """Return what is compared of a heading: its letters and digits."""
    return "".join(char for char in words.casefold() if char.isalnum())


def places_of(headings: Sequence[str], known: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return in which column each field stands; `known` are its headings. Raises UnusableFile if one is there twice."""
    by_heading = {folded(words): field for field, aliases in known.items() for words in aliases}
    found = [by_heading.get(folded(heading), "") for heading in headings]
    twice = [field for field, times in Counter(found).items() if field and times > 1]
    if twice:
        said = " and ".join(f"“{headings[place].strip()[:40]}”" for place, each in enumerate(found) if each == twice[0])
        raise UnusableFile(f"The columns {said} mean the same. Remove all but one.", field="file")
    return {field: place for place, field in enumerate(found) if field}


def own_places(headings: Sequence[str]) -> dict[str, int]:
    """Return in which column each of our own fields stands."""
    known = {each.field: (each.field, each.heading, *each.aliases) for each in VACANCY_COLUMNS}
    return places_of([heading for heading in headings if folded(heading) != folded(MEND)], known)


def counted(cell: str) -> int:
    """Return a number of places. Raises Invalid, saying what to mend."""
    found = whole_number(plain_number(cell))
    if found is None or not 0 <= found <= MOST_PLACES:
        raise Invalid(f"Enter a whole number between 0 and {MOST_PLACES:,}")
    return found
