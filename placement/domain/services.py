"""Service types, each with the CQC name it maps to and its place on the least-restrictive ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceType:
    """One type of service. `rung` orders types from least (1) to most (5) restrictive."""

    slug: str
    label: str
    cqc_name: str | None  # None: needs no registration
    is_accommodation: bool
    is_settled: bool  # settled accommodation for ASCOF 2E
    rung: int


SERVICE_TYPES = tuple(
    ServiceType(
        slug=slug, label=label, cqc_name=cqc_name, is_accommodation=accommodation, is_settled=settled, rung=rung
    )
    for slug, label, cqc_name, accommodation, settled, rung in (
        ("residential", "Residential home", "Care home service without nursing", True, False, 4),
        ("nursing", "Nursing home", "Care home service with nursing", True, False, 5),
        ("supported_living", "Supported living", "Supported living service", True, True, 2),
        ("shared_lives", "Shared Lives", "Shared Lives", True, True, 2),
        ("extra_care", "Housing with care", "Extra Care housing services", True, True, 2),
        ("crisis_accommodation", "Crisis accommodation", None, True, False, 3),
        ("short_term_live_in", "Short-term 24-hour live-in support", "Domiciliary care service", False, True, 1),
        ("respite_unit", "Respite unit", "Care home service without nursing", True, False, 3),
        ("step_down", "Step-down or move-on accommodation", None, True, False, 3),
        ("floating_support", "Floating support", None, False, True, 1),
        ("homecare", "Homecare", "Domiciliary care service", False, True, 1),
    )
)
SERVICE_TYPE = {row.slug: row for row in SERVICE_TYPES}


class TypeWish(StrEnum):
    """How a person or their social worker thinks of a type of service."""

    WANTED = "wanted"
    ONLY = "only"
    RULED_OUT = "ruled_out"


TYPE_WISHES = {
    TypeWish.WANTED: "Would like",
    TypeWish.ONLY: "Only this",
    TypeWish.RULED_OUT: "Ruled out",
}
RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding")


def types_ruled_out(wishes: Mapping[str, TypeWish]) -> frozenset[str]:
    """Return the types that refuse a place: those ruled out, and where only some will do, every other one."""
    only = {slug for slug, wish in wishes.items() if wish is TypeWish.ONLY}
    others = SERVICE_TYPE.keys() - only if only else set()
    return frozenset(others | {slug for slug, wish in wishes.items() if wish is TypeWish.RULED_OUT})


def types_wanted(wishes: Mapping[str, TypeWish]) -> frozenset[str]:
    """Return the types that rank a place higher and refuse none."""
    return frozenset(slug for slug, wish in wishes.items() if wish is TypeWish.WANTED)


def rating_label(quality: int | None) -> str:
    """Return the CQC rating in words for 0–3; none is shown as not rated, never as a low rating."""
    return "Not rated" if quality is None else RATINGS[quality]
