"""What stands in the documents, key by key: `placement-instance` and `placement-plan`, in two versions each.

Version 2 of an instance adds to version 1 what is in `SINCE_2`; version 2 of a plan, which stay of a series is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from placement.domain.states import Status
from placement.matching.problem.errors import MalformedDocument
from placement.matching.problem.facts import (
    CapFacts,
    Current,
    FurtherStay,
    Need,
    Neighbour,
    Nights,
    Price,
    Resident,
    Series,
    ServiceNights,
    Span,
    SupportPrice,
    UnitFacts,
)
from placement.matching.problem.plan import Cause, Match, Nearest, Relaxation, TierOutcome, Unmatched
from placement.matching.problem.shapes import (
    Field,
    day,
    flag,
    listed,
    mapped,
    names,
    natural,
    nullable,
    number,
    record,
    row,
    text,
    whole,
)

FIRST_FORMAT, INSTANCE_FORMAT = "placement-instance/1", "placement-instance/2"
FIRST_PLAN_FORMAT, PLAN_FORMAT = "placement-plan/1", "placement-plan/2"


def _format(wanted: str) -> Field:
    def read(value: Any, place: str) -> str:
        if value != wanted:
            raise MalformedDocument(place, f"must be {wanted!r}")
        return wanted

    return Field(read)


def _price(unit: str, start: int, end: int, points: int) -> Price:
    return Price(unit=unit, start=start, end=end, points=points)


def _need(fields: Mapping[str, Field]) -> Callable[[Any, str], Need]:
    """Read a need; a slug that stands in two of its lists has two strengths, and nobody knows which is meant."""

    def read(value: Any, place: str) -> Need:
        need = record(Need, fields)(value, place)
        for name, before in (("desirable", "essential"), ("unknown", "essential"), ("unknown", "desirable")):
            for slug in sorted(getattr(need, name) & getattr(need, before)):
                raise MalformedDocument(f"{place}.{name}", f"names {slug[:60]!r}, which {before!r} names too")
        return need

    return read


UNIT = {
    "id": Field(text),
    "service": Field(text),
    "provider": Field(nullable(text), None),
    "authority": Field(text),
    "lat": Field(nullable(number), None),
    "lon": Field(nullable(number), None),
    "free": Field(listed(row(Span, whole, whole, whole))),
    "kinds": Field(nullable(names), None),
    "min_age": Field(whole, 0),
    "max_age": Field(whole, 150),
    "gender": Field(text, "any"),
    "offers": Field(names, frozenset()),
    "weekly_pence": Field(nullable(whole), None),
    "quality": Field(nullable(whole), None),
    "reply_hours": Field(number, 0),
    "status": Field(text, Status.NONE.value),
    "acceptance": Field(nullable(number), None),
    "age_hours": Field(number, 0),
    "shared": Field(names, frozenset()),
    "registered_until": Field(nullable(whole), None),
    "residents": Field(listed(row(Resident, whole, whole, nullable(text))), ()),
    "places": Field(nullable(whole), None),
    "solo": Field(listed(row(Nights, whole, whole)), ()),
    "company": Field(listed(row(Neighbour, whole, whole, nullable(whole), nullable(text))), ()),
    "crisis_places": Field(nullable(whole), None),
    "crises": Field(listed(row(Nights, whole, whole)), ()),
    "support_pence": Field(listed(row(SupportPrice, text, whole)), ()),
}
CURRENT = {"unit": Field(text), "start": Field(whole)}
FURTHER_STAY = {
    "earliest": Field(whole),
    "latest": Field(whole),
    "nights": Field(whole),
    "current": Field(nullable(record(Current, CURRENT)), None),
}
SERIES = {"take": Field(text), "stays": Field(listed(record(FurtherStay, FURTHER_STAY)))}
NEED = {
    "id": Field(text),
    "kind": Field(text),
    "weight": Field(whole, 100),
    "waited_days": Field(whole, 0),
    "age": Field(nullable(whole), None),
    "gender": Field(nullable(text), None),
    "essential": Field(names, frozenset()),
    "desirable": Field(names, frozenset()),
    "unknown": Field(names, frozenset()),
    "earliest": Field(whole),
    "latest": Field(whole),
    "nights": Field(nullable(whole), None),
    "lat": Field(nullable(number), None),
    "lon": Field(nullable(number), None),
    "max_miles": Field(nullable(number), None),
    "budget_weekly_pence": Field(nullable(whole), None),
    "reply_within_hours": Field(nullable(number), None),
    "wants_out_of_city": Field(flag, False),
    "avoid_services": Field(names, frozenset()),
    "ruled_out": Field(names, frozenset()),
    "declined_units": Field(names, frozenset()),
    "apart": Field(names, frozenset()),
    "home_nights": Field(listed(row(ServiceNights, text, whole, whole)), ()),
    "apart_nights": Field(listed(row(ServiceNights, text, whole, whole)), ()),
    "booked_on": Field(listed(whole), ()),
    "alone": Field(flag, False),
    "support": Field(nullable(text), None),
    "current": Field(nullable(record(Current, CURRENT)), None),
    "hold_above": Field(nullable(number), None),
    "extra_points": Field(mapped(whole), {}),
    "series": Field(nullable(record(Series, SERIES)), None),
}
CAP = {
    "id": Field(text),
    "places": Field(nullable(whole), None),
    "free": Field(nullable(listed(row(Span, whole, whole, whole))), None),
}
FIRST_CAP = {"id": Field(text), "places": Field(whole)}
SINCE_2: Mapping[str, Mapping[str, Any]] = {
    "units": {
        "registered_until": None,
        "residents": [],
        "places": None,
        "solo": [],
        "company": [],
        "crisis_places": None,
        "crises": [],
        "support_pence": [],
    },
    "needs": {
        "ruled_out": [],
        "home_nights": [],
        "apart_nights": [],
        "booked_on": [],
        "alone": False,
        "support": None,
        "series": None,
    },
    "shared_caps": {"free": None},
}
"""What version 2 added, by part, each with the value that says nothing."""


def _instance(name: str, unit: dict[str, Field], need: dict[str, Field], cap: dict[str, Field]) -> Mapping[str, Field]:
    return {
        "format": _format(name),
        "first_night": Field(day),
        "nights": Field(whole),
        "city": Field(text),
        "scarce": Field(names, frozenset()),
        "units": Field(listed(record(UnitFacts, unit))),
        "shared_caps": Field(listed(record(CapFacts, cap)), ()),
        "needs": Field(listed(_need(need))),
        "prices": Field(listed(row(_price, text, whole, whole, whole)), ()),
    }


def _first(part: str, fields: dict[str, Field]) -> dict[str, Field]:
    return {key: field for key, field in fields.items() if key not in SINCE_2[part]}


INSTANCE: Mapping[str, Mapping[str, Field]] = {
    FIRST_FORMAT: _instance(FIRST_FORMAT, _first("units", UNIT), _first("needs", NEED), FIRST_CAP),
    INSTANCE_FORMAT: _instance(INSTANCE_FORMAT, UNIT, NEED, CAP),
}

STAY = {"stay": Field(nullable(natural), None)}
MATCH = {
    "need": Field(text),
    "unit": Field(text),
    "start": Field(whole),
    "ask": Field(listed(text), ()),
    "why": Field(listed(text), ()),
}
UNMATCHED = {
    "need": Field(text),
    "met_out_of_city": Field(flag, False),
    "causes": Field(listed(record(Cause, {"rule": Field(text), "units": Field(natural)})), ()),
    "nearest": Field(listed(record(Nearest, {"unit": Field(text), "refused_by": Field(listed(text))})), ()),
    "change": Field(
        listed(record(Relaxation, {"rule": Field(text), "opens": Field(listed(text)), "say": Field(text)})), ()
    ),
}
OUTCOME = {"slug": Field(text), "value": Field(whole), "bound": Field(whole)}


def _status(value: Any, place: str) -> Literal["optimal", "feasible"]:
    if value not in ("optimal", "feasible"):
        raise MalformedDocument(place, "must be 'optimal' or 'feasible'")
    return "optimal" if value == "optimal" else "feasible"


def _plan(name: str, match: dict[str, Field], unmatched: dict[str, Field]) -> Mapping[str, Field]:
    return {
        "format": _format(name),
        "instance_sha256": Field(text),
        "status": Field(_status),
        "backend": Field(text),
        "seed": Field(natural),
        "seconds": Field(number),
        "versions": Field(mapped(text), {}),
        "matches": Field(listed(record(Match, match))),
        "unmatched": Field(listed(record(Unmatched, unmatched))),
        "objectives": Field(listed(record(TierOutcome, OUTCOME))),
    }


PLAN: Mapping[str, Mapping[str, Field]] = {
    FIRST_PLAN_FORMAT: _plan(FIRST_PLAN_FORMAT, MATCH, UNMATCHED),
    PLAN_FORMAT: _plan(PLAN_FORMAT, MATCH | STAY, UNMATCHED | STAY),
}
