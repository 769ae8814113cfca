"""Reading and writing `placement-instance/2` and `placement-plan/2`, and the fingerprint of an instance.

What has nothing of what version 2 added is written as version 1, so that what was fingerprinted before
there was a second version still has its fingerprint.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from hashlib import sha256
from typing import Any, TypeVar

from placement.matching.problem.errors import MalformedDocument, MalformedInstance, MalformedPlan
from placement.matching.problem.facts import Neighbour, Nights, Resident, ServiceNights, Span, SupportPrice
from placement.matching.problem.formats import (
    FIRST_FORMAT,
    FIRST_PLAN_FORMAT,
    INSTANCE,
    INSTANCE_FORMAT,
    PLAN,
    PLAN_FORMAT,
    SINCE_2,
)
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.problem.shapes import parsed, record

T = TypeVar("T")


def _without_format(build: Callable[..., T]) -> Callable[..., T]:
    return lambda format, **entries: build(**entries)


def read_instance(source: bytes | str) -> Instance:
    """Read an instance document; raises MalformedInstance, whose message names the place."""
    try:
        document = parsed(source)
        fields = INSTANCE[FIRST_FORMAT if _named(document) == FIRST_FORMAT else INSTANCE_FORMAT]
        return record(_without_format(Instance), fields)(document, "")
    except MalformedInstance:
        raise
    except MalformedDocument as error:
        raise MalformedInstance(error.place, error.reason) from None


def read_plan(source: bytes | str) -> Plan:
    """Read a plan document; raises MalformedPlan, whose message names the place. Whether it is true, `check` says."""
    try:
        document = parsed(source)
        fields = PLAN[PLAN_FORMAT if _named(document) == PLAN_FORMAT else FIRST_PLAN_FORMAT]
        return record(_without_format(Plan), fields)(document, "")
    except MalformedDocument as error:
        raise MalformedPlan(error.place, error.reason) from None


def _named(document: Any) -> object:
    return document.get("format") if isinstance(document, dict) else None


def write_instance(instance: Instance) -> str:
    """Return the instance as a document, in the order in which it is held."""
    return _written(instance_document(instance))


def write_plan(plan: Plan) -> str:
    """Return the plan as a document."""
    return _written(plan_document(plan))


def instance_document(instance: Instance) -> dict[str, Any]:
    """Return the instance as plain JSON values, sets sorted; of what version 2 added only what says something."""
    document = {"format": FIRST_FORMAT, **plain_values(instance)}
    for part, added in SINCE_2.items():
        for entry in document[part]:
            for key, nothing in added.items():
                if entry[key] == nothing:
                    del entry[key]
                else:
                    document["format"] = INSTANCE_FORMAT
    for cap in document["shared_caps"]:
        if cap["places"] is None:
            del cap["places"]
    document["prices"] = [[price.unit, price.start, price.end, price.points] for price in instance.prices]
    return document


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain JSON values."""
    document = {"format": FIRST_PLAN_FORMAT, **plain_values(plan)}
    for entry in (*document["matches"], *document["unmatched"]):
        if entry["stay"] is None:
            del entry["stay"]
        else:
            document["format"] = PLAN_FORMAT
    for entry in document["unmatched"]:
        if not entry["met_out_of_city"]:
            del entry["met_out_of_city"]
    return document


def fingerprint(instance: Instance) -> str:
    """Return the SHA-256 of the instance's canonical document: the same in whatever order its parts were given."""
    document = instance_document(instance)
    for part in ("units", "needs", "shared_caps"):
        document[part].sort(key=lambda entry: str(entry["id"]))
    document["prices"].sort()
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return sha256(canonical.encode("utf-8")).hexdigest()


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


_PLAIN: dict[type, Callable[[Any], Any]] = {
    frozenset: sorted,
    tuple: lambda value: [plain_values(item) for item in value],
    Span: list,
    Resident: list,
    ServiceNights: list,
    Nights: list,
    Neighbour: list,
    SupportPrice: list,
    dict: lambda value: {key: plain_values(value[key]) for key in sorted(value)},
    float: lambda value: int(value) if value.is_integer() else value,
}


def plain_values(value: Any) -> Any:
    """Return facts as JSON values; 52.0 and 52 are written alike, so that they have one fingerprint."""
    if type(value) in _PLAIN:
        return _PLAIN[type(value)](value)
    if hasattr(value, "__dataclass_fields__"):
        return {entry.name: plain_values(getattr(value, entry.name)) for entry in fields(value)}
    return value.isoformat() if hasattr(value, "isoformat") else value
