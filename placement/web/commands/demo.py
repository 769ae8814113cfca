"""`flask demo`: fill an empty database with a fictional Coventry, to look at and to try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import click

from placement.demo.seeding import seed
from placement.demo.users import PASSWORD, USERS
from placement.domain.errors import PlacementError
from placement.geography.gazetteer import Gazetteer
from placement.records.sessions import Store

EXIT_NOT_EMPTY = 2


def build_group(
    store_source: Callable[[], Store],
    gazetteer_source: Callable[[], Gazetteer],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> click.Group:
    """Return the command group; it asks for the database and the gazetteer only when a command runs."""

    @click.group("demo")
    def group() -> None:
        """A fictional market to look at and to try."""

    @group.command("seed")
    def seed_command() -> None:
        """Fill an empty database; refuse one that has providers already."""
        try:
            summary = seed(store_source(), now=clock(), gazetteer=gazetteer_source())
        except PlacementError as error:
            click.echo(f"{error} {error.advice}", err=True)
            raise SystemExit(EXIT_NOT_EMPTY) from error
        for name, count in asdict(summary).items():
            click.echo(f"{name.replace('_', ' ')}: {count:,}")
        click.echo(f"Sign in as {', '.join(email for email, _, _ in USERS)} with the password {PASSWORD}")

    return group
