"""`flask geography`: ask where a postcode is, and put exact ward outlines in place of the approximate ones."""

from __future__ import annotations

import json
from collections.abc import Callable
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
from placement.geography.ward_files import read_ward_set
from placement.records.ward_sets import save_ward_set
from placement.web.extensions import config, store
from placement.web.gazetteer import new_gazetteer

EXIT_UNUSABLE = 2
Result = TypeVar("Result")

geography = AppGroup("geography", help="Where postcodes are, and the outlines of wards.")


@geography.command("locate")
@click.argument("postcode")
def locate(postcode: str) -> None:
    """Print where POSTCODE is, as JSON."""
    click.echo(json.dumps(answer(_or_exit(lambda: _gazetteer().locate(postcode))), ensure_ascii=False))


@geography.command("import-wards")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_wards(file: Path) -> None:
    """Store the city's wards from FILE, a GeoJSON of ONS ward boundaries."""
    ward_set = _or_exit(lambda: read_ward_set(file.read_bytes(), council=config().council))
    upgrade()
    with store().writing(config().council.code) as session:
        save_ward_set(session, ward_set, by=SYSTEM, now=config().clock())
    click.echo(f"{ward_set.name}: {len(ward_set.wards)} wards with exact outlines")


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
