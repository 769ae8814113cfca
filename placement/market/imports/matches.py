"""Which service of the register a location is: by its id, by the id that it had before, or by name and postcode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from placement.market.imports.cqc.combine import Combined
from placement.market.imports.cqc.rows import CqcLocation
from placement.market.imports.register import Register, StoredService

Namesakes = Mapping[tuple[str, str], StoredService]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationMatch:
    """A location, the service that it is (none: a new one) and the ids that it had before.

    `location` is none where the files only say under which id a service goes on. `merged_into` is the id under which
    this service would go on if another service did not have it already.
    """

    location_id: str
    location: CqcLocation | None
    service: StoredService | None
    former_ids: tuple[str, ...] = ()
    merged_into: str = ""


def matches(register: Register, combined: Combined) -> list[LocationMatch]:
    """Return a match for each service that the files say something about, then one for each new location, by id.

    Every location has one, but for those that go on under another id.
    """
    held = _held(register, combined)
    known = [match for location_id in sorted(held) for match in _known(location_id, held[location_id], combined)]
    taken = {match.location_id for match in known}
    new = [
        each
        for key, each in combined.locations.items()
        if key not in taken and not _is_earlier(key, register, combined)
    ]
    every = [match for match in known if _is_told(match)] + _new(new, _namesakes(register))
    before = _ids_before(combined)
    return [_with_former_ids(match, before.get(match.location_id, ()), register) for match in every]


def _is_earlier(location_id: str, register: Register, combined: Combined) -> bool:
    """Return whether a location goes on under another id, by the files or by what the register followed before."""
    followed = location_id in register.former and location_id not in register.services
    return followed or location_id in combined.goes_on_as


def _held(register: Register, combined: Combined) -> dict[str, list[StoredService]]:
    held: dict[str, list[StoredService]] = defaultdict(list)
    for location_id, service in register.services.items():
        held[combined.goes_on_as.get(location_id, location_id)].append(service)
    return held


def _known(location_id: str, services: Iterable[StoredService], combined: Combined) -> list[LocationMatch]:
    """Return the service that has an id or goes on under it; two cannot have it, so the others stay what they are."""
    keeper, *others = sorted(services, key=lambda each: (each.location_id != location_id, each.row_id))
    rest = [
        LocationMatch(location_id=own, location=combined.locations.get(own), service=each, merged_into=location_id)
        for each in others
        if (own := each.location_id)
    ]
    return [LocationMatch(location_id=location_id, location=combined.locations.get(location_id), service=keeper), *rest]


def _is_told(match: LocationMatch) -> bool:
    moves = match.service is not None and match.location_id != match.service.location_id
    return match.location is not None or moves or bool(match.merged_into)


def _new(locations: Iterable[CqcLocation], namesakes: Namesakes) -> list[LocationMatch]:
    by_key: dict[tuple[str, str], list[CqcLocation]] = defaultdict(list)
    for each in locations:
        by_key[_key(each.name, each.postcode)].append(each)
    alike = {key: namesakes.get(key) if len(same) == 1 else None for key, same in by_key.items()}
    made = [
        LocationMatch(location_id=each.location_id, location=each, service=service if each.is_registered else None)
        for key, same in by_key.items()
        for each, service in ((one, alike[key]) for one in same)
    ]
    return sorted(made, key=lambda match: match.location_id)


def _namesakes(register: Register) -> Namesakes:
    """Return the services that somebody added without a location id, by name and postcode where only one has them."""
    found: dict[tuple[str, str], list[StoredService]] = defaultdict(list)
    for each in register.unregistered:
        found[_key(each.values["name"], each.values["postcode"])].append(each)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


def _key(name: str, postcode: str) -> tuple[str, str]:
    return " ".join(name.split()).casefold(), postcode


def _ids_before(combined: Combined) -> dict[str, list[str]]:
    before: dict[str, list[str]] = defaultdict(list)
    for old, new in combined.goes_on_as.items():
        before[new].append(old)
    return before


def _with_former_ids(match: LocationMatch, before: Iterable[str], register: Register) -> LocationMatch:
    """Return the match with every id that goes on as this one and is no other service's, now or formerly."""
    if match.merged_into:
        return match
    own = match.service.row_id if match.service else None
    ids = {old for old in before if _owner(old, register) in (None, own)}
    if match.service and match.service.location_id:
        ids.add(match.service.location_id)
    kept = match.service.values["former_ids"] if match.service else ()
    return replace(match, former_ids=tuple(sorted({*kept, *ids} - {match.location_id})))


def _owner(location_id: str, register: Register) -> int | None:
    now = register.services.get(location_id)
    return now.row_id if now else register.former.get(location_id)
