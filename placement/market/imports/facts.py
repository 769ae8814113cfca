"""What a location says about a service, as values of the CQC's fields. What a file does not say is not in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from placement.domain.limits import MOST_PLACES
from placement.domain.services import SERVICE_TYPE, rating_label
from placement.geography.gazetteer import Located
from placement.market.imports.changes import NewUnit
from placement.market.imports.cqc.judgement import judgement_for
from placement.market.imports.cqc.rows import CqcLocation
from placement.market.imports.cqc.terms import SERVICE_TYPES

Values = dict[str, Any]

LONGEST = {"name": 200, "address": 300}  # as the columns are
ADULT, OLDEST = 18, 120

# A location with several types becomes one service. Its type is the one that says most about a place at this very
# address: a home, then housing with care, then support in people's own homes, of which the address is only the office.
MAIN_TYPES = ("nursing", "residential", "extra_care", "supported_living", "shared_lives", "homecare")


def service_type(location: CqcLocation, stored: str | None) -> str | None:
    """Return a service's type: the stored one while the location is registered for it, else its main one, if any.

    The council may call a care home a respite unit, or a service crisis accommodation, which needs no registration.
    Where part of a list cannot be read, that part may be the stored type, and it stays.
    """
    if stored and (not location.service_types or location.unread_types or _is_still_registered(stored, location)):
        return stored
    return next((slug for slug in MAIN_TYPES if slug in location.service_types), stored)


def said(location: CqcLocation, stored: Mapping[str, Any]) -> Values:
    """Return the plain facts; the registration, the rating and the seat have rules of their own.

    Bands of which some cannot be read are added to those that are stored, and take none away.
    """
    values: Values = {"cqc_location_id": location.location_id, "name": location.name[: LONGEST["name"]]}
    if location.provider_id:
        values["provider"] = location.provider_id
    if location.specialisms or location.ages:
        kept = stored.get("bands", ()) if location.unread_bands else ()
        values["bands"] = tuple(sorted({*kept, *location.specialisms}))
    facts = {"cqc_beds": location.beds, "registered_on": location.registered_on}
    return values | {name: value for name, value in facts.items() if value is not None}


def as_of(location: CqcLocation, on: date) -> CqcLocation:
    """Return a location with its registration as it stands on a day: a date that has passed ends it, whatever else is
    said, and one that is still to come does not."""
    if location.deregistered_on is None:
        return location
    return replace(location, is_registered=location.deregistered_on > on)


def registration(location: CqcLocation, stored: Mapping[str, Any], on: date) -> Values:
    """Return the end of a registration, whether the location is dormant and, when these change, whether it is listed.

    A service is unlisted when its end or its dormancy is first told and listed again when it is registered and open
    again. In between a person may list or unlist it, and that stays. An end still to come ends it on its day.
    """
    values: Values = {}
    if location.is_registered is not None:
        values["deregistered_on"] = location.deregistered_on
    if location.is_dormant is not None:
        values["is_dormant"] = location.is_dormant
    if location.is_registered is False:
        is_news = location.deregistered_on is None or location.deregistered_on != stored["deregistered_on"]
        return values | ({"is_listed": False} if is_news else {})
    was_open, is_open = _is_open(stored, on), _is_open({**stored, **values}, on)
    return values | ({"is_listed": is_open} if is_open != was_open else {})


def _is_open(values: Mapping[str, Any], on: date) -> bool:
    ended_on = values["deregistered_on"]
    return not values.get("is_dormant") and (ended_on is None or ended_on > on)


def rating(location: CqcLocation, slug: str, stored: Mapping[str, Any]) -> tuple[Values, str]:
    """Return the rating that speaks for a type of service, and a note where the stored one is the later one.

    No rating in the files never takes a rating away: a location that is “Not rated” as a whole may be rated elsewhere.
    """
    judgement = judgement_for(location, slug)
    if judgement is None:
        return {}, ""
    quality, published_on = judgement.rating.quality, judgement.rating.published_on
    kept_on = stored.get("rated_on") if stored.get("quality") is not None else None
    if kept_on is None or (published_on is not None and published_on >= kept_on):
        return {"quality": quality, "rated_on": published_on}, ""
    return {}, "" if quality == stored["quality"] else _kept(quality, published_on, stored)


def address(location: CqcLocation) -> Values:
    """Return the lines of the address as one."""
    return {"address": ", ".join(location.address)[: LONGEST["address"]]} if location.address else {}


def seat(location: CqcLocation, located: Located) -> Values:
    """Return where a location is: all of it from the postcode, nothing from the names of places in the file."""
    return {
        "address": "",
        **address(location),
        "postcode": located.postcode,
        "lat": located.point.lat,
        "lon": located.point.lon,
        "authority": located.authority,
        "lsoa": located.lsoa,
        "ward_code": located.ward.code if located.ward else None,
    }


def first_unit(location: CqcLocation) -> NewUnit | None:
    """Return the unit that a new service with beds begins with, for the ages that it is registered for."""
    if not location.beds or location.beds > MOST_PLACES:
        return None
    youngest = min((ages.youngest for ages in location.ages), default=ADULT)
    ends = [OLDEST if ages.below is None else ages.below - 1 for ages in location.ages]
    return NewUnit(
        capacity=location.beds,
        min_age=max(ADULT, youngest),
        max_age=max(ends, default=OLDEST),
        offers=location.specialisms,
    )


def is_for_children_only(location: CqcLocation) -> bool:
    """Return whether every age band that a location names ends at 18."""
    return bool(location.ages) and all(ages.below is not None and ages.below <= ADULT for ages in location.ages)


def _is_still_registered(slug: str, location: CqcLocation) -> bool:
    known = SERVICE_TYPE.get(slug)
    needed = known.cqc_name if known else None
    return needed is None or SERVICE_TYPES.get(needed.casefold()) in location.service_types


def _kept(quality: int | None, published_on: date | None, stored: Mapping[str, Any]) -> str:
    told = f"of {published_on.isoformat()}" if published_on else "without a date"
    kept = f"{rating_label(stored['quality'])} of {stored['rated_on'].isoformat()}"
    return f"The files have the rating {rating_label(quality)} {told}; {kept} is kept"
