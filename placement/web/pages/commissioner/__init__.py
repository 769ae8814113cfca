"""Commissioning: what is missing, the gap map, areas, measures, out-of-city placements, claims, and embargoes."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("commissioner", __name__, url_prefix="/commissioner")
guard(blueprint)

from placement.web.pages.commissioner import (  # noqa: E402, F401  # the modules bind their routes to the blueprint
    areas,
    claims,
    freshness,
    gap_quarters,
    gaps,
    measures,
    needs,
    number_history,
    out_of_city,
    place_values,
    position,
    reports,
    scenario,
    scenarios,
    standings,
    tasks,
)
