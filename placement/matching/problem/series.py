"""A series taken apart: every stay a need of its own, and which of them belong together.

What holds of a need holds of each of its stays: its weight, its rules, its points. So an instance with series is one
without, and links between some of its needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from placement.matching.problem.facts import Need, stay_name
from placement.matching.problem.instance import Instance

TOGETHER = 30
"""Points for each stay after the first in the service that most stays of a series are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Needs that are the stays of one series, in the order of their nights; `whole`: all of them are met or none."""

    needs: tuple[str, ...]
    whole: bool

    @property
    def most_points(self) -> int:
        """What it adds to the fit if every stay is in one service."""
        return TOGETHER * (len(self.needs) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesApart:
    """An instance in which every need is one stay; `of` says of a need that is one of a series which stay of which."""

    instance: Instance
    links: tuple[Link, ...] = ()
    of: dict[str, tuple[str, int]] = field(default_factory=dict)

    def told(self, name: str) -> tuple[str, int | None]:
        """Return the need and the stay that documents call so."""
        return self.of.get(name, (name, None))

    def place(self, name: str) -> tuple[str, int]:
        """Return what orders needs by their ids, and the stays of one by their nights."""
        need, stay = self.told(name)
        return need, stay or 0


def stays_of(instance: Instance) -> SeriesApart:
    """Take the series of an instance apart; one without any is returned as it is."""
    in_series = sorted((need for need in instance.needs if need.series), key=lambda need: need.id)
    if not in_series:
        return SeriesApart(instance=instance)
    series = {need.id: tuple(_stays(need)) for need in in_series}
    alone = tuple(_with_all_apart(need, series) for need in instance.needs if need.id not in series)
    apart = tuple(_with_all_apart(stay, series) for stays in series.values() for stay in stays)
    return SeriesApart(
        instance=replace(instance, needs=(*alone, *apart)),
        links=tuple(
            Link(needs=tuple(stay.id for stay in series[need.id]), whole=need.series.take == "all")
            for need in in_series
            if need.series
        ),
        of={stay.id: (name, number) for name, stays in series.items() for number, stay in enumerate(stays, start=1)},
    )


def _stays(need: Need) -> Iterator[Need]:
    yield replace(need, series=None)
    for number, stay in enumerate(need.series.stays if need.series else (), start=2):
        yield replace(
            need,
            id=stay_name(need.id, number),
            series=None,
            earliest=stay.earliest,
            latest=stay.latest,
            nights=stay.nights,
            current=stay.current,
        )


def _with_all_apart(need: Need, series: dict[str, tuple[Need, ...]]) -> Need:
    """Return the need kept apart from every stay of whom it is kept apart from."""
    if not need.apart & series.keys():
        return need
    named = frozenset(stay.id for name in need.apart & series.keys() for stay in series[name])
    return replace(need, apart=need.apart | named)
