"""What an import would change, as frozen rows. A dry run prints them and an import does them: there is one plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any

from placement.market.imports.cqc.rows import CqcLocation, Problem

ALL_PLACES = "All places"

# What the CQC decides about a service: these fields follow its files. Everything else is the council's or the
# provider's and is never touched: units, offers, prices, rules, reports, placements, standings. The type of service is
# ours too as long as the location is still registered for it, and so is being listed until the registration ends or the
# location falls dormant.
CQC_FIELDS = {
    "cqc_location_id": "location id",
    "former_ids": "earlier location ids",
    "provider": "provider",
    "name": "name",
    "service_type": "service type",
    "address": "address",
    "postcode": "postcode",
    "lat": "latitude",
    "lon": "longitude",
    "authority": "council",
    "lsoa": "LSOA",
    "ward_code": "ward",
    "quality": "rating",
    "rated_on": "rated on",
    "cqc_beds": "beds",
    "registered_on": "registered on",
    "deregistered_on": "deregistered on",
    "is_dormant": "dormant",
    "is_listed": "listed",
    "bands": "service-user bands",
}
PROVIDER_FIELDS = {"cqc_id": "provider id", "name": "name"}
LABELS = PROVIDER_FIELDS | CQC_FIELDS


class Action(StrEnum):
    """What happens to a row; where several things do, the first of these that holds names it."""

    ADDED = "added"
    DEREGISTERED = "deregistered"
    DORMANT = "fell dormant"
    MOVED = "moved registration"
    UPDATED = "updated"


class LeftOutReason(StrEnum):
    """Why a location that can be read has no part in the market. None of these is a fault of the file."""

    OUTSIDE = "outside the area"
    OTHER_SECTOR = "not adult social care"
    CHILDREN = "for children only"
    NO_TYPE = "no service type that this product knows, or none in these files"
    ENDED = "registration ended before the service was in the register"
    SAME_BEDS = "the same beds as another location, by a dual registration"
    EARLIER = "an earlier registration of a location that goes on under another id"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field's value now and as the files have it."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """The unit that a new service with beds begins with. Nothing in it is free until the provider reports."""

    name: str = ALL_PLACES
    capacity: int
    min_age: int
    max_age: int
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChange:
    """What becomes of one row. `row_id` is none where it is new; `version` is the one that the plan was made for."""

    action: Action
    subject: str
    cqc_id: str
    name: str
    row_id: int | None = None
    version: int | None = None
    fields: tuple[FieldChange, ...]
    unit: NewUnit | None = None

    @property
    def values(self) -> Mapping[str, Any]:
        """The new values by field."""
        return {each.field: each.new for each in self.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A location that has no part in the market, and why; `words` say more of this one, where there is more to say."""

    cqc_id: str
    reason: LeftOutReason
    file: str
    row: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that was done as planned and that a person may still want to know."""

    cqc_id: str
    words: str
    file: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """All that an import would do, and all that it would not. Changes of providers come before those of services."""

    changes: tuple[RegisterChange, ...] = ()
    unchanged: int = 0
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()

    def counts(self, subject: str) -> dict[str, int]:
        """Return how many rows of a table each action is about; every action has its number."""
        counted = Counter(change.action for change in self.changes if change.subject == subject)
        return {action.value: counted[action] for action in Action}

    def batches(self, size: int) -> Iterator[ImportPlan]:
        """Yield the changes in order, some at a time, each as a plan of its own."""
        changes = iter(self.changes)
        while some := tuple(islice(changes, size)):
            yield ImportPlan(changes=some)

    def beside(self, problems: tuple[Problem, ...]) -> ImportPlan:
        """Return the plan with the reader's problems before its own; a row that is not used at all says so in both."""
        lost = {(each.file, each.row) for each in self.problems if not each.is_row_used}
        read = (replace(each, is_row_used=each.is_row_used and (each.file, each.row) not in lost) for each in problems)
        return replace(self, problems=(*read, *self.problems))


def differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Return the fields whose wanted value is another than the stored one, in the order of the tables above."""
    named = [name for name in LABELS if name in wanted and wanted[name] != stored.get(name)]
    return tuple(FieldChange(field=name, old=stored.get(name), new=wanted[name]) for name in named)


def problem(location: CqcLocation, reason: str, *, is_row_used: bool = False) -> Problem:
    """Return a problem with the row that a location was read from."""
    return Problem(file=location.file, row=location.row, reason=reason, is_row_used=is_row_used)
