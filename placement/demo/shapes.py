"""What a row of the market's table says: kinds of schemes and the units in them."""

from __future__ import annotations

from dataclasses import dataclass

LIVING = "move_on return_to_city planned"
EVERY_NIGHT = (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitShape:
    """A group of places. Tuples of values go round: the first service takes the first value, and so on.

    `extras` are (share of services, slugs); `pounds` a range of weekly prices; `vacant` the usual share of free places
    inside and outside the city.
    """

    name: str
    capacities: tuple[int, ...]
    offers: str
    pounds: tuple[int, int]
    vacant: tuple[float, float]
    kinds: str = LIVING
    ages: tuple[tuple[int, int], ...] = ((18, 64),)
    genders: tuple[str, ...] = ("any",)
    extras: tuple[tuple[float, str], ...] = ()
    reply_hours: tuple[int, ...] = (24, 48, 48)
    emergencies_until: tuple[str | None, ...] = EVERY_NIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeShape:
    """A kind of scheme: its type, who runs such schemes, how many there are in and around the city, its units.

    `shared` (name, places fewer than the units' sum) puts one pool of staff or rooms behind all units.
    `weeks` is how often it reports its vacancies.
    """

    slug: str
    service_type: str
    sector: str
    in_city: int
    around: int
    endings: tuple[str, ...]
    units: tuple[UnitShape, ...]
    shared: tuple[str, int] | None = None
    weeks: int = 17
