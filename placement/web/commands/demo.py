"""`flask demo`: fill an empty database with a fictional Coventry, to look at and to try."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import AppGroup

from placement.demo.seeding import seed
from placement.demo.users import PASSWORD, USERS
from placement.domain.clocks import today
from placement.domain.errors import PlacementError
from placement.web.extensions import config, store
from placement.web.gazetteer import new_gazetteer

EXIT_NOT_EMPTY = 2

demo = AppGroup("demo", help="A fictional market to look at and to try.")


@demo.command("seed")
def seed_command() -> None:
    """Fill an empty database; refuse one that has providers already."""
    now = config().clock()
    try:
        with store().reading() as session:
            gazetteer = new_gazetteer(session, day=today(now))
        summary = seed(store(), now=now, gazetteer=gazetteer)
    except PlacementError as error:
        click.echo(f"{error} {error.advice}", err=True)
        raise SystemExit(EXIT_NOT_EMPTY) from error
    for name, count in asdict(summary).items():
        click.echo(f"{name.replace('_', ' ')}: {count:,}")
    click.echo(f"Sign in as {', '.join(email for email, _, _ in USERS)} with the password {PASSWORD}")
