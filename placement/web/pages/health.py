"""Is it alive, and can it answer and store?"""

from __future__ import annotations

import logging
import shutil

from flask import Blueprint
from flask.typing import ResponseReturnValue

from placement.records.health import take_a_write
from placement.records.sessions import NOT_USABLE, told
from placement.web.access import guard
from placement.web.extensions import config, store

blueprint = Blueprint("health", __name__, url_prefix="/health")
guard(blueprint)
log = logging.getLogger(__name__)
LEAST_FREE = 16 * 1024 * 1024  # bytes on the disk of the home folder: uploads, the queue, and SQLite's own log


@blueprint.get("/live")
def live() -> ResponseReturnValue:
    """Answer at once: the process is up."""
    return {"live": True}


@blueprint.get("/ready")
def ready() -> ResponseReturnValue:
    """Write to the database and look at the disk; 503 with the reason, in a word, where one of them takes nothing."""
    try:
        with store().writing() as session:
            take_a_write(session)
    except NOT_USABLE as error:
        log.error("not ready: %s", told(error))
        return {"ready": False, "reason": "database"}, 503
    if shutil.disk_usage(config().home).free < LEAST_FREE:
        return {"ready": False, "reason": "disk"}, 503
    return {"ready": True}
