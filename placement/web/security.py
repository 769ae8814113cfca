"""Headers, content security policy and cookies, the same on every answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from placement.web.config import Config
from placement.web.errors import page
from placement.web.extensions import config


def policy(settings: Config) -> dict[str, Any]:
    """Return the content security policy: our own files and nonces only, and map tiles where a setting names them."""
    images = ["'self'", "data:"]
    if settings.tile_url:
        parts = urlsplit(settings.tile_url)
        images.append(f"{parts.scheme}://{parts.netloc}")
    return {
        "default-src": "'self'",
        "base-uri": "'none'",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "img-src": images,
        "object-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
    }


def init_app(app: Flask, settings: Config) -> None:
    """Bind the headers and cookie rules to an application."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-placement" if settings.is_https else "placement",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.after_request(_in_a_box)  # before Talisman binds, so that it is done after
    Talisman(
        app,
        force_https=False,  # as below: it has no way to leave a blueprint out
        strict_transport_security=settings.is_https,
        session_cookie_secure=settings.is_https,
        content_security_policy=policy(settings),
        content_security_policy_nonce_in=["script-src"],
        referrer_policy="same-origin",
        frame_options="DENY",
        permissions_policy={"geolocation": "()", "camera": "()", "microphone": "()"},
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.before_request(_refuse_foreign_host)
    app.before_request(_hide_dot_files)
    app.before_request(_refuse_unmeasured)
    if settings.is_https:
        app.before_request(_to_https)
    app.before_request(_refuse_nul)
    app.after_request(_no_store)
    app.after_request(_stay_here)


def _refuse_foreign_host() -> ResponseReturnValue | None:
    """Answer only to our own names: what is made from another one, a link or a redirect, leads to somebody else."""
    hosts = config().hosts
    if not hosts or request.blueprint == "health" or host_is_trusted(request.host, hosts):
        return None
    return page(
        400,
        title="This site does not answer to the name in the address",
        advice="Check the address. Whoever runs the site names its hosts in PLACEMENT_HOSTS.",
    )


def _hide_dot_files() -> None:
    """Serve no file whose name, or whose folder's, begins with a dot: none of them is meant for anybody outside."""
    if any(part.startswith(".") for part in request.path.split("/")):
        abort(404)


def _refuse_unmeasured() -> None:
    """Take no body that does not say how long it is: no browser sends one, and it could go on for ever."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        abort(411)


def _to_https() -> ResponseReturnValue | None:
    """Send to https whatever came without it, but for who asks for our health: that comes from beside us, by http."""
    if request.is_secure or request.blueprint == "health":
        return None
    return redirect(request.url.replace("http://", "https://", 1))


def _refuse_nul() -> None:
    """A NUL is never typed by a person, and PostgreSQL cannot store one: refuse it before anything reads it."""
    sent = (request.path, *request.args.values(), *request.form.values())
    if any("\x00" in text for text in sent):
        abort(400)


def _stay_here(response: Response) -> Response:
    """Say no host in a redirect to ourselves: werkzeug adds a missing slash on the one that the request has named."""
    target = urlsplit(response.headers.get("Location", ""))
    if (target.scheme, target.netloc) == (request.scheme, request.host):
        response.headers["Location"] = target._replace(
            scheme="", netloc="", path=f"/{target.path.lstrip('/')}"
        ).geturl()
    return response


def _in_a_box(response: Response) -> Response:
    """Let a file that somebody has uploaded do nothing and load nothing, should a browser show it all the same."""
    if g.get("is_sandboxed"):
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _no_store(response: Response) -> Response:
    if not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
