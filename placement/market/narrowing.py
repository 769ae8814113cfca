"""What the grid of weeks is narrowed by: what is typed, and choices with counts, each a row of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from placement.domain.features import with_covered
from placement.domain.kinds import KINDS
from placement.domain.people import GENDER_LABELS, Actor
from placement.market.search import registered_units
from placement.matching.judging.rules import GENDERS_TAKEN
from placement.records.councils import council_of
from placement.records.facets import Facet, Option
from placement.records.providers import Unit

ALL = ""
"""The choice of everything, which every facet has first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFilters:
    """What is asked for. `needs`: every one of them is offered. The last four are choices of `NARROWED_BY`."""

    words: str = ""
    service_type: str = ""
    needs: tuple[str, ...] = ()
    age: int | None = None
    kind: str = ALL
    where: str = ALL
    gender: str = ALL
    places: str = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """A unit that fits what is typed. `has_place`: for a whole week or longer, as the grid works out."""

    unit: Unit
    is_in_city: bool
    has_place: bool = False


@dataclass(frozen=True, slots=True)
class _By:
    """One thing to narrow by: its heading, its choices after `ALL`, and whether a unit fits one of them."""

    label: str
    of_all: str
    choices: tuple[tuple[str, str], ...]
    fits: Callable[[Fitting, str], bool]


NARROWED_BY: Mapping[str, _By] = {
    "kind": _By(
        "Kind",
        "Every kind",
        tuple((kind.slug, kind.label) for kind in KINDS),
        lambda each, slug: not each.unit.kinds or slug in each.unit.kinds.split(),
    ),
    "where": _By(
        "Where",
        "Everywhere",
        (("in", "In the city"), ("out", "Out of city")),
        lambda each, slug: each.is_in_city == (slug == "in"),
    ),
    "gender": _By(
        "Takes",
        "Anybody",
        tuple((gender.value, label) for gender, label in GENDER_LABELS.items()),
        lambda each, slug: slug in GENDERS_TAKEN[each.unit.gender],
    ),
    "places": _By(
        "Places",
        "Free or not",
        (("free", "Free for a week or longer"),),
        lambda each, _: each.has_place,
    ),
}


def fitting_units(session: Session, filters: WeekFilters, *, actor: Actor, today: date) -> list[Fitting]:
    """Return the units that fit what is typed, by name of service."""
    rows = registered_units(session, actor=actor, words=filters.words, service_type=filters.service_type, today=today)
    wanted, council = set(filters.needs), council_of(session)
    found = [
        Fitting(unit=unit, is_in_city=council.has(unit.service.authority))
        for unit in rows
        if wanted <= with_covered(unit.may_offer)
        and (filters.age is None or unit.min_age <= filters.age <= unit.max_age)
    ]
    return sorted(found, key=lambda each: (each.unit.service.name.lower(), each.unit.id))


def narrowed(found: Sequence[Fitting], filters: WeekFilters) -> tuple[list[Fitting], tuple[Facet, ...]]:
    """Return the units that fit every choice, and the choices with how many units each would leave."""
    by = NARROWED_BY
    choices = {name: ((ALL, each.of_all), *each.choices) for name, each in by.items()}
    fits = [
        {name: {slug: slug == ALL or by[name].fits(each, slug) for slug, _ in choices[name]} for name in by}
        for each in found
    ]
    chosen = {name: getattr(filters, name) for name in by}

    def count(name: str, slug: str) -> int:
        wanted = chosen | {name: slug}
        return sum(all(of[name][slug] for name, slug in wanted.items()) for of in fits)

    facets = tuple(
        Facet(name, by[name].label, chosen[name], tuple(Option(slug, words, count(name, slug)) for slug, words in of))
        for name, of in choices.items()
    )
    kept = [each for each, of in zip(found, fits, strict=True) if all(of[name][chosen[name]] for name in by)]
    return kept, facets


def offered(found: Sequence[Fitting]) -> Mapping[str, int]:
    """Return how many of these units offer each feature."""
    return Counter(slug for each in found for slug in with_covered(each.unit.may_offer))


def choices_of(name: str) -> frozenset[str]:
    """Return the slugs that can be chosen of one thing to narrow by."""
    return frozenset({ALL, *(slug for slug, _ in NARROWED_BY[name].choices)})
