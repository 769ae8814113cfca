"""`flask geography`: ask where a postcode is, and put exact ward outlines in place of the approximate ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import inspect

from placement.domain.clocks import today
from placement.domain.errors import PlacementError
from placement.domain.people import SYSTEM
from placement.geography.gazetteer import Gazetteer, Located, build_gazetteer
from placement.geography.ward_cover import percent
from placement.geography.ward_files import read_ward_set
from placement.records.ward_sets import save_ward_set
from placement.records.ward_uploads import (
    ListedWardSet,
    judged,
    listed_ward_sets,
    undo_ward_set,
    ward_set_row,
)
from placement.web.extensions import config, store
from placement.web.gazetteer import new_gazetteer

EXIT_UNUSABLE = 2
DOUBTFUL = (
    "So many change ward although the wards have the same codes: look at where the file comes from. "
    "`flask geography undo-wards` takes it back."
)
Result = TypeVar("Result")

geography = AppGroup("geography", help="Where postcodes are, and the outlines of wards.")


@geography.command("locate")
@click.argument("postcode")
def locate(postcode: str) -> None:
    """Print where POSTCODE is, as JSON."""
    click.echo(json.dumps(answer(_or_exit(lambda: _gazetteer().locate(postcode))), ensure_ascii=False))


@geography.command("import-wards")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what the file would do, and store nothing.")
def import_wards(file: Path, dry_run: bool) -> None:
    """Store the city's wards from FILE, a GeoJSON of ONS ward boundaries."""
    ward_set = _or_exit(lambda: read_ward_set(file.read_bytes(), council=config().council))
    if not dry_run:
        upgrade()
    cover = _or_exit(lambda: judged(ward_set, _gazetteer()))
    if not dry_run:
        with store().writing(config().council.code) as session:
            save_ward_set(session, ward_set, by=SYSTEM, now=config().clock())
    click.echo(f"{ward_set.name}: {len(ward_set.wards)} wards with exact outlines")
    click.echo(f"{percent(cover.share_changed)} of {cover.postcodes:,} postcodes change ward")
    if ward_set.mended:
        click.echo(f"Mended without a change of area: {', '.join(ward_set.mended)}")
    if cover.is_doubtful:
        click.echo(DOUBTFUL, err=True)
    if dry_run:
        click.echo("Nothing was stored.")


@geography.command("ward-sets")
def ward_sets() -> None:
    """List the ward sets: which is in use, and which is in force on which dates."""
    on = today(config().clock())
    with store().reading(config().council.code) as session:
        for each in listed_ward_sets(session, new_gazetteer(session, day=on).ward_set):
            click.echo(_line(each, on))


@geography.command("undo-wards")
@click.argument("number", type=int)
def undo_wards(number: int) -> None:
    """Take back the stored ward set with this NUMBER, as `ward-sets` lists it."""

    def undo() -> str:
        with store().writing(config().council.code) as session:
            row = ward_set_row(session, number, to_change=True)
            undo_ward_set(session, row, by=SYSTEM, now=config().clock())
            return row.name

    click.echo(f"{_or_exit(undo)} was taken back")


def _line(each: ListedWardSet, on: date) -> str:
    begins, ends = each.ward_set.valid_from, each.ward_set.valid_to
    dates = f"{begins.isoformat() if begins else '…'} to {ends.isoformat() if ends else '…'}"
    standing = "in force" if each.ward_set.covers(on) else "expired" if each.ward_set.ends_before(on) else "to come"
    state = "in use" if each.is_in_use else each.state.label.lower() if each.state else "comes with the product"
    return f"{each.id or '–'}\t{each.ward_set.name}\t{dates}\t{standing}\t{state}"


def answer(located: Located) -> dict[str, Any]:
    """Return what `locate` prints: codes and names, nothing where something is not known."""
    ward, locality = located.ward, located.locality
    return {
        "postcode": located.postcode,
        "lat": located.point.lat,
        "lon": located.point.lon,
        "authority": located.authority,
        "authority_name": located.authority_name,
        "in_city": located.in_city,
        "lsoa": located.lsoa,
        "ward": ward.code if ward else None,
        "ward_name": ward.name if ward else None,
        "ward_set": located.ward_set.slug,
        "ward_is_approximate": located.ward_set.is_approximate,
        "locality": locality.slug if locality else None,
        "source": located.source,
        "note": located.note,
    }


def _gazetteer() -> Gazetteer:
    if not inspect(store().engine).has_table("ward_set"):  # a copy that has never been started can still be asked
        return build_gazetteer(on=today(config().clock()), council=config().council)
    with store().reading(config().council.code) as session:
        return new_gazetteer(session, day=today(config().clock()))


def _or_exit(ask: Callable[[], Result]) -> Result:
    try:
        return ask()
    except PlacementError as error:
        click.echo(f"{error}. {error.advice}", err=True)
        raise SystemExit(EXIT_UNUSABLE) from error
