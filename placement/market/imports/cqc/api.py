"""Answers of CQC's syndication API (JSON) → locations, providers and ratings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from placement.domain.errors import UnusableFile
from placement.market.imports.cqc import cells, terms
from placement.market.imports.cqc.rows import OVERALL, CqcLocation, CqcProvider, CqcRating, Problem, Reading, Source

NO_ID = "The entry has no location id or provider id that can be read"
NO_NAME = "The entry has no name"
NO_POSTCODE = "“postalCode” is not a postcode"
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
        doubts = _doubts(location.postcode, file, place)
        return Reading(rows_read=1, locations=(location,), ratings=location.ratings, problems=doubts)
    return Reading(rows_read=1, providers=(_provider(entry, provider_id, vintage),))


def _doubts(postcode: str, file: str, place: int) -> tuple[Problem, ...]:
    if not postcode or cells.is_postcode(postcode):
        return ()
    return (Problem(file=file, row=place, reason=NO_POSTCODE, is_row_used=True),)


def _lost(file: str, place: int, reason: str) -> Reading:
    return Reading(rows_read=1, problems=(Problem(file=file, row=place, reason=reason),))


def _location(entry: Mapping[str, Any], location_id: str, file: str, place: int, vintage: date | None) -> CqcLocation:
    described = [
        cells.text(each.get("description")) or cells.text(each.get("name")) for each in _list(entry, "gacServiceTypes")
    ]
    types, other_types = terms.service_types(filter(None, described))
    specialisms, ages, other_bands = terms.bands(_names(entry, "specialisms"))
    return CqcLocation(
        location_id=location_id,
        name=cells.text(entry.get("name")),
        provider_id=cells.identity(entry.get("providerId")),
        postcode=cells.postcode(entry.get("postalCode")),
        address=cells.address(entry.get(line) for line in ADDRESS),
        local_authority=cells.text(entry.get("localAuthority")),
        is_social_care=terms.fold(cells.text(entry.get("type"))) in terms.SOCIAL_CARE if entry.get("type") else None,
        is_registered=_is_registered(entry),
        registered_on=_day(entry.get("registrationDate")),
        deregistered_on=_day(entry.get("deregistrationDate")),
        is_care_home=cells.flag(entry.get("careHome")),
        is_dormant=cells.flag(entry.get("dormancy")),
        beds=cells.count(entry.get("numberOfBeds")),
        service_types=types,
        other_service_types=other_types,
        specialisms=specialisms,
        ages=ages,
        other_bands=other_bands,
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
        postcode=cells.postcode(entry.get("postalCode")),
        address=cells.address(entry.get(line) for line in ADDRESS),
        local_authority=cells.text(entry.get("localAuthority")),
        is_registered=_is_registered(entry),
        registered_on=_day(entry.get("registrationDate")),
        deregistered_on=_day(entry.get("deregistrationDate")),
        location_ids=tuple(sorted(filter(None, map(cells.identity, ids)))) if isinstance(ids, list) else (),
        source=Source.API,
        vintage=vintage,
    )


def _ratings(entry: Mapping[str, Any], location_id: str, vintage: date | None) -> Iterator[CqcRating]:
    """Yield today's ratings: of the whole location, of its services in the older form, and of its service groups."""
    for group, judged in _judged(entry):
        published_on = _day(judged.get("reportDate")) or _day(judged.get("assessmentDate"))
        each_domain = [(OVERALL, judged), *((_domain(each), each) for each in _list(judged, "keyQuestionRatings"))]
        for domain, each in each_domain:
            words = cells.text(each.get("rating"))
            if domain and words:
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


def _domain(each: Mapping[str, Any]) -> str | None:
    return terms.DOMAINS.get(terms.fold(cells.text(each.get("name"))))


def _is_registered(entry: Mapping[str, Any]) -> bool | None:
    return terms.STATUSES.get(terms.fold(cells.text(entry.get("registrationStatus"))))


def _related(entry: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    related = _list(entry, "relationships")
    ids = (
        cells.identity(each.get("relatedLocationId"))
        for each in related
        if terms.fold(cells.text(each.get("type"))) == kind
    )
    return tuple(sorted(set(filter(None, ids))))


def _names(entry: Mapping[str, Any], key: str) -> Iterable[str]:
    return filter(None, (cells.text(each.get("name")) for each in _list(entry, key)))


def _list(entry: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = entry.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _object(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def _day(cell: object) -> date | None:
    return cells.day(cell, is_day_first=False)
