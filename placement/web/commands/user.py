"""`flask user`: add people, let them in no more, and give them another password, where no page can be reached.

A password is asked for, or read from the standard input where that is no terminal; never from the command line, which
other people on the machine can read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from placement.domain.councils import COUNCIL
from placement.domain.errors import PlacementError
from placement.domain.people import SYSTEM, Role
from placement.records import accounts
from placement.records.second_steps import remove_second_step
from placement.records.users import User
from placement.web.extensions import config, store

user = AppGroup("user", help="People who sign in.")


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option(
    "--provider", "provider_id", type=int, help="The number of the provider that a provider's person works for."
)
def add(email: str, name: str, role: str, provider_id: int | None) -> None:
    """Add somebody who may sign in, for the council of PLACEMENT_COUNCIL."""
    if (role == Role.PROVIDER) != (provider_id is not None):
        raise click.UsageError("--provider belongs to --role provider, and to no other.")
    password = _password()
    _done(
        lambda session: accounts.add_user(
            session,
            email=email,
            name=name,
            role=Role(role),
            provider_id=provider_id,
            password=password,
            by=SYSTEM,
            now=config().clock(),
        ),
        "can sign in now.",
    )


@user.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Let somebody sign in no more, and sign them out everywhere."""
    _done(
        lambda session: accounts.deactivate_user(
            session, accounts.user_named(session, email).id, by=SYSTEM, now=config().clock()
        ),
        "is signed out everywhere and cannot sign in any more.",
    )


@user.command("reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Give somebody another password, and sign them out everywhere."""
    password = _password()
    _done(
        lambda session: accounts.reset_password(
            session, accounts.user_named(session, email).id, password, by=SYSTEM, now=config().clock()
        ),
        "has a new password and is signed out everywhere.",
    )


@user.command("remove-second-step")
@click.argument("email")
def remove_step(email: str) -> None:
    """Ask somebody who has lost their phone and their codes on paper for no code any more."""
    _done(
        lambda session: remove_second_step(
            session, accounts.user_named(session, email).id, by=SYSTEM, now=config().clock()
        ),
        "signs in without a second step and is signed out everywhere.",
    )


@user.command("set-role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.PROVIDER]))
def set_role(email: str, role: str) -> None:
    """Let somebody of the council do something else, and sign them out everywhere."""
    _done(
        lambda session: accounts.change_role(
            session, accounts.user_named(session, email).id, Role(role), by=SYSTEM, now=config().clock()
        ),
        f"now signs in as {role}.",
    )


def _password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _done(action: Callable[[Session], User], words: str) -> None:
    council = config().council.code
    try:
        with store().writing(council) as session:
            found = action(session)
    except PlacementError as error:
        raise click.ClickException(f"{error} {error.advice}") from error
    click.echo(f"{found.name} ({COUNCIL[found.council].place}) {words}")
