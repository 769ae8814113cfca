"""`flask planning`: what a run would solve now, and what places are worth to people still to come."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from placement.jobs.pricing import compute_prices
from placement.matching.problem.documents import write_instance
from placement.planning.snapshot import open_instance
from placement.web.extensions import config, store

planning = AppGroup("planning", help="What a match run would solve now, and the prices of places.")


@planning.command("snapshot")
def snapshot() -> None:
    """Write the instance of all open referrals, as a run would solve it now."""
    with store().reading(config().council.code) as session:
        click.echo(write_instance(open_instance(session, now=config().clock())))


@planning.command("prices")
@click.option("--seed", default=0, show_default=True, help="Of the futures that are drawn.")
def prices(seed: int) -> None:
    """Compute the prices of places now, as is done every night, and store them."""
    found = compute_prices(store(), council=config().council.code, clock=config().clock, seed=seed)
    units = len({unit for unit, *_ in found.prices})
    click.echo(
        f"Units with prices: {units:,}, over {found.nights} nights from {found.first_night}. Made from referrals: "
        f"{found.arrivals:,} in {found.history_days} days. Seconds: {found.seconds:.0f}."
    )
