"""Brokerage: the work list, referrals, matches, runs and placements."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("broker", __name__, url_prefix="/broker")
guard(blueprint)

from placement.web.pages.broker import work_list  # noqa: E402, F401  # the modules bind their routes to the blueprint
