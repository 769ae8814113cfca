"""Real servers for the browser: gunicorn and the worker over one home folder, on a port of their own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret that is only for browser tests, long enough"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def environment(home: Path, url: str, port: int) -> dict[str, str]:
    """Return the settings of one copy, as a person would give them."""
    return os.environ | {
        "PLACEMENT_HOME": str(home),
        "DATABASE_URL": url,
        "PORT": str(port),
        "PLACEMENT_SECRET_KEY": SECRET,
    }


@contextlib.contextmanager
def running(home: Path, url: str) -> Iterator[str]:
    """Run the web server and the worker over a migrated database; yield the address."""
    port = free_port()
    settings = environment(home, url, port)
    gunicorn = [
        sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(open(home / "servers.log", "ab"))
        for command in (gunicorn, worker):
            process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
            stack.callback(_stop, process)
        address = f"http://127.0.0.1:{port}"
        _wait(address, home / "servers.log")
        yield address


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(address: str, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{address}/health/ready"):
            return
        time.sleep(0.05)  # a server that starts has no event to wait for
    raise AssertionError(f"the server did not answer: {log.read_text()[-2000:]}")
