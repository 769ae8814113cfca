"""Administration: users and the audit trail."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
guard(blueprint)

from placement.web.pages.admin import home  # noqa: E402, F401  # the modules bind their routes to the blueprint
