"""Brokers at real browsers: cookies, tokens and forms over real HTTP against gunicorn."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from placement.web.config import ROOT
from tests.web_client import PASSWORD, TOKEN

WORKERS = 4
LONGEST_START = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


@dataclass
class Broker:
    """One signed-in browser with a connection of its own."""

    port: int
    cookie: str = ""
    token: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def sign_in(self, email: str) -> None:
        self.token = self._token(self.send("GET", "/sign-in"))
        answer = self.send("POST", "/sign-in", {"email": email, "password": PASSWORD})
        assert answer.status == 302, answer.body
        self.token = self._token(self.send("GET", "/nowhere"))

    def send(self, method: str, path: str, form: dict[str, str] | list[tuple[str, str]] | None = None) -> Answer:
        """Send one request; a form goes with the token of the session."""
        pairs = list(form.items() if isinstance(form, dict) else form or [])
        body = urllib.parse.urlencode([("csrf_token", self.token), *pairs]) if method == "POST" else None
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            if method == "POST":
                raise
            self.connection.close()
            return self.send(method, path)
        text = reply.read().decode()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.split(";")[0]
        return Answer(reply.status, reply.headers.get("Location", ""), text)

    def _token(self, answer: Answer) -> str:
        found = TOKEN.search(answer.body)
        assert found, answer.status
        return found.group(1)


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Start every act at the same moment; return what each returned."""
    barrier, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        barrier.wait(60)
        answers[number] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def served(url: str, home: Path) -> Iterator[int]:
    """Serve a database with four worker processes; yield the port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "tests.races.serving:application()", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(WORKERS), "--threads", "4", "--no-control-socket",
        "--log-level", "warning", "--keep-alive", "75", "--preload", "--graceful-timeout", "2",
    ]  # fmt: skip
    environment = os.environ | {"RACE_DATABASE_URL": url, "RACE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with open(home / "gunicorn.log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_answering(port, process, home)
        yield port
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody is served any more
        process.wait(60)


def _wait_until_answering(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        threading.Event().wait(0.05)
    raise RuntimeError(f"gunicorn does not answer: {(home / 'gunicorn.log').read_text()}")


def field_values(form: str) -> list[tuple[str, str]]:
    """Return the hidden fields of a form, but its token."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(name, value) for name, value in pairs if name != "csrf_token"]
