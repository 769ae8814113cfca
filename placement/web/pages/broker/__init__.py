"""Brokerage: the work list, referrals, matches, runs and placements."""

from flask import Blueprint

from placement.web.access import guard

blueprint = Blueprint("broker", __name__, url_prefix="/broker")
guard(blueprint)

from placement.web.pages.broker import (  # noqa: E402  # the modules bind their routes to the blueprint
    accepting,
    allowance,
    assigning,
    changing,
    choices,
    deciding,
    drafts,
    files,
    following_up,
    importing,
    matches,
    nights,
    numbers,
    offers,
    outside,
    overriding,
    packs,
    papers,
    passing_on,
    placements,
    questions,
    referrals,
    ruling,
    runs,
    series,
    services,
    staying,
    tasks,
    weeks,
    work_list,
)

__all__ = [
    "accepting",
    "allowance",
    "assigning",
    "blueprint",
    "changing",
    "choices",
    "deciding",
    "drafts",
    "files",
    "following_up",
    "importing",
    "matches",
    "nights",
    "offers",
    "outside",
    "overriding",
    "packs",
    "papers",
    "passing_on",
    "placements",
    "questions",
    "referrals",
    "ruling",
    "runs",
    "series",
    "services",
    "staying",
    "tasks",
    "weeks",
    "work_list",
]
