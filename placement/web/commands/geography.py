"""`flask geography`: ask where a postcode is, and put exact ward outlines in place of the approximate ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from placement.domain.errors import PlacementError
from placement.geography.gazetteer import Gazetteer, Located
from placement.geography.ward_files import read_ward_set
from placement.geography.wards import WardSet

EXIT_UNUSABLE = 2
Result = TypeVar("Result")


def build_group(
    gazetteer_source: Callable[[], Gazetteer], save_ward_set: Callable[[WardSet], object] | None
) -> click.Group:
    """Return the command group; it asks for the gazetteer and stores a ward set through what it is given."""

    @click.group("geography")
    def group() -> None:
        """Where postcodes are, and the outlines of wards."""

    @group.command("locate")
    @click.argument("postcode")
    def locate(postcode: str) -> None:
        """Print where POSTCODE is, as JSON."""
        click.echo(json.dumps(answer(_or_exit(lambda: gazetteer_source().locate(postcode))), ensure_ascii=False))

    @group.command("import-wards")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def import_wards(file: Path) -> None:
        """Store the city's wards from FILE, a GeoJSON of ONS ward boundaries."""
        if save_ward_set is None:
            raise click.ClickException("Ward sets cannot be stored here yet")
        ward_set = _or_exit(lambda: read_ward_set(file.read_bytes()))
        save_ward_set(ward_set)
        click.echo(f"{ward_set.name}: {len(ward_set.wards)} wards with exact outlines")

    return group


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


def _or_exit(ask: Callable[[], Result]) -> Result:
    try:
        return ask()
    except PlacementError as error:
        click.echo(f"{error}. {error.advice}", err=True)
        raise SystemExit(EXIT_UNUSABLE) from error
