"""Who may see which blueprint, and who is asking now.

Rows are a second matter: questions in the packages below take the actor and show only what is visible to it. What
belongs to somebody else is answered exactly like what does not exist.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, request, session, url_for
from flask_login import UserMixin, current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from placement.domain.errors import NotAllowed
from placement.domain.people import Actor, Role
from placement.records.accounts import live_sign_in
from placement.records.visibility import COUNCIL
from placement.web.extensions import config, login
from placement.web.keeping import wanted_page
from placement.web.transactions import SAFE, now, reading, work_for

# Every blueprint stands here; a test refuses a route whose blueprint does not. None: open to everybody.
POLICY: dict[str, frozenset[Role] | None] = {
    "account": None,
    "answer": None,
    "update": None,
    "health": None,
    "join": None,
    "broker": frozenset({Role.BROKER}),
    "provider": frozenset({Role.PROVIDER}),
    "commissioner": frozenset({Role.COMMISSIONER}),
    "onboarding": frozenset({Role.COMMISSIONER, Role.ADMIN}),
    "admin": frozenset({Role.ADMIN}),
}


class SignedIn(UserMixin):
    """The person behind a live sign-in, as Flask-Login carries it."""

    def __init__(self, token: str, actor: Actor, ends_at: datetime) -> None:
        self.id = token
        self.actor = actor
        self.ends_at = ends_at


def current_actor() -> Actor:
    """Return who is asking; pages behind a guard always have somebody."""
    if not current_user.is_authenticated:
        abort(401)
    actor: Actor = current_user.actor
    return actor


def signed_in_id() -> int:
    """Return the id of who is asking."""
    user_id = current_actor().user_id
    assert user_id is not None  # whoever is signed in is a user
    return user_id


def is_signed_in() -> bool:
    """Return whether somebody is signed in."""
    return bool(current_user.is_authenticated)


def seconds_left() -> int:
    """Return after how many seconds this sign-in ends if nothing is asked for meanwhile; 0 where there is none."""
    if not is_signed_in():
        return 0
    idle = config().idle.total_seconds() - (now().timestamp() - session.get("seen", 0))
    return max(0, int(min(idle, (current_user.ends_at - now()).total_seconds())))


@login.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
def _load(token: str) -> SignedIn | None:
    seen = session.get("seen", 0)
    if now().timestamp() - seen > config().idle.total_seconds():
        return None
    row = live_sign_in(reading(), token, now=now())
    if row is None:
        return None
    work_for(row.user.council if row.user.role in COUNCIL else None)  # a provider works with several councils
    return SignedIn(token, row.user.actor(), row.expires_at)


def _remember_last_seen(response: Any) -> Any:
    """Keep the last activity in the signed cookie: a GET may not write to the database."""
    # The path first: who is signed in is asked of the database, which these need not have.
    if not request.path.startswith(("/static/", "/health/")) and current_user.is_authenticated:
        polls = request.headers.get("X-Polling") == "1"
        if not polls:
            session["seen"] = now().timestamp()
    return response


ONLY_LOOKS = "You can look at everything here and change nothing"


def may_change() -> bool:
    """Return whether who is asking may change anything on the pages of this blueprint; one's own sign-in, everybody."""
    return not is_signed_in() or POLICY.get(request.blueprint or "") is None or bool(current_user.actor.may_change)


# Form pages that say something to whoever may only look: a request, what is out of service, whom brokerage rings.
READ_TOO = frozenset({"provider.offer", "provider.closures", "provider.contact"})


def is_for_me(href: str) -> bool:
    """Return whether a link is of use to who is asking: whoever may only look is led to no form without a button."""
    if may_change():
        return True
    addresses = current_app.create_url_adapter(request)
    assert addresses is not None  # there is one in every request
    try:
        endpoint, _ = addresses.match(urlsplit(href).path, method="POST")
    except HTTPException:
        return True
    return endpoint in READ_TOO


def guard(blueprint: Blueprint) -> Blueprint:
    """Let only the roles of POLICY reach a blueprint's pages."""
    allowed = POLICY[blueprint.name]

    @blueprint.before_request
    def _check() -> Response | None:
        if allowed is None:
            return None
        if not current_user.is_authenticated:
            return redirect(url_for("account.sign_in", next=wanted_page()))
        if current_user.actor.role not in allowed:
            abort(403)
        if request.method not in SAFE and not may_change():
            raise NotAllowed(ONLY_LOOKS)
        return None

    return blueprint


def init_app(app: Flask) -> None:
    """Bind sign-in to an application."""
    login.init_app(app)
    app.after_request(_remember_last_seen)
    app.add_template_global(may_change)
    app.add_template_global(is_for_me)
