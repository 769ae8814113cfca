"""A signed-in browser without the browser: real requests through the whole application."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from placement.domain.people import SYSTEM, Role
from placement.records.accounts import add_user
from placement.records.users import User
from tests.conftest import NOW

PASSWORD = "correct horse battery"
TOKEN = re.compile(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')
SHOWN = re.compile(r'name="shown" (?:type="hidden" )?value="([^"]*)"')


def add_person_who_signs_in(app: Flask, role: Role, *, provider_id: int | None = None, email: str = "") -> User:
    """Add a user of a role; a provider's user needs its provider."""
    with app.extensions["placement_store"].writing() as session:
        return add_user(
            session,
            email=email or f"{role.value}@example.org",
            name=f"A {role.value}",
            role=role,
            password=PASSWORD,
            provider_id=provider_id,
            by=SYSTEM,
            now=NOW,
        )


class Browser:
    """A client that keeps its cookies and sends the token of the page it came from."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(path, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None, **kwargs: Any) -> Any:
        """Post a form; the token is read from `page` (the form's own address unless it is said)."""
        looked = self.client.get(page or path).get_data(as_text=True)
        return self.client.post(path, data=self.carried(looked, page or path) | (data or {}), **kwargs)

    def carried(self, looked: str, page: str) -> dict[str, str]:
        """Return what the form of a page carries unseen: its token, and what it showed where it says so."""
        token, shown = TOKEN.search(looked), SHOWN.search(looked)
        assert token, f"no form token on {page}"
        return {"csrf_token": token.group(1)} | ({"shown": unescape(shown.group(1))} if shown else {})

    def token(self, page: str) -> str:
        return self.carried(self.client.get(page).get_data(as_text=True), page)["csrf_token"]

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        return self.post("/sign-in", {"email": email, "password": password})


def signed_in(app: Flask, role: Role, *, provider_id: int | None = None, email: str = "") -> Browser:
    """Return a browser in which a new user of a role has signed in."""
    user = add_person_who_signs_in(app, role, provider_id=provider_id, email=email)
    browser = Browser(app)
    answer = browser.sign_in(user.email)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return browser
