"""Whom to ring at a service at this hour, for every page that shows how a service is reached."""

from __future__ import annotations

from typing import Any

from flask import Flask

from placement.domain.contact_hours import Ringing, read, ring_at
from placement.web.transactions import now


def ring_now(whom: Any) -> tuple[Ringing, ...]:
    """Return whom to ring now, the likeliest to answer first: at a service, or in a team that says no hours."""
    return ring_at(read(getattr(whom, "contact_hours", ())), whom.telephone, now())


def init_app(app: Flask) -> None:
    """Let every template and macro ask."""
    app.jinja_env.globals["ring_now"] = ring_now
