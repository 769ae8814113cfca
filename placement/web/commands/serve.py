"""`flask start`: everything a user needs from one command; `flask worker`: the background work alone."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import time
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from placement.demo.seeding import seed
from placement.demo.users import PASSWORD, USERS
from placement.domain.clocks import today
from placement.domain.errors import OutOfStep
from placement.jobs.queue import work
from placement.jobs.supervising import KeptProcess, Supervisor, end_with_supervisor
from placement.records.users import User
from placement.web.background import queue
from placement.web.config import ROOT, Config
from placement.web.extensions import config, store
from placement.web.gazetteer import new_gazetteer

WAIT_SECONDS = 60
LOOK_SECONDS = 0.1
WEB = "The web server"


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do the background work of this copy until it is told to stop."""
    end_with_supervisor()
    work(queue(current_app))


@click.command("start")
@click.option("--demo", is_flag=True, help="Seed the demo city into the empty database of the default home.")
@with_appcontext
def start(demo: bool) -> None:
    """Migrate, then keep the web server and the background worker running until a signal says stop."""
    settings = config()
    listener = _bound(settings)
    _migrate(settings)
    if demo:
        _seed_once(settings)
    signs_in = _who_signs_in()
    store().engine.dispose()
    asked_to_stop = _signals()
    supervisor = Supervisor(programs=_programs(settings, listener))
    supervisor.start()
    try:
        _wait_until_answering(settings, supervisor, asked_to_stop)
        _greet(settings, signs_in)
        _keep(supervisor, asked_to_stop)
    finally:
        supervisor.stop()


def _bound(settings: Config) -> socket.socket:
    """Take the port before anything else is done. The socket lives as long as this process, whoever serves it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(1)  # only now does Linux see that another one listens there
    except OSError as error:
        raise click.ClickException(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}. Try another PORT, such as 8001."
        ) from error
    return listener


def _migrate(settings: Config) -> None:
    try:
        upgrade()
    except DBAPIError as error:
        raise click.ClickException(
            f"The database could not be opened or brought up to date ({type(error.orig).__name__}): "
            f"{str(error.orig).splitlines()[0]}"
        ) from error


def _seed_once(settings: Config) -> None:
    if not settings.is_default_home:
        click.echo("The demo city is made by itself only in the default home. To have it here: flask demo seed")
        return
    with store().reading() as session:
        gazetteer = new_gazetteer(session, day=today(settings.clock()))
    began = time.monotonic()
    try:
        seed(store(), now=settings.clock(), gazetteer=gazetteer)
    except OutOfStep:  # somebody has been here already: this is not the first start
        return
    click.echo(f"Made the demo city in {time.monotonic() - began:.0f} s.")


def _programs(settings: Config, listener: socket.socket) -> tuple[KeptProcess, ...]:
    environment = os.environ | {
        "PLACEMENT_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "PORT": str(settings.port),
    }
    web = [
        sys.executable, "-m", "gunicorn", "wsgi:app", "--config", "python:placement.web.serving.settings",
        "--bind", f"fd://{listener.fileno()}",
    ]  # fmt: skip
    background = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return (
        KeptProcess(name=WEB, command=web, folder=ROOT, environment=environment, files=(listener.fileno(),)),
        KeptProcess(name="The background worker", command=background, folder=ROOT, environment=environment),
    )


class _Asked:
    """Whether a signal has asked this process to stop."""

    stop = False


def _signals() -> _Asked:
    asked = _Asked()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        asked.stop = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    return asked


def _wait_until_answering(settings: Config, supervisor: Supervisor, asked: _Asked) -> None:
    """Wait for the first answer. Raises ClickException where a program ends or is silent: the copy cannot start."""
    until = time.monotonic() + WAIT_SECONDS
    while not asked.stop and not _answers(settings):
        supervisor.look()
        if supervisor.ends:
            name, code = supervisor.ends[0]
            raise click.ClickException(f"{name} could not start (exit code {code}). What it said stands above.")
        if time.monotonic() > until:
            raise click.ClickException(f"{WEB} did not answer within {WAIT_SECONDS} s.")
        time.sleep(LOOK_SECONDS)


def _answers(settings: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=12)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _keep(supervisor: Supervisor, asked: _Asked) -> None:
    told = 0
    while not asked.stop:
        supervisor.look()
        for name, code in supervisor.ends[told:]:
            click.echo(f"{name} ended (exit code {code}) and is started again.", err=True)
        told = len(supervisor.ends)
        time.sleep(LOOK_SECONDS)


def _who_signs_in() -> str:
    """Return what to tell whoever starts this copy about signing in."""
    with store().reading() as session:
        known = set(session.scalars(select(User.email)))
    if USERS[0][0] in known:
        rows = (f"  {role.value:<13} {email}" for email, _name, role in USERS)
        return "\n".join((f"Demo sign-ins (password: {PASSWORD})", *rows))
    return (
        "" if known else "Nobody can sign in yet. Add an administrator: flask user add EMAIL --name NAME --role admin"
    )


def _greet(settings: Config, signs_in: str) -> None:
    click.echo(f"\nFind a place is running at http://{settings.host}:{settings.port}\n")
    if signs_in:
        click.echo(signs_in)
    click.echo("\nCtrl-C stops it.")
