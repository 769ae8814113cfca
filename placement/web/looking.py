"""Several brokers on one referral see each other: who else has opened it, and which page of questions.

What is noted is no change of any record: a page that is looked at is answered alike whether it could be noted or not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flask import Flask, g, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from placement.records.looking import Glance, looks_at, note_look
from placement.records.sessions import told
from placement.web.extensions import store
from placement.web.transactions import now, reading

log = logging.getLogger(__name__)
NUMBER, PAGE = "referral_id", "slug"  # the parameters of an address that name a referral, and its page of questions


def others_here(referral_id: int) -> Sequence[Glance]:
    """Return who else has opened a referral lately."""
    return [glance for glance in _looks(referral_id) if glance.user_id != current_user.actor.user_id]


def _looks(referral_id: int) -> Sequence[Glance]:
    if "looks" not in g:
        g.looks = looks_at(reading(), referral_id, now=now())
    looks: Sequence[Glance] = g.looks
    return looks


def _note(response: Response) -> Response:
    """Note who has been shown a page of a referral, at most once a minute each."""
    shown = request.method == "GET" and response.status_code == 200 and request.blueprint == "broker"
    number = (request.view_args or {}).get(NUMBER)
    if shown and number is not None and request.headers.get("X-Polling") != "1":
        section, who = (request.view_args or {}).get(PAGE, ""), current_user.actor.user_id
        if not any(glance.user_id == who and glance.is_still(section, now()) for glance in _looks(number)):
            try:
                with store().writing(g.get("council")) as unit:
                    note_look(unit, number, who, section, now=now())
            except DBAPIError as error:
                log.warning("a look was not noted: %s", told(error))
    return response


def init_app(app: Flask) -> None:
    """Let an application note who looks at what."""
    app.add_template_global(others_here)
    app.after_request(_note)
