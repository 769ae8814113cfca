"""Rows of many files → one record a location, the same whatever order the files came in.

Newer files are believed before older ones and, of one date, the API before a directory and a directory before the
ratings file. What the best file does not say is taken from the next. Facts that belong together move together: a name
of a provider comes with its id, an address with its postcode, an end of registration with the registration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from placement.market.imports.cqc.rows import CqcLocation, CqcProvider, CqcRating, Reading

Listed = TypeVar("Listed", CqcLocation, CqcProvider)
_WHOLE_FACTS = ("name", "local_authority", "is_social_care", "registered_on", "is_care_home", "is_dormant", "beds")
_DUAL_FACTS = ("is_dual", "primary_id")
# Lists that belong together, and the list of what could not be read in them.
_JOINED_FACTS = (
    (("service_types", "other_service_types"), "unread_types"),
    (("specialisms", "ages"), "unread_bands"),
    (("predecessor_ids", "successor_ids"), ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """All locations and providers by id, and for every id that was given up the one that it goes on under."""

    locations: Mapping[str, CqcLocation]
    providers: Mapping[str, CqcProvider]
    goes_on_as: Mapping[str, str]


def combine(reading: Reading) -> Combined:
    """Return one record a location and a provider, each made of everything that was read about it."""
    rated = _by_id(reading.ratings, lambda rating: rating.location_id)
    providers = {
        key: _one_provider(rows) for key, rows in _by_id(reading.providers, lambda each: each.provider_id).items()
    }
    runs = _runs(providers)
    locations = {
        key: _one_location(rows, rated.get(key, []), providers, runs.get(key, ""))
        for key, rows in _by_id(reading.locations, lambda each: each.location_id).items()
    }
    return Combined(locations=locations, providers=providers, goes_on_as=re_registrations(locations))


def re_registrations(locations: Mapping[str, CqcLocation]) -> dict[str, str]:
    """Return, for each location id that was given up, the id at the end of its chain of successors.

    A location that is still registered is not given up, whoever calls it a predecessor. Of several successors the
    registered one counts, then the one registered last. A chain that runs in a circle leads nowhere and is left out.
    """
    following = {
        old: max(news, key=lambda new: _standing(locations.get(new), new)) for old, news in _steps(locations).items()
    }
    ends = {old: _end_of_chain(old, following) for old in following}
    return {old: end for old, end in sorted(ends.items()) if end is not None}


def _by_id(rows: Iterable[Any], identity: Callable[[Any], str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in dict.fromkeys(rows):
        found[identity(row)].append(row)
    return {key: sorted(found[key], key=_belief, reverse=True) for key in sorted(found)}


def _belief(row: CqcLocation | CqcProvider | CqcRating) -> tuple[date, int, str]:
    # The last part only settles which of two rows of one file and date comes first, always in the same way.
    return row.vintage or date.min, row.source, repr(row)


def _one_location(
    rows: Sequence[CqcLocation], ratings: Sequence[CqcRating], providers: Mapping[str, CqcProvider], listed_by: str
) -> CqcLocation:
    facts: dict[str, Any] = {name: _first(getattr(row, name) for row in rows) for name in _WHOLE_FACTS}
    facts |= _registration(rows) | _seat(rows) | _origin(rows) | _provider_of(rows, providers, listed_by)
    facts |= {name: _first(getattr(row, name) for row in rows) for name in _DUAL_FACTS}
    for names, unread in _JOINED_FACTS:
        facts |= _joined(rows, names, unread)
    return replace(rows[0], **facts, ratings=_best_ratings(ratings))


def _one_provider(rows: Sequence[CqcProvider]) -> CqcProvider:
    name = _first(row.name for row in rows)
    location_ids = next((row.location_ids for row in rows if row.location_ids), ())
    return replace(rows[0], name=name, **_registration(rows), location_ids=location_ids)


def _runs(providers: Mapping[str, CqcProvider]) -> dict[str, str]:
    """Return which provider's own list a location stands in, where it stands in one only."""
    found: dict[str, set[str]] = defaultdict(set)
    for provider in providers.values():
        for location_id in provider.location_ids:
            found[location_id].add(provider.provider_id)
    return {location_id: min(ids) for location_id, ids in found.items() if len(ids) == 1}


def _first(values: Iterable[Any]) -> Any:
    """Return the first value that says something; 0 and no say something."""
    listed = list(values)
    return next((value for value in listed if value not in (None, "")), listed[0])


def _registration(rows: Sequence[Listed]) -> dict[str, Any]:
    told = next((row for row in rows if row.is_registered is not None), rows[0])
    return {"is_registered": told.is_registered, "deregistered_on": told.deregistered_on}


def _seat(rows: Sequence[CqcLocation]) -> dict[str, Any]:
    postcode = _first(row.postcode for row in rows)
    there = [row.address for row in rows if row.address and row.postcode == postcode]
    return {"postcode": postcode, "address": there[0] if there else ()}


def _origin(rows: Sequence[CqcLocation]) -> dict[str, Any]:
    seated = next((row for row in rows if row.postcode), rows[0])
    return {"file": seated.file, "row": seated.row}


def _provider_of(rows: Sequence[CqcLocation], providers: Mapping[str, CqcProvider], listed_by: str) -> dict[str, Any]:
    provider_id = _first(row.provider_id for row in rows) or listed_by
    names = [row.provider_name for row in rows if row.provider_id == provider_id]
    known = providers.get(provider_id)
    return {"provider_id": provider_id, "provider_name": _first([*names, known.name if known else ""])}


def _joined(rows: Sequence[CqcLocation], names: tuple[str, ...], unread: str) -> dict[str, Any]:
    """Return lists from the best file that has any of them; what one file says in two rows is put together.

    A file in which nothing of them can be read says nothing.
    """
    every = (*names, unread) if unread else names
    for _, group in groupby(rows, key=lambda row: (row.vintage, row.source)):
        same_file = list(group)
        joined = {name: _union(getattr(row, name) for row in same_file) for name in every}
        if any(joined[name] for name in names):
            return joined
    return dict.fromkeys(names, ())


def _union(lists: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(sorted({each for listed in lists for each in listed}, key=_as_sorted))


def _as_sorted(each: Any) -> tuple[int, str]:
    return (getattr(each, "youngest", 0), str(each))


def _best_ratings(ratings: Sequence[CqcRating]) -> tuple[CqcRating, ...]:
    """Return for each service group what the newest files that rate it say, the last published first in each domain."""
    newest: dict[str, date] = {}
    for each in ratings:
        newest[each.service_group] = max(newest.get(each.service_group, date.min), each.vintage or date.min)
    best: dict[tuple[str, str], CqcRating] = {}
    for each in sorted(ratings, key=lambda each: (each.published_on or date.min, each.source, repr(each))):
        if (each.vintage or date.min) == newest[each.service_group]:
            best[each.service_group, each.domain] = each
    return tuple(best[key] for key in sorted(best))


def _steps(locations: Mapping[str, CqcLocation]) -> dict[str, set[str]]:
    pairs = [(each.location_id, new) for each in locations.values() for new in each.successor_ids]
    pairs += [(old, each.location_id) for each in locations.values() for old in each.predecessor_ids]
    steps: dict[str, set[str]] = defaultdict(set)
    for old, new in pairs:
        if old != new and not (old in locations and locations[old].is_registered):
            steps[old].add(new)
    return steps


def _standing(location: CqcLocation | None, location_id: str) -> tuple[bool, date, str]:
    if location is None:
        return False, date.min, location_id
    return location.is_registered is True, location.registered_on or date.min, location_id


def _end_of_chain(old: str, following: Mapping[str, str]) -> str | None:
    seen, at = {old}, following[old]
    while at in following:
        if at in seen:
            return None
        seen.add(at)
        at = following[at]
    return at
