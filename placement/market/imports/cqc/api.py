"""Answers of CQC's syndication API (JSON) → locations, providers and ratings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from placement.domain.errors import UnusableFile
from placement.market.imports.cqc import cells, terms
from placement.market.imports.cqc.rows import OVERALL, CqcLocation, CqcProvider, CqcRating, Problem, Reading, Source
from placement.market.imports.cqc.table_rows import UNREAD, unread_words

NO_ID = "The entry has no location id or provider id that can be read"
NO_NAME = "The entry has no name"
NOT_AN_ENTRY = "The entry is not a JSON object"
ONLY_LISTED = "The entry is a line of a list, with a name only: fetch the location itself"

ADDRESS = ("postalAddressLine1", "postalAddressLine2", "postalAddressTownCity", "postalAddressCounty")
_PREDECESSOR, _SUCCESSOR = "hsca predecessor", "hsca successor"


def read_api(text: str, *, file: str, vintage: date | None) -> Reading:
    """Return what one answer, or a list of answers, says. UnusableFile if the text is not JSON at all."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableFile("This looks like JSON and cannot be read as JSON") from error
    entries = _entries(document)
    return Reading.of(_entry(each, place, file, vintage) for place, each in enumerate(entries, start=1))


def _entries(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    for listing in ("locations", "providers"):
        if isinstance(document, dict) and isinstance(document.get(listing), list) and "total" in document:
            return list(document[listing])
    return [document]


def _entry(entry: Any, place: int, file: str, vintage: date | None) -> Reading:
    if not isinstance(entry, dict):
        return _lost(file, place, NOT_AN_ENTRY)
    if "locationName" in entry or "providerName" in entry:
        return _lost(file, place, ONLY_LISTED)
    location_id, provider_id = cells.identity(entry.get("locationId")), cells.identity(entry.get("providerId"))
    if not (location_id or provider_id) or ("locationId" in entry and not location_id):
        return _lost(file, place, NO_ID)
    if not cells.text(entry.get("name")):
        return _lost(file, place, NO_NAME)
    if location_id:
        location = _location(entry, location_id, file, place, vintage)
        reasons = (*_unread(entry, _LOCATION_VALUES), *_unread_lists(entry, location), *_unread_ratings(entry))
        doubts = tuple(Problem(file=file, row=place, reason=reason, is_row_used=True) for reason in reasons)
        return Reading(rows_read=1, locations=(location,), ratings=location.ratings, problems=doubts)
    reasons = tuple(_unread(entry, _PROVIDER_VALUES))
    doubts = tuple(Problem(file=file, row=place, reason=reason, is_row_used=True) for reason in reasons)
    return Reading(rows_read=1, providers=(_provider(entry, provider_id, vintage),), problems=doubts)


def _is_postcode(cell: object) -> bool | None:
    return cells.is_postcode(cells.postcode(cell)) or None


def _day(cell: object) -> date | None:
    return cells.day(cell, is_day_first=False)


def _status(cell: object) -> bool | None:
    return terms.STATUSES.get(terms.fold(cells.text(cell)))


def _sector(cell: object) -> bool | None:
    return terms.is_social_care([cells.text(cell)])


# Keys whose value is one thing, and what reads it: none for a value that is there and cannot be read.
_PROVIDER_VALUES: Mapping[str, Callable[[object], object]] = {
    "registrationStatus": _status,
    "deregistrationDate": _day,
}
_LOCATION_VALUES: Mapping[str, Callable[[object], object]] = {
    **_PROVIDER_VALUES,
    "postalCode": _is_postcode,
    "providerId": lambda cell: cells.identity(cell) or None,
    "registrationDate": _day,
    "careHome": cells.flag,
    "dormancy": cells.flag,
    "numberOfBeds": cells.count,
    "type": _sector,
}
_LISTS = ("gacServiceTypes", "specialisms", "relationships")


def _unread(entry: Mapping[str, Any], values: Mapping[str, Callable[[object], object]]) -> Iterator[str]:
    """Yield why a value of an entry was left out."""
    for key, read in values.items():
        if cells.text(entry.get(key)) and read(entry[key]) is None:
            yield UNREAD.format(key)


def _unread_lists(entry: Mapping[str, Any], location: CqcLocation) -> Iterator[str]:
    for key in _LISTS:
        if entry.get(key) not in (None, "", []) and not _list(entry, key):
            yield UNREAD.format(key)
    if location.unread_types:
        any_read = bool(location.service_types or location.other_service_types)
        yield unread_words("gacServiceTypes", location.unread_types, any_read=any_read)
    if location.unread_bands:
        any_read = bool(location.specialisms or location.ages)
        yield unread_words("specialisms", location.unread_bands, any_read=any_read)


def _unread_ratings(entry: Mapping[str, Any]) -> Iterator[str]:
    words = {cells.text(each.get("rating")) for _, judged in _judged(entry) for each in (judged, *_domains(judged))}
    if any(each and not terms.is_rating(each) for each in words):
        yield UNREAD.format("rating")


def _lost(file: str, place: int, reason: str) -> Reading:
    return Reading(rows_read=1, problems=(Problem(file=file, row=place, reason=reason),))


def _location(entry: Mapping[str, Any], location_id: str, file: str, place: int, vintage: date | None) -> CqcLocation:
    types = terms.service_types(filter(None, map(_described, _list(entry, "gacServiceTypes"))))
    bands = terms.bands(_names(entry, "specialisms"))
    return CqcLocation(
        location_id=location_id,
        name=cells.text(entry.get("name")),
        provider_id=cells.identity(entry.get("providerId")),
        postcode=cells.postcode(entry.get("postalCode")),
        address=cells.address(entry.get(line) for line in ADDRESS),
        local_authority=cells.text(entry.get("localAuthority")),
        is_social_care=_sector(entry.get("type")),
        is_registered=_status(entry.get("registrationStatus")),
        registered_on=_day(entry.get("registrationDate")),
        deregistered_on=_day(entry.get("deregistrationDate")),
        is_care_home=cells.flag(entry.get("careHome")),
        is_dormant=cells.flag(entry.get("dormancy")),
        beds=cells.count(entry.get("numberOfBeds")),
        service_types=types.slugs,
        other_service_types=types.others,
        unread_types=types.unread,
        specialisms=bands.specialisms,
        ages=bands.ages,
        unread_bands=bands.unread,
        ratings=tuple(_ratings(entry, location_id, vintage)),
        predecessor_ids=_related(entry, _PREDECESSOR),
        successor_ids=_related(entry, _SUCCESSOR),
        source=Source.API,
        vintage=vintage,
        file=file,
        row=place,
    )


def _provider(entry: Mapping[str, Any], provider_id: str, vintage: date | None) -> CqcProvider:
    ids = entry.get("locationIds")
    return CqcProvider(
        provider_id=provider_id,
        name=cells.text(entry.get("name")),
        is_registered=_status(entry.get("registrationStatus")),
        deregistered_on=_day(entry.get("deregistrationDate")),
        location_ids=tuple(sorted(filter(None, map(cells.identity, ids)))) if isinstance(ids, list) else (),
        source=Source.API,
        vintage=vintage,
    )


def _ratings(entry: Mapping[str, Any], location_id: str, vintage: date | None) -> Iterator[CqcRating]:
    """Yield today's ratings: of the whole location, of its services in the older form, and of its service groups."""
    for group, judged in _judged(entry):
        published_on = _day(judged.get("reportDate")) or _day(judged.get("assessmentDate"))
        each_domain = [(OVERALL, judged), *((_domain(each), each) for each in _domains(judged))]
        for domain, each in each_domain:
            words = cells.text(each.get("rating"))
            if domain and terms.is_rating(words):
                yield CqcRating(
                    location_id=location_id,
                    service_group=group,
                    domain=domain,
                    quality=terms.quality_of(words),
                    words=terms.rating_words(words),
                    published_on=_day(each.get("reportDate")) or published_on,
                    source=Source.API,
                    vintage=vintage,
                )


def _judged(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    current = _object(entry, "currentRatings")
    if overall := _object(current, "overall"):
        yield OVERALL, overall
    for each in _list(current, "serviceRatings"):
        yield terms.group_slug(cells.text(each.get("name"))), each
    for assessment in _list(entry, "assessment"):
        # Since 2024 a service group is assessed on its own, and the location's own rating may be missing.
        for each in _list(_object(assessment, "ratings"), "asgRatings"):
            if terms.fold(cells.text(each.get("status"))) == "current":
                yield terms.group_slug(cells.text(each.get("name"))), each


def _domains(judged: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _list(judged, "keyQuestionRatings")


def _domain(each: Mapping[str, Any]) -> str | None:
    return terms.DOMAINS.get(terms.fold(cells.text(each.get("name"))))


def _related(entry: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    related = _list(entry, "relationships")
    ids = (
        cells.identity(each.get("relatedLocationId"))
        for each in related
        if terms.fold(cells.text(each.get("type"))) == kind
    )
    return tuple(sorted(set(filter(None, ids))))


def _described(each: Mapping[str, Any]) -> str:
    """Return a service type in the CQC's long words, or in its short ones where those alone are known."""
    long, short = cells.text(each.get("description")), cells.text(each.get("name"))
    return short if not long or (not terms.is_service_type(long) and terms.is_service_type(short)) else long


def _names(entry: Mapping[str, Any], key: str) -> Iterable[str]:
    return filter(None, (cells.text(each.get("name")) for each in _list(entry, key)))


def _list(entry: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = entry.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _object(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}
