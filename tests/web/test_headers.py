"""R25 and R22: the same headers on every answer, and cookies that scripts and other sites cannot use."""

from __future__ import annotations

import re
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from placement.domain.people import Role
from placement.web.factory import create_app
from tests.conftest import ROOT, Clock, settings
from tests.web.world import SIGNED_IN, ask, looked
from tests.web_client import PASSWORD, TOKEN, add_person_who_signs_in

CSP = (
    "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; script-src 'self' 'nonce-{}'; style-src 'self'"
)
SANDBOX = "sandbox; default-src 'none'"  # what somebody has uploaded may do nothing
EVERYWHERE = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
NONCE = re.compile(r"'nonce-([\w-]{32,})'")


def wrong_headers(answer):
    """Return what is not as it should be."""
    policy = answer.headers.get("Content-Security-Policy", "")
    nonce = NONCE.search(policy)
    found = {name: answer.headers.get(name) for name in EVERYWHERE}
    wrong = {name: value for name, value in found.items() if value != EVERYWHERE[name]}
    is_file = answer.request.path.startswith("/broker/files/") and answer.status_code == 200
    if policy != SANDBOX if is_file else nonce is None or policy != CSP.format(nonce.group(1)):
        wrong["Content-Security-Policy"] = policy
    if answer.headers.get("Cache-Control") != "no-store" and not answer.request.path.startswith("/static/"):
        wrong["Cache-Control"] = answer.headers.get("Cache-Control")
    return wrong


def test_every_answer_of_every_route_has_exactly_these_headers(world):
    nonces = []
    for name in ("anonymous", *SIGNED_IN):
        for seen in looked(world, name):
            assert wrong_headers(seen.answer) == {}, (name, seen.path)
            nonces += NONCE.findall(seen.answer.headers["Content-Security-Policy"])
    assert len(nonces) > 500
    assert len(set(nonces)) == len(nonces), "a nonce is used once"


def test_refusals_have_the_same_headers(world):
    actor = world.actors["provider A"]
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/broker/", 403),
        ("PUT", "/provider/", 405),
        ("POST", "/sign-out?wrong", 400),
    ):
        answer = actor.browser.client.open(path, method=method, buffered=True)
        assert answer.status_code == status
        assert wrong_headers(answer) == {}, (method, path)


def test_no_file_with_a_dot_before_its_name_is_served(world):
    client = world.actors["anonymous"].browser.client
    assert (ROOT / "static" / "vendor" / ".stamp").is_file(), "the set-up leaves one"
    for path in ("/static/vendor/.stamp", "/static/.git/config", "/.env", "/static/vendor/%2Estamp"):
        assert client.get(path, buffered=True).status_code == 404, path
    assert client.get("/static/placement.css", buffered=True).status_code == 200


def test_every_script_of_a_page_carries_the_answers_nonce_and_nothing_is_inline(world):
    pages = [seen for name in ("anonymous", *SIGNED_IN) for seen in looked(world, name)]
    scripts = sum(nonced_scripts(seen.answer, seen.path) for seen in pages if seen.answer.mimetype == "text/html")
    assert scripts > 100


def nonced_scripts(answer, path):
    page = answer.get_data(as_text=True)
    nonce = NONCE.search(answer.headers["Content-Security-Policy"]).group(1)
    tags = re.findall(r"<script\b([^>]*)>", page)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", page), f"{path} has an inline handler"
    assert not re.search(r"<[a-z][^>]*\sstyle\s*=", page), f"{path} has an inline style"
    assert "javascript:" not in page
    assert "<style" not in page
    for tag in tags:
        assert "src=" in tag or f'nonce="{nonce}"' in tag, f"{path}: <script{tag}>"
        assert not re.search(r'src="(?!/)|src="//', tag), f"{path} loads a script from elsewhere"
    return len(tags)


def test_no_page_loads_anything_from_another_host(world):
    for seen in (seen for name in SIGNED_IN for seen in looked(world, name)):
        elsewhere = r'<(?:img|link|script|iframe|source)\b[^>]*(?:src|href)="(?:https?:)?//'
        assert not re.search(elsewhere, seen.body), seen.path


def session_cookies(answer):
    return [cookie for cookie in answer.headers.getlist("Set-Cookie") if "placement=" in cookie]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(world):
    answer = ask(world.actors["broker"], "GET", "/broker/")
    for text in session_cookies(answer) or [ask(world.actors["anonymous"], "GET", "/sign-in").headers["Set-Cookie"]]:
        (cookie,) = SimpleCookie(text).values()
        assert cookie.key == "placement"
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
        assert not cookie["secure"], "plain http on this machine: a secure cookie would be dropped"
        assert not cookie["expires"], "it ends with the browser"
        assert not cookie["max-age"]


def test_a_map_server_that_a_setting_names_is_the_only_other_source_of_images(tmp_path):
    given = settings(f"sqlite:///{tmp_path}/tiles.db", tmp_path, Clock())
    app = create_app(replace(given, tile_url="https://tiles.example.org/{z}/{x}/{y}.png"))
    policy = app.test_client().get("/health/live").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example.org;" in policy
    assert policy.count("example.org") == 1
    app.extensions["placement_store"].engine.dispose()


@pytest.fixture
def https(database, tmp_path):
    app = create_app(replace(settings(database.url, tmp_path, Clock()), is_https=True))
    app.config["TESTING"] = True
    yield app
    app.extensions["placement_store"].engine.dispose()


def test_over_https_the_cookie_is_bound_to_this_host_and_browsers_stay_on_https(https):
    add_person_who_signs_in(https, Role.BROKER)
    client, site = https.test_client(), {"base_url": "https://placement.example.org"}
    page = client.get("/sign-in", **site)
    token = TOKEN.search(page.get_data(as_text=True)).group(1)
    form = {"csrf_token": token, "email": "broker@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=form, **site).status_code == 400, "https forms must say where they come from"
    answer = client.post("/sign-in", data=form, **site, headers={"Referer": "https://placement.example.org/sign-in"})

    assert answer.status_code == 302
    for each in (page, answer):
        (text,) = each.headers.getlist("Set-Cookie")
        (cookie,) = SimpleCookie(text).values()
        assert cookie.key == "__Host-placement"
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
        assert "max-age=" in each.headers["Strict-Transport-Security"]
        assert wrong_headers(each) == {}
    assert client.get("/broker/", **site).status_code == 200
    unsafe = {"base_url": "http://placement.example.org"}
    assert client.get("/sign-in", **unsafe).location == "https://placement.example.org/sign-in"
    for path in ("/health/live", "/health/ready"):
        assert client.get(path, **unsafe).status_code == 200, "who asks for our health stands beside us"
