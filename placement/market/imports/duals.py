"""Two registrations of the same beds: the CQC calls them dual and names the primary one. The beds are counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from placement.market.imports.cqc.combine import Combined
from placement.market.imports.cqc.rows import CqcLocation
from placement.market.imports.register import Register

SAME_BEDS = "It has the same beds as {} (dual registration): they are counted there"
BOTH_STORED = "It has the same beds as {} (dual registration), and the register has both: join the two by hand"
PRIMARY_UNREAD = "It has the same beds as {} (dual registration), which is not in the register: they are counted here"
NO_PRIMARY = "It is dual registered, and the files do not say with which location: its beds may be counted twice"


def primary_of(location: CqcLocation) -> str:
    """Return the id of the location that a location's beds are counted under, where that is another one."""
    return location.primary_id if location.primary_id != location.location_id else ""


def secondaries(combined: Combined) -> Mapping[str, tuple[str, ...]]:
    """Return for each primary location the ids of those that have the same beds."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, location in combined.locations.items():
        if primary := primary_of(location):
            found[primary].append(key)
    return {key: tuple(ids) for key, ids in found.items()}


def counted_under(location: CqcLocation, combined: Combined, register: Register, added: Collection[str]) -> str:
    """Return the id under which a new location's beds are counted already, or nothing.

    `added` are the locations that this import adds before it. Where the register has the secondary one and not the
    primary, that one goes on: its units and stays are there.
    """
    primary = primary_of(location)
    if primary and (primary in added or primary in register.services):
        return primary
    others = secondaries(combined).get(location.location_id, ()) if not primary else ()
    return next((each for each in others if each in register.services), "")


def note_of(location: CqcLocation, register: Register, *, is_stored: bool) -> str:
    """Return what to say of a location with a dual registration that is in the register or goes into it."""
    if primary := primary_of(location):
        both = is_stored and primary in register.services
        return (BOTH_STORED if both else PRIMARY_UNREAD).format(primary)
    return NO_PRIMARY if location.is_dual and not location.primary_id else ""
