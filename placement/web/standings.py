"""What the council says of a provider, for every page that names a service: asked once a page, for those who may know.

Brokers and commissioners read it; a provider never reads what is said of another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_login import current_user

from placement.domain.clocks import today
from placement.domain.people import Role
from placement.domain.states import Status
from placement.records.providers import Standing
from placement.records.standings import standings_on
from placement.web.formatting import day
from placement.web.transactions import now, reading

READERS = frozenset({Role.BROKER, Role.COMMISSIONER})


def standing_of(service: Any) -> Standing | None:
    """Return what is said today of the provider of a service (or of anything with a `provider_id`)."""
    found = _standings().get(service.provider_id)
    return found if found and found.status is not Status.NONE else None


def is_barred(service: Any) -> bool:
    """Return whether the provider of a service may not admit anybody today."""
    found = standing_of(service)
    return found is not None and found.is_barring


def named(service: Any) -> str:
    """Return a service's name with what is said of its provider, for a line of plain text."""
    found = standing_of(service)
    if found is None:
        return str(service.name)
    return f"{service.name} ({found.status.label.lower()} since {day(found.start_on)}: {found.reason})"


def _standings() -> Mapping[int, Standing]:
    if not current_user.is_authenticated or current_user.actor.role not in READERS:
        return {}
    session = reading()
    if "standings" not in session.info:  # with the session it goes: after a commit the world is asked anew
        session.info["standings"] = standings_on(session, today(now()))
    known: Mapping[int, Standing] = session.info["standings"]
    return known


def init_app(app: Flask) -> None:
    """Let every template and macro ask."""
    app.jinja_env.globals["standing_of"] = standing_of
    app.jinja_env.filters["is_barred"] = is_barred
