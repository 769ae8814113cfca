"""Providers: vacancies, services and the people who are placed with them."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("provider", __name__, url_prefix="/provider")
guard(blueprint)

# The modules bind their routes to the blueprint.
from placement.web.pages.provider import (  # noqa: E402, F401
    bulk,
    closures,
    contact,
    home,
    kept_places,
    national,
    needs,
    nights,
    number_history,
    offers,
    packs,
    placements,
    places,
    pools,
    reshaping,
    services,
    staying,
    team,
    units,
    vacancies,
)
