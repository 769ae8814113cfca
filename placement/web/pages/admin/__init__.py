"""Administration: how things stand, who may sign in, what happened, what is held back, settings, contact, and wards."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
guard(blueprint)

from placement.web.pages.admin import (  # noqa: E402, F401  # the modules bind their routes to the blueprint
    audit,
    contact,
    holding,
    home,
    outbox,
    settings,
    tracker,
    user,
    users,
    wards,
)
