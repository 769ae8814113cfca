"""Is it alive, and can it answer from its database?"""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from placement.records.health import can_answer
from placement.web.access import guard
from placement.web.transactions import reading

blueprint = Blueprint("health", __name__, url_prefix="/health")
guard(blueprint)


@blueprint.get("/live")
def live() -> ResponseReturnValue:
    """Answer at once: the process is up."""
    return {"live": True}


@blueprint.get("/ready")
def ready() -> ResponseReturnValue:
    """Answer from the database, or not at all (the error map says 503)."""
    return {"ready": can_answer(reading())}
