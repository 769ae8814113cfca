"""Bringing a provider to the market in three steps, for commissioners and administrators: find, confirm, invite."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("onboarding", __name__, url_prefix="/onboarding")
guard(blueprint)

# The modules bind their routes to the blueprint.
from placement.web.pages.onboarding import (  # noqa: E402, F401
    finding,
    inviting,
    requests,
)
