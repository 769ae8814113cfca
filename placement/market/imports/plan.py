"""Combined files and the register → one plan. It only reads, so it can be shown and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from placement.domain.limits import MOST_PLACES
from placement.geography.authorities import authority_name
from placement.geography.gazetteer import Gazetteer, Located
from placement.market.imports import facts
from placement.market.imports.changes import (
    Action,
    FieldChange,
    ImportPlan,
    LeftOutReason,
    RegisterChange,
    differences,
    problem,
)
from placement.market.imports.cqc.combine import Combined
from placement.market.imports.cqc.rows import CqcLocation, Problem
from placement.market.imports.duals import SAME_BEDS, counted_under, note_of, primary_of
from placement.market.imports.findings import Findings
from placement.market.imports.matches import LocationMatch, matches
from placement.market.imports.organisations import ended_providers, provider_changes
from placement.market.imports.register import Register, StoredService, read_register
from placement.market.imports.remarks import remarks_on
from placement.market.imports.scope import MARKET, Scope, is_same_council

NO_POSTCODE = "Not added: none of the files gives its postcode, without which it cannot be located"
NO_PROVIDER = "Not added: no file says which provider runs it"
NOT_LOCATED = "Not added: {}"
NOT_MOVED = "Left where it was: {}"
TOO_MANY_BEDS = "Added without a unit: it cannot have so many beds"
OTHER_COUNCIL = "The file says {}; by its postcode it is in {}"
UNREAD = "It goes on as {}, which is in none of these files: only the id was changed"
ENDED_ON = "registration ended on {}"
STILL_LIVE = "{}, and {} there or reserved: none was ended, so decide on each of them"
ENDED_AFTER_ALL = "The file says that it is registered, and that its registration ended on {}: taken as ended"
MERGED = "It goes on as {}, which another service of the register has: join the two by hand"
NEW: Mapping[str, Any] = {"deregistered_on": None, "is_dormant": False}


def plan_import(
    session: Session,
    combined: Combined,
    gazetteer: Gazetteer,
    *,
    on: date,
    scope: Scope = MARKET,
    problems: tuple[Problem, ...] = (),
) -> ImportPlan:
    """Return what importing the files on a day would do to what is stored; `problems` are those of reading the files.

    Whether a registration has ended is asked of that day.
    """
    register = read_register(session)
    found = Findings(gazetteer=gazetteer, scope=scope, on=on)
    combined = _as_of(combined, found)
    matched = matches(register, combined)
    for match in matched:
        if match.service is not None:
            _follow(match, match.service, found, register)
    new = ((match, match.location) for match in matched if match.service is None)
    # A location whose beds are counted under another comes after that one.
    for match, location in sorted(((each, there) for each, there in new if there), key=_primary_first):
        if under := counted_under(location, combined, register, found.added):
            _leave_secondary(match, location, under, found)
        else:
            _add(match, location, found, register)
    for earlier in sorted(combined.locations.keys() - {match.location_id for match in matched}):
        found.leave(combined.locations[earlier], LeftOutReason.EARLIER)
    found.notes += ended_providers(register, combined, on)
    return found.plan(provider_changes(register, combined, found.runs)).beside(problems)


def _primary_first(pair: tuple[LocationMatch, CqcLocation]) -> tuple[bool, str]:
    match, location = pair
    return bool(primary_of(location)), match.location_id


def _leave_secondary(match: LocationMatch, location: CqcLocation, under: str, found: Findings) -> None:
    reason = _no_part(location)
    found.leave(location, reason or LeftOutReason.SAME_BEDS)
    found.note(match, "" if reason else SAME_BEDS.format(under))


def _as_of(combined: Combined, found: Findings) -> Combined:
    """Return the locations as they stand on the day, with a note on each that says two things of itself."""
    stand = {key: facts.as_of(each, found.on) for key, each in combined.locations.items()}
    for key, each in combined.locations.items():
        if each.is_registered and not stand[key].is_registered and each.deregistered_on:
            found.note_on(each, ENDED_AFTER_ALL.format(each.deregistered_on.isoformat()))
    return replace(combined, locations=stand)


def _follow(match: LocationMatch, service: StoredService, found: Findings, register: Register) -> None:
    """Bring a service of the register to what the files say, wherever it is."""
    values: dict[str, Any] = {}
    if match.location:
        values = _facts(match, match.location, service.values, found)
        values |= _seat_of_known(match.location, service.values, found)
        _compare_council(match, match.location, values.get("authority", service.values["authority"]), found)
        found.note(match, _left_living(match.location, service), first=True)
        found.note(match, note_of(match.location, register, is_stored=True))
    if match.merged_into:
        found.note(match, MERGED.format(match.merged_into))
    else:
        values |= _identity(match)
        found.note(match, "" if match.location else UNREAD.format(match.location_id))
    if "provider" in values:
        found.runs[values["provider"]].add(service.provider_row_id)
    fields = differences(service.values, values)
    found.unchanged += not fields
    if fields:
        name = values.get("name", service.values["name"])
        found.changes.append(_change(match, name, _action(fields), fields, service))


def _add(match: LocationMatch, location: CqcLocation, found: Findings, register: Register) -> None:
    """Add a service for a location that has a part in the market; account for any other."""
    located = _place_of_new(location, found)
    if located is None:
        return
    values = _facts(match, location, NEW, found) | facts.seat(location, located) | _identity(match)
    _compare_council(match, location, located.authority, found)
    found.note(match, note_of(location, register, is_stored=False))
    found.runs[location.provider_id].add(None)
    if (location.beds or 0) > MOST_PLACES:
        found.problems.append(problem(location, TOO_MANY_BEDS, is_row_used=True))
    fields = tuple(each for each in differences(NEW, values) if each.new not in (None, "", ()))
    found.changes.append(_change(match, values["name"], Action.ADDED, fields, None))


def _place_of_new(location: CqcLocation, found: Findings) -> Located | None:
    """Return where a location is that is to be added; none, and the reason kept, where it is not."""
    if reason := _no_part(location):
        found.leave(location, reason, _ended(location) if reason is LeftOutReason.ENDED else "")
        return None
    located = found.locate(location, NOT_LOCATED, is_row_used=False) if location.postcode else None
    if located is None:
        if not location.postcode:
            found.problems.append(problem(location, _no_postcode(location, found)))
        return None
    if reason := _no_place(location, located, found):
        found.leave(location, reason, _types_without_part(location) if reason is LeftOutReason.NO_TYPE else "")
        return None
    if not location.provider_id:
        found.problems.append(problem(location, NO_PROVIDER))
        return None
    return located


def _no_part(location: CqcLocation) -> LeftOutReason | None:
    if location.is_registered is False:
        return LeftOutReason.ENDED
    if location.is_social_care is False:
        return LeftOutReason.OTHER_SECTOR
    return LeftOutReason.CHILDREN if facts.is_for_children_only(location) else None


def _no_place(location: CqcLocation, located: Located, found: Findings) -> LeftOutReason | None:
    if not found.scope.takes(located.authority):
        return LeftOutReason.OUTSIDE
    return None if facts.service_type(location, None) else LeftOutReason.NO_TYPE


def _facts(match: LocationMatch, location: CqcLocation, stored: Mapping[str, Any], found: Findings) -> dict[str, Any]:
    """Return what a location says but for where it is."""
    slug = facts.service_type(location, stored.get("service_type"))
    rated, note = facts.rating(location, slug or "", stored)
    found.note(match, note)
    is_news = stored is NEW or any(stored.get(name) != value for name, value in rated.items())
    for remark in remarks_on(location, slug or "", is_news=is_news):
        found.note(match, remark)
    registration = facts.registration(location, stored, found.on)
    return facts.said(location, stored) | {"service_type": slug} | registration | rated


def _seat_of_known(location: CqcLocation, stored: Mapping[str, Any], found: Findings) -> dict[str, Any]:
    """Return where a service is if it has moved; one whose new postcode nobody knows stays where it was."""
    if not location.postcode:
        return {}
    if location.postcode == stored["postcode"] and stored["lat"] is not None:
        return facts.address(location)
    located = found.locate(location, NOT_MOVED, is_row_used=True)
    return facts.seat(location, located) if located else {}


def _left_living(location: CqcLocation, service: StoredService) -> str:
    has_ended = location.is_registered is False
    if not service.live_stays or not (has_ended or location.is_dormant):
        return ""
    people = "1 stay is still live" if service.live_stays == 1 else f"{service.live_stays} stays are still live"
    on = f" on {location.deregistered_on.isoformat()}" if location.deregistered_on else ""
    return STILL_LIVE.format(f"Its registration ended{on}" if has_ended else "It is dormant", people)


def _ended(location: CqcLocation) -> str:
    return ENDED_ON.format(location.deregistered_on.isoformat()) if location.deregistered_on else ""


def _types_without_part(location: CqcLocation) -> str:
    return "; ".join((*location.other_service_types, *location.unread_types))


def _no_postcode(location: CqcLocation, found: Findings) -> str:
    hint = f"; the file says {location.local_authority}" if found.scope.may_mean(location.local_authority) else ""
    return NO_POSTCODE + hint


def _compare_council(match: LocationMatch, location: CqcLocation, authority: str, found: Findings) -> None:
    if not is_same_council(authority, location.local_authority):
        found.note(match, OTHER_COUNCIL.format(location.local_authority, authority_name(authority)))


def _identity(match: LocationMatch) -> dict[str, Any]:
    return {"cqc_location_id": match.location_id, "former_ids": match.former_ids}


def _action(fields: tuple[FieldChange, ...]) -> Action:
    changed = {each.field: each for each in fields}
    if "is_listed" in changed and not changed["is_listed"].new:
        return Action.DEREGISTERED if "deregistered_on" in changed or "is_dormant" not in changed else Action.DORMANT
    moved = "cqc_location_id" in changed and changed["cqc_location_id"].old
    return Action.MOVED if moved else Action.UPDATED


def _change(
    match: LocationMatch, name: str, action: Action, fields: tuple[FieldChange, ...], service: StoredService | None
) -> RegisterChange:
    return RegisterChange(
        action=action,
        subject="service",
        cqc_id=match.location_id,
        name=name,
        row_id=service.row_id if service else None,
        version=service.version if service else None,
        fields=fields,
        unit=facts.first_unit(match.location) if match.location and not service else None,
    )
