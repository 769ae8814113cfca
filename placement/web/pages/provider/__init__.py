"""Providers: vacancies, services and the people who are placed with them."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("provider", __name__, url_prefix="/provider")
guard(blueprint)

from placement.web.pages.provider import home  # noqa: E402, F401  # the modules bind their routes to the blueprint
