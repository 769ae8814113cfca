"""Commissioning: what is missing, the gap map, areas in words, out-of-city placements, and claims to verify."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("commissioner", __name__, url_prefix="/commissioner")
guard(blueprint)

from placement.web.pages.commissioner import (  # noqa: E402, F401  # the modules bind their routes to the blueprint
    areas,
    claims,
    freshness,
    gaps,
    needs,
    number_history,
    out_of_city,
    reports,
    scenario,
    scenarios,
)
