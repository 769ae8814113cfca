"""What every page shows around its content: the council's name, the role's menu, who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
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
        ("commissioner.scenarios", "What if"),
        ("commissioner.out_of_city", "Out of city"),
        ("commissioner.measures", "Measures"),
        ("commissioner.freshness", "Providers"),
        ("commissioner.tasks", "Tasks"),
    ),
    Role.ADMIN: (
        ("admin.home", "Overview"),
        ("admin.users", "Users"),
        ("onboarding.find", "New providers"),
        ("admin.outbox", "Messages"),
        ("admin.audit", "Audit trail"),
    ),
}


# What stands side by side under one word of a menu; the first of them is where the menu leads.
BESIDE: dict[str, tuple[tuple[str, str], ...]] = {
    "commissioner.freshness": (
        ("commissioner.freshness", "How true the numbers are"),
        ("commissioner.claims", "Claims to verify"),
        ("commissioner.standings", "Embargoes and contracts"),
        ("onboarding.find", "New providers"),
    ),
}
WARNING = 120  # seconds before a sign-in ends


def _menus() -> dict[str, Any]:
    """Return the menu of whoever is signed in, and what stands beside this page under one word of it."""
    menu = MENUS[current_user.actor.role] if current_user.is_authenticated else ()
    pages = {entry: BESIDE.get(entry, ((entry, words),)) for entry, words in menu}
    here = _here([endpoint for each in pages.values() for endpoint, _ in each])
    under = next((entry for entry, each in pages.items() if here in dict(each)), "")
    return {
        "menu": _links(menu, under),
        "menu_beside": _links(BESIDE.get(under, ()), here),
        "menu_word": dict(menu).get(under, ""),
    }


def _links(entries: Sequence[tuple[str, str]], active: str) -> list[dict[str, Any]]:
    return [
        {"href": url_for(entry), "text": words, "current": url_for(entry) == request.path, "active": entry == active}
        for entry, words in entries
    ]


def _here(endpoints: Sequence[str]) -> str:
    """Return where a page stands: the endpoint with the longest address that its own address begins with."""
    path, hrefs = f"{request.path}/", {endpoint: url_for(endpoint).rstrip("/") for endpoint in endpoints}
    found = [endpoint for endpoint, href in hrefs.items() if path.startswith(f"{href}/")]
    return max(found, key=lambda endpoint: len(hrefs[endpoint]), default="")


def _around() -> dict[str, Any]:
    actor = current_user.actor if current_user.is_authenticated else None
    return {
        "council": COUNCIL[actor.council] if actor and actor.role is not Role.PROVIDER else config().council,
        **_menus(),
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
