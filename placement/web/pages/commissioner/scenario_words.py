"""A scenario in words: each change as a sentence, which units it came to, and how far a replay is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from placement.domain.features import feature_words
from placement.domain.scenarios import Verb
from placement.domain.services import SERVICE_TYPE
from placement.geography.localities import Localities
from placement.planning.scenarios import SAME
from placement.records.scenarios import Scenario, ScenarioChange
from placement.reports.what_if import WORLD_LABELS
from placement.web.formatting import day, pounds

DONE: Mapping[Verb, str] = {
    Verb.OPEN: "Open {places}",
    Verb.CLOSE: "Close {places}",
    Verb.CONVERT: "Convert {places}",
    Verb.REPRICE: "Change the price of {places}",
}


def change_words(change: ScenarioChange, localities: Localities) -> str:
    """Return “Open 5 places: nursing home, dementia; North; from 1 March 2026”."""
    areas = {area.slug: area.name for area in localities.areas}
    if change.unit is not None:
        where = f"{change.unit.service.name}, {change.unit.name}"
    else:
        where = f"{offers_words(change.kind_of)}; {areas.get(change.locality, change.locality) or 'the whole city'}"
    said = [DONE[change.verb].format(places=places_words(change.places)) + f": {where}"]
    if change.becomes:
        said.append(f"from then on {offers_words(change.becomes)}")
    if change.weekly_pence is not None:
        said.append(f"{pounds(change.weekly_pence)} a week")
    return "; ".join([*said, f"from {day(change.start_on)}"])


def places_words(places: int | None) -> str:
    """Return “all places”, “1 place” or “12 places”."""
    return "all places" if places is None else "1 place" if places == 1 else f"{places:,} places"


def offers_words(slugs: Iterable[str]) -> str:
    """Return what places offer, the type of service first: “nursing home, dementia”."""
    found = sorted(slugs, key=lambda slug: slug not in SERVICE_TYPE)
    return ", ".join(feature_words(slug) for slug in found) or "places of any kind"


def made_words(made: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> list[str]:
    """Return each change as it was made, with the unit that it came to: “Open 5 places: Elm House, East wing”."""
    return [
        DONE[Verb(each["verb"])].format(places=places_words(each["places"]))
        + f": {names.get(each['unit'], 'a unit that is not in the register any more')}"
        for each in made
    ]


def progress_words(row: Scenario) -> list[str]:
    """Return how far each replay is: “Replayed without changes: day 120 of 365”."""
    newest = {word["world"]: word for word in row.progress}
    return [
        f"{WORLD_LABELS[world]}: day {word['day'] + 1:,} of {word['days']:,}"
        for world, word in sorted(newest.items(), key=lambda each: each[0] != SAME)
    ]
