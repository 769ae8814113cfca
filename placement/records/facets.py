"""What a list can be narrowed by: facets, each with its choices and how many rows each choice would leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func
from sqlalchemy.orm import Session

Conditions = Mapping[str, tuple[str, ColumnElement[bool]]]
"""The choices of one facet: slug → words and condition."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet and how many rows it would leave, the other facets staying as they are."""

    slug: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that a list is narrowed by: its name in an address, its heading, what is chosen, and the choices."""

    name: str
    label: str
    chosen: str
    options: tuple[Option, ...]


def facets_of(
    session: Session, rows: Select[Any], asked: Mapping[str, tuple[str, Conditions]], chosen: Mapping[str, str]
) -> tuple[Facet, ...]:
    """Return the facets of a list with true counts; one question. `chosen` has one slug a facet."""
    at = {name: options[chosen[name]][1] for name, (_, options) in asked.items()}
    wanted = [
        (facet, slug, and_(condition, *(other for name, other in at.items() if name != facet)))
        for facet, (_, options) in asked.items()
        for slug, (_, condition) in options.items()
    ]
    sums = [func.sum(case((condition, 1), else_=0)) for _, _, condition in wanted]
    numbers = [
        number or 0 for number in session.execute(rows.with_only_columns(*sums, maintain_column_froms=True)).one()
    ]
    found = {(facet, slug): number for (facet, slug, _), number in zip(wanted, numbers, strict=True)}
    return tuple(
        Facet(
            facet,
            label,
            chosen[facet],
            tuple(Option(slug, words, found[facet, slug]) for slug, (words, _) in options.items()),
        )
        for facet, (label, options) in asked.items()
    )
