"""This process's gazetteer of each council: made anew when a ward set, the localities or the day change."""

from __future__ import annotations

from datetime import date

from flask import current_app
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.geography.errors import MalformedPostcode, UnknownPostcode
from placement.geography.gazetteer import Gazetteer, Located
from placement.records.councils import council_of
from placement.records.ward_sets import Version, gazetteer_for, geography_version
from placement.web.extensions import config
from placement.web.transactions import now, reading

_KEY = "placement_gazetteer"
Kept = tuple[tuple[Version, date], Gazetteer]


def gazetteer() -> Gazetteer:
    """Return the gazetteer for today; one small query tells whether the one at hand still holds."""
    version = geography_version(reading()), today(now())
    councils: dict[str, Kept] = current_app.extensions.setdefault(_KEY, {})
    council = council_of(reading()).code
    kept = councils.get(council)
    if kept is None or kept[0] != version:
        kept = councils[council] = version, new_gazetteer(reading(), day=version[1])
    return kept[1]


def new_gazetteer(session: Session, *, day: date) -> Gazetteer:
    """Return a gazetteer over what is stored and the geocoder of the settings: for a command, which needs it once."""
    settings = config()
    return gazetteer_for(session, on=day, geocoder=settings.geocoder, geocoder_options=settings.geocoder_options)


def located(postcode: str, field: str) -> Located:
    """Return where a postcode is, or raise Invalid beside the question that it answers."""
    try:
        return gazetteer().locate(postcode)
    except (MalformedPostcode, UnknownPostcode) as error:
        raise Invalid(f"{str(error).rstrip('.')}. {error.advice}", field=field) from error
