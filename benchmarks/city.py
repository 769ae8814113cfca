"""The demo city as an instance, and the same with many times as many open referrals over the units that there are."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from placement.demo.seeding import seed as fill
from placement.domain.councils import COVENTRY
from placement.geography.gazetteer import build_gazetteer
from placement.matching.problem.documents import read_instance, write_instance
from placement.matching.problem.facts import Need
from placement.matching.problem.instance import Instance
from placement.planning.snapshot import open_instance
from placement.records.sessions import open_url
from placement.records.tables import Base

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER, AWAY = 28, 0.02
"""By how many nights at most, and how many degrees, a repeated need stands away from the one it repeats."""


def write_city(path: str) -> None:
    """Fill a database with the demo city of one morning and write what its matcher would be asked; a measured piece."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'city.db'}"
        store = open_url(url)
        Base.metadata.create_all(store.engine)
        fill(store, now=NOW, gazetteer=build_gazetteer(on=NOW.date()))
        with store.reading(COVENTRY.code) as session:
            document = write_instance(open_instance(session, now=NOW))
        store.engine.dispose()
    Path(path).write_text(document, encoding="utf-8")


def city(path: str, copies: int = 1, seed: int = 1, *, side_rules: bool = True) -> Instance:
    """Return the city with each need so many times, the repeated ones later and elsewhere by lot.

    Without side rules units stand without their shared places, and nobody is kept apart or among one gender: what the
    inventory form can say.
    """
    instance, dice = read_instance(Path(path).read_text(encoding="utf-8")), random.Random(seed)
    needs = [
        need if copy == 0 else _again(need, copy, instance.nights, dice)
        for copy in range(copies)
        for need in instance.needs
    ]
    if side_rules:
        return replace(instance, needs=tuple(needs))
    return replace(
        instance,
        needs=tuple(replace(need, apart=frozenset(), apart_nights=()) for need in needs),
        units=tuple(
            replace(unit, shared=frozenset(), gender="any")
            if unit.gender == "same"
            else replace(unit, shared=frozenset())
            for unit in instance.units
        ),
        shared_caps=(),
    )


def _again(need: Need, copy: int, nights: int, dice: random.Random) -> Need:
    earliest = min(need.earliest + dice.randint(0, LATER), nights - 1)
    return replace(
        need,
        id=f"{need.id}-{copy}",
        earliest=earliest,
        latest=min(earliest + need.latest - need.earliest, nights - 1),
        waited_days=dice.randint(0, 60),
        lat=None if need.lat is None else need.lat + dice.uniform(-AWAY, AWAY),
        lon=None if need.lon is None else need.lon + dice.uniform(-AWAY, AWAY),
        apart=frozenset(f"{other}-{copy}" for other in need.apart),
        current=None,
    )
