"""What every page shows around its content: the council's name, the role's menu, who is signed in."""

from __future__ import annotations

from typing import Any

from flask import Flask, get_flashed_messages, request, session, url_for
from flask_login import current_user

from placement.domain.councils import COUNCIL
from placement.domain.digests import DIGEST
from placement.domain.people import ROLE_LABELS, Role
from placement.web.access import seconds_left
from placement.web.extensions import config
from placement.web.transactions import now

# The menu of each role: endpoint and words. An endpoint's first word is its blueprint.
MENUS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.BROKER: (
        ("broker.work_list", "Work list"),
        ("broker.tasks", "Tasks"),
        ("broker.runs", "Match runs"),
        ("broker.services", "Services"),
        ("broker.placements", "Placements"),
        ("broker.return_list", "Return list"),
    ),
    Role.PROVIDER: (
        ("provider.home", "To do"),
        ("provider.services", "Services"),
        ("provider.placements", "People"),
        ("provider.needs", "What is needed"),
        ("provider.team", "Team"),
    ),
    Role.COMMISSIONER: (
        ("commissioner.needs", "What is missing"),
        ("commissioner.place_values", "What to commission"),
        ("commissioner.gaps", "Gap map"),
        ("commissioner.out_of_city", "Out of city"),
        ("commissioner.measures", "Measures"),
        ("commissioner.freshness", "Freshness"),
        ("commissioner.tasks", "Tasks"),
        ("commissioner.claims", "Claims"),
        ("commissioner.standings", "Embargoes"),
        ("onboarding.find", "New providers"),
    ),
    Role.ADMIN: (
        ("admin.home", "Overview"),
        ("admin.users", "Users"),
        ("onboarding.find", "New providers"),
        ("admin.outbox", "Messages"),
        ("admin.audit", "Audit trail"),
    ),
}


WARNING = 120  # seconds before a sign-in ends


def _menu() -> list[dict[str, Any]]:
    if not current_user.is_authenticated:
        return []
    places = [(url_for(endpoint), words) for endpoint, words in MENUS[current_user.actor.role]]
    here = _section(request.path, [href for href, _ in places])
    return [
        {"href": href, "text": words, "current": href == request.path, "active": href == here} for href, words in places
    ]


def _section(path: str, hrefs: list[str]) -> str:
    """Return the menu's address that a page stands under: the longest that its own address begins with."""
    return max((href for href in hrefs if f"{path}/".startswith(f"{href.rstrip('/')}/")), key=len, default="")


def _around() -> dict[str, Any]:
    actor = current_user.actor if current_user.is_authenticated else None
    return {
        "council": COUNCIL[actor.council] if actor and actor.role is not Role.PROVIDER else config().council,
        "menu": _menu(),
        "actor": actor,
        "has_digest": actor is not None and actor.role in DIGEST,
        "role_label": ROLE_LABELS[actor.role] if actor else "",
        "now": now(),
        "seconds_left": seconds_left(),
        "warning": WARNING,
        "notices": get_flashed_messages() if session.get("_flashes") else [],
    }


def init_app(app: Flask) -> None:
    """Give every template what stands around its content."""
    app.context_processor(_around)
