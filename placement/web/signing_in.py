"""What happens when somebody has shown who they are: a sign-in, or the question for a code, in a session of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from sqlalchemy.orm import Session

from placement.records.accounts import end_sign_in, start_sign_in
from placement.records.second_steps import has_second_step, start_half_sign_in
from placement.records.tries import count_try, tries_at
from placement.records.users import User
from placement.web.access import SignedIn
from placement.web.extensions import config, store
from placement.web.keeping import TOKEN
from placement.web.transactions import now

HALF = "half"  # in the signed session: the token of a sign-in that waits for its code
PROVEN = "proven"  # in the signed session: when somebody last showed who they are, by password, link or code
PROVEN_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Somebody who has shown who they are, and the token of their sign-in or, where they need a code, of its half."""

    user: User
    token: str
    waits_for_code: bool = False


def arrive(unit: Session, user: User, *, asks_code: bool = True) -> Entrance:
    """Start a sign-in, or half of one; whoever was signed in in this browser is not any more."""
    end_sign_in(unit, str(session.get(TOKEN, "")))
    if asks_code and has_second_step(unit, user.id):
        return Entrance(user=user, token=start_half_sign_in(unit, user.id, now=now()), waits_for_code=True)
    return Entrance(user=user, token=start_sign_in(unit, user.id, now=now(), longest=config().longest_sign_in))


def welcome(entrance: Entrance, wanted: str | None = None) -> ResponseReturnValue:
    """Give the browser its new session, of which nothing was known before, and lead on."""
    session.clear()
    wanted = safe_next(wanted)
    if entrance.waits_for_code:
        session[HALF] = entrance.token
        return redirect(url_for("account.code", next=wanted))
    carry(entrance)
    return redirect(wanted or url_for("account.start"))


def carry(entrance: Entrance) -> None:
    """Let the browser carry a whole sign-in, in a new session."""
    session.clear()
    session["seen"] = now().timestamp()
    prove()
    login_user(SignedIn(entrance.token, entrance.user.actor(), now() + config().longest_sign_in))


def prove() -> None:
    """Remember that whoever is at this browser has just shown who they are."""
    session[PROVEN] = now().timestamp()


def has_just_proven() -> bool:
    """Return whether they have. What changes how somebody signs in asks for that: an open page is no proof."""
    shown: float = session.get(PROVEN, 0)
    return now().timestamp() - shown < PROVEN_FOR.total_seconds()


def counted(subject: str) -> tuple[str, ...]:
    """Count a try, and return what it counted for. Raises TooManyTries."""
    subjects = tries_at(subject, request.remote_addr)
    for each, most in subjects:
        with store().writing() as counting:  # counted even if the sign-in fails, so it is a unit of its own
            count_try(counting, each, most=most, now=now())
    return tuple(each for each, _ in subjects)


def safe_next(target: str | None) -> str | None:
    """Return the wanted page if it is one of ours: a path, never another host."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if (
        not target.isprintable()
    ):  # a browser drops line ends and tabs, and then reads another host; werkzeug refuses them
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
