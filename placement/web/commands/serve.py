"""`flask start`: everything a user needs from one command; `flask worker`: the background work alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from placement.demo.seeding import seed
from placement.demo.users import PASSWORD, USERS
from placement.domain.clocks import today
from placement.domain.errors import OutOfStep
from placement.jobs.queue import work
from placement.web.background import queue
from placement.web.config import ROOT, Config
from placement.web.extensions import config, store
from placement.web.gazetteer import new_gazetteer

WAIT_SECONDS = 60


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do the background work of this copy until it is told to stop."""
    work(queue(current_app))


@click.command("start")
@click.option("--demo/--no-demo", default=True, help="Seed the demo city where there is no provider yet.")
@with_appcontext
def start(demo: bool) -> None:
    """Migrate, seed the demo city on the first start, then run the web server and the background worker."""
    settings = config()
    upgrade()
    if demo:
        _seed_once(settings)
    web, background = _web(settings), _background(settings)
    try:
        _wait_until_answering(settings, web)
        _greet(settings)
        _watch(web, background)
    finally:
        for process in (web, background):
            process.terminate()
        for process in (web, background):
            process.wait(timeout=15)


def _seed_once(settings: Config) -> None:
    with store().reading() as session:
        gazetteer = new_gazetteer(session, day=today(settings.clock()))
    began = time.monotonic()
    try:
        seed(store(), now=settings.clock(), gazetteer=gazetteer)
    except OutOfStep:  # there are providers already: this is not the first start
        return
    click.echo(f"Made the demo city in {time.monotonic() - began:.0f} s.")


def _environment(settings: Config) -> dict[str, str]:
    return os.environ | {
        "PLACEMENT_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "PORT": str(settings.port),
    }


def _web(settings: Config) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "gunicorn", "wsgi:app",
        "--bind", f"{settings.host}:{settings.port}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "4",
        "--no-control-socket", "--graceful-timeout", "10", "--log-level", "warning",
    ]  # fmt: skip
    if os.path.isdir("/dev/shm"):
        command += ["--worker-tmp-dir", "/dev/shm"]
    return _started(command, settings)


def _background(settings: Config) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return _started(command, settings)


def _started(command: list[str], settings: Config) -> subprocess.Popen[bytes]:
    """Start in a session of its own: a Ctrl-C reaches this process alone, which then ends the others in order."""
    return subprocess.Popen(command, cwd=ROOT, env=_environment(settings), start_new_session=True)


def _wait_until_answering(settings: Config, web: subprocess.Popen[bytes]) -> None:
    address = f"http://{settings.host}:{settings.port}/health/ready"
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if web.poll() is not None:
            raise click.ClickException(
                f"The web server could not start. Is port {settings.port} in use? Try PORT=8001."
            )
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(f"The web server did not answer within {WAIT_SECONDS} s.")


def _greet(settings: Config) -> None:
    click.echo(f"\nFind a place is running at http://{settings.host}:{settings.port}\n")
    click.echo(f"Demo sign-ins (password: {PASSWORD})")
    for email, _name, role in USERS:
        click.echo(f"  {role.value:<13} {email}")
    click.echo("\nCtrl-C stops it.")


def _watch(*processes: subprocess.Popen[bytes]) -> None:
    """Wait for a signal, or for one of the processes to end: then the others end too."""
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    while not stopped and all(process.poll() is None for process in processes):
        time.sleep(0.2)
