"""`flask planning`: what a run would solve now, what places are worth, and a past period lived through again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.scenarios import Verb
from placement.jobs.pricing import compute_prices
from placement.matching.problem.documents import write_instance
from placement.planning.replay.changes import MarketChange
from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.outcomes import Shift, Totals, as_it_was, as_lived, shifts, totals
from placement.planning.replay.reading import past_period
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


DAY = click.DateTime(["%Y-%m-%d"])
GIVEN: Mapping[Verb, Callable[[str], dict[str, Any]]] = {
    Verb.OPEN: lambda value: {"places": int(value)},
    Verb.CLOSE: lambda value: {"places": None if value == "all" else int(value)},
    Verb.CONVERT: lambda value: {"offers": frozenset(value.split("+"))},
    Verb.REPRICE: lambda value: {"weekly_pence": round(100 * float(value))},
}
"""What stands behind the unit, by what is done to it: places, needs, pounds a week."""


@planning.command("replay")
@click.option("--from", "first", type=DAY, required=True, help="First day of the period.")
@click.option("--to", "last", type=DAY, required=True, help="Last day of the period, before today.")
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="VERB:UNIT:WHAT[:FROM]",
    help="open:12:3, close:12:all, convert:12:pbs+autism or reprice:12:1450, from a day on (2026-03-01).",
)
@click.option("--seed", default=0, show_default=True, help="Of the answers of providers who were never asked.")
def replay(first: datetime, last: datetime, changes: tuple[str, ...], seed: int) -> None:
    """Live through a past period again, in the market as it was and, with changes, as it might have been."""
    if not first <= last or last.date() >= today(config().clock()):
        raise click.BadParameter("Give a first and a last day of the past.", param_hint="--to")
    with store().reading(config().council.code) as session:
        told = past_period(session, first.date(), last.date())
    same = as_lived(told, LivedDays(told, seed=seed).live())
    columns = {"as it was": totals(as_it_was(told)), "replayed": totals(same)}
    gains: tuple[Shift, ...] = ()
    if changes:
        try:
            made = [_change(given, first) for given in changes]
            changed = as_lived(told, LivedDays(told, made, seed=seed).live())
        except (Invalid, ValueError) as error:
            raise click.BadParameter(str(error), param_hint="--change") from error
        columns["changed"], gains = totals(changed), shifts(same, changed)
    _tell(columns, gains)


def _change(given: str, first: datetime) -> MarketChange:
    verb, unit, what, *since = given.split(":")
    night = (datetime.strptime(since[0], "%Y-%m-%d") - first).days if since else 0
    return MarketChange(verb=Verb(verb), unit=int(unit), night=night, **GIVEN[Verb(verb)](what))


def _tell(columns: dict[str, Totals], gains: tuple[Shift, ...]) -> None:
    click.echo(f"{'':24}" + "".join(f"{name:>14}" for name in columns))
    for name, words in SAID.items():
        values = (asdict(each)[name] for each in columns.values())
        click.echo(
            f"{words:24}" + "".join(f"{round(value / 100) if name == 'pence' else value:14,}" for value in values)
        )
    for each in gains:
        if each.better or each.worse:
            click.echo(f"{each.group}: {each.better} of {each.people} fare better, {each.worse} worse")


SAID = {
    "people": "People",
    "in_city": "In the city",
    "by_choice": "Outside, by choice",
    "not_by_choice": "Outside, not by choice",
    "still": "Still looked for",
    "nowhere": "No place found",
    "waited": "Nights waited",
    "late": "Waited over 14",
    "away": "Nights outside",
    "pence": "Pounds",
}
