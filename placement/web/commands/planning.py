"""`flask planning`: what a run would solve now."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from placement.matching.documents import write_instance
from placement.planning.snapshot import open_instance
from placement.web.extensions import config, store

planning = AppGroup("planning", help="What a match run would solve now.")


@planning.command("snapshot")
def snapshot() -> None:
    """Write the instance of all open referrals, as a run would solve it now."""
    with store().reading() as session:
        click.echo(write_instance(open_instance(session, now=config().clock())))
