"""`flask market`: bring the register of providers and services up to what the CQC publishes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import EditedMeanwhile, PlacementError
from placement.domain.people import SYSTEM
from placement.market.imports.apply import apply_import
from placement.market.imports.changes import ImportPlan, RegisterChange
from placement.market.imports.cqc.combine import Combined, combine
from placement.market.imports.cqc.files import read_paths
from placement.market.imports.cqc.rows import Reading
from placement.market.imports.plan import plan_import
from placement.market.imports.report import as_text, as_values
from placement.market.imports.scope import EVERYWHERE, Scope, scope_of
from placement.records.races import is_race
from placement.records.sessions import retried
from placement.web.extensions import config, store
from placement.web.gazetteer import gazetteer

BATCH = 200  # changes a write unit: a national file must not keep everybody else from writing for a minute
TRIES = 3

market = AppGroup("market", help="The register of providers and services.")


@market.command("import-cqc")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--authority", "councils", multiple=True, help="Add locations of this council (name or ONS code) only.")
@click.option("--all", "everywhere", is_flag=True, help="Add locations of every council.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def import_cqc(
    paths: tuple[Path, ...], dry_run: bool, councils: tuple[str, ...], everywhere: bool, as_json: bool
) -> None:
    """Import the CQC's files or folders of them at PATHS: API answers, directories, ratings, HSCA locations.

    Locations of Coventry and its neighbours are added unless --authority or --all says otherwise; services of the
    register are followed wherever they are. The same files again change nothing.
    """
    scope = _scope(councils, everywhere)
    reading = _read(paths)
    combined = combine(reading)
    plan = _plan(combined, reading, scope) if dry_run else _import(combined, reading, scope)
    report = as_values if as_json else as_text
    told = report(plan, rows_read=reading.rows_read, is_dry_run=dry_run)
    click.echo(told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, indent=1))


def _plan(combined: Combined, reading: Reading, scope: Scope) -> ImportPlan:
    with store().reading(config().council.code) as session:
        return plan_import(
            session, combined, gazetteer(), on=today(config().clock()), scope=scope, problems=reading.problems
        )


def _import(combined: Combined, reading: Reading, scope: Scope) -> ImportPlan:
    """Plan and do it, again from the start if somebody else changed the register in between."""
    done: list[RegisterChange] = []
    for attempt in range(1, TRIES + 1):
        plan = _plan(combined, reading, scope)
        try:
            for batch in plan.batches(BATCH):
                _do(batch)
                done += batch.changes
        except (EditedMeanwhile, IntegrityError) as error:
            if isinstance(error, IntegrityError) and not is_race(error):
                raise
            if attempt == TRIES:
                words = "Others keep changing the register. What was imported stays; run the import again for the rest."
                raise click.ClickException(words) from error
        else:
            return replace(plan, changes=tuple(done))
    raise AssertionError("unreachable")


def _do(batch: ImportPlan) -> None:
    def work(session: Session) -> None:
        apply_import(session, batch, by=SYSTEM, now=config().clock())

    retried(store(), work, council=config().council.code)


def _scope(councils: tuple[str, ...], everywhere: bool) -> Scope:
    if councils and everywhere:
        raise click.UsageError("Choose either --authority or --all.")
    try:
        return EVERYWHERE if everywhere else scope_of(councils)
    except PlacementError as error:
        raise click.UsageError(str(error)) from error


def _read(paths: tuple[Path, ...]) -> Reading:
    reading = read_paths(paths)
    if not reading.rows_read:
        reasons = [f"{each.file}: {each.reason}." for each in reading.problems] or ["There are no files in it."]
        raise click.UsageError("\n".join(("Nothing here can be read as a file of the CQC.", *reasons)))
    return reading
