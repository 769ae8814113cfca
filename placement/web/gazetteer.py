"""This process's gazetteer: made once, and again when a ward set or the localities change, or the day does."""

from __future__ import annotations

from datetime import date

from flask import current_app

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.geography.errors import MalformedPostcode, UnknownPostcode
from placement.geography.gazetteer import Gazetteer, Located
from placement.records.ward_sets import Version, gazetteer_for, geography_version
from placement.web.extensions import config
from placement.web.transactions import now, reading

_KEY = "placement_gazetteer"
Kept = tuple[tuple[Version, date], Gazetteer]


def gazetteer() -> Gazetteer:
    """Return the gazetteer for today; one small query tells whether the one at hand still holds."""
    version = geography_version(reading()), today(now())
    kept: Kept | None = current_app.extensions.get(_KEY)
    if kept is None or kept[0] != version:
        kept = version, _made(version[1])
        current_app.extensions[_KEY] = kept
    return kept[1]


def located(postcode: str, field: str) -> Located:
    """Return where a postcode is, or raise Invalid beside the question that it answers."""
    try:
        return gazetteer().locate(postcode)
    except (MalformedPostcode, UnknownPostcode) as error:
        raise Invalid(f"{str(error).rstrip('.')}. {error.advice}", field=field) from error


def _made(day: date) -> Gazetteer:
    settings = config()
    return gazetteer_for(reading(), on=day, geocoder=settings.geocoder, geocoder_options=settings.geocoder_options)
