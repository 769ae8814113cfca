"""What a scenario came to, as it may be told: every count of people protected at once, nights and pounds rounded.

Counts of the three worlds and of who gains and loses go through `small_numbers.protected` together, with what follows
from them: who is well off in both replays, for whom nothing changes, and who has not a need. Nights and pounds are told
beside a count that is told; they are rounded and not audited, as elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from placement.planning.replay.outcomes import BY_CHOICE, IN_CITY, LONG_WAIT, NOT_BY_CHOICE, NOWHERE, STILL
from placement.planning.scenarios import CHANGED, SAME, WAS
from placement.records.scenarios import ScenarioResult
from placement.reports.exports import Column
from placement.reports.small_numbers import MARK, Figures, Key, Sum, Told, protected

WORLD_LABELS: Mapping[str, str] = {
    WAS: "As it was",
    SAME: "Replayed without changes",
    CHANGED: "With the changes",
}
WENT_LABELS: Mapping[str, str] = {
    IN_CITY: "In the city",
    BY_CHOICE: "Outside, by choice",
    NOT_BY_CHOICE: "Outside, not by choice",
    STILL: "Still looked for at the end",
    NOWHERE: "Given up without a place",
}
FIGURES = (
    (f"Waited more than {LONG_WAIT} nights", "long_waits"),
    ("Nights waited, all people", "waited"),
    ("Nights outside, not by choice", "away"),
    ("£ a week, on average", "weekly_pounds"),
)
BY_LABELS: Mapping[str, str] = {
    "kind": "Kind of referral",
    "need": "Scarce need",
    "age": "Age",
    "gender": "Gender",
}
PARTITIONS = ("kind", "age", "gender")
"""By these everybody is in just one group."""
OUTCOME_LABELS: Mapping[str, str] = {"people": "People", "better": "Fare better", "worse": "Fare worse"}
EVERYBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWorld:
    """One world as it may be told. What belongs to a count that is held back is None; pounds are whole ones.

    `waited`: nights of everybody. `weekly_pounds`: what the places cost in an average week of the period.
    """

    slug: str
    went: Mapping[str, Told]
    long_waits: Told
    waited: int | None
    away: int | None
    weekly_pounds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldGroup:
    """How many of a group fare better and worse with the changes, as it may be told."""

    by: str
    label: str
    people: Told
    better: Told
    worse: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldScenario:
    """A whole result as it may be told: the three worlds, everybody, and group by group who gains and loses."""

    worlds: Sequence[ToldWorld]
    everybody: ToldGroup
    groups: Sequence[ToldGroup]

    def of(self, by: str) -> list[ToldGroup]:
        """Return the groups by one thing, the most people first."""
        found = (each for each in self.groups if each.by == by)
        return sorted(found, key=lambda each: (-(each.people or 0), each.label))

    @property
    def counts(self) -> list[tuple[str, tuple[Told, ...]]]:
        """Each count of people in words, with its value in each world."""
        name = FIGURES[0]
        went = [(label, tuple(world.went[slug] for world in self.worlds)) for slug, label in WENT_LABELS.items()]
        return [*went, (name[0], tuple(world.long_waits for world in self.worlds))]

    @property
    def amounts(self) -> list[tuple[str, tuple[int | None, ...]]]:
        """Each sum of nights or pounds in words, with its value in each world."""
        return [(label, tuple(getattr(world, name) for world in self.worlds)) for label, name in FIGURES[1:]]


def told_result(result: ScenarioResult, days: int) -> ToldScenario:
    """Return what a scenario of so many days came to, as it may be told."""
    told = protected(_Counted(result.worlds, result.shifts).figures(), by_day=True)
    return ToldScenario(
        worlds=[_world(slug, result.worlds[slug], told, days) for slug in WORLD_LABELS],
        everybody=_group(EVERYBODY, "Everybody", told),
        groups=[_group(each["by"], each["group"], told) for each in result.shifts],
    )


def _world(slug: str, sums: Mapping[str, int], told: Mapping[Key, Told], days: int) -> ToldWorld:
    went = {each: told[slug, each] for each in WENT_LABELS}
    has_people = told[EVERYBODY, "people"] is not None
    return ToldWorld(
        slug=slug,
        went=went,
        long_waits=told[slug, "late"],
        waited=_rounded(sums["waited"], 10) if has_people else None,
        away=_rounded(sums["away"], 10) if went[NOT_BY_CHOICE] is not None else None,
        weekly_pounds=_rounded(sums["pence"] * 7 / days / 100, 100) if has_people else None,
    )


def _rounded(number: float, step: int) -> int:
    return step * round(number / step)


def _group(by: str, label: str, told: Mapping[Key, Told]) -> ToldGroup:
    people, better, worse = (told[(*_where(by, label), name)] for name in OUTCOME_LABELS)
    return ToldGroup(by=by, label=label, people=people, better=better, worse=worse)


def _where(by: str, label: str) -> Key:
    return (by, label) if by else (EVERYBODY,)


class _Counted:
    """All that is counted of a result, with what adds up to what; what follows and is not told is hidden."""

    def __init__(self, worlds: Mapping[str, Mapping[str, int]], shifts: Sequence[Mapping[str, Any]]) -> None:
        self.counts: dict[Key, int] = {}
        self.sums: list[Sum] = []
        self.hidden: set[Key] = set()
        kinds = [each for each in shifts if each["by"] == "kind"]
        everybody = {name: sum(each[name] for each in kinds) for name in OUTCOME_LABELS}
        self._add_group((EVERYBODY,), everybody)
        for slug in WORLD_LABELS:
            self._add_world(slug, worlds[slug])
        either = self._hide(("either",), self.counts[SAME, "well"] + everybody["better"])
        self.sums += [
            (either, ((SAME, "well"), (EVERYBODY, "better"))),
            (either, ((CHANGED, "well"), (EVERYBODY, "worse"))),
        ]
        for each in shifts:
            self._add_group((each["by"], each["group"]), each)
        for name in OUTCOME_LABELS:
            self._add_up(name, shifts)

    def figures(self) -> Figures:
        return Figures(counts=self.counts, sums=self.sums, hidden=self.hidden)

    def _add_world(self, slug: str, found: Mapping[str, int]) -> None:
        self.counts |= {(slug, name): found[name] for name in (*WENT_LABELS, "late")}
        people: Key = (EVERYBODY, "people")
        well = self._hide((slug, "well"), found[IN_CITY] + found[BY_CHOICE])
        in_time = self._hide((slug, "in time"), self.counts[people] - found["late"])
        self.sums += [
            (people, tuple((slug, name) for name in WENT_LABELS)),
            (people, ((slug, "late"), in_time)),
            (well, ((slug, IN_CITY), (slug, BY_CHOICE))),
        ]

    def _add_group(self, where: Key, group: Mapping[str, int]) -> None:
        self.counts |= {(*where, name): group[name] for name in OUTCOME_LABELS}
        alike = self._hide((*where, "alike"), group["people"] - group["better"] - group["worse"])
        self.sums.append(((*where, "people"), ((*where, "better"), (*where, "worse"), alike)))

    def _add_up(self, name: str, shifts: Sequence[Mapping[str, Any]]) -> None:
        """Say which groups make up everybody: those by a partition do, and those with and without a need."""
        whole: Key = (EVERYBODY, name)
        for by in PARTITIONS:
            if parts := tuple((by, each["group"], name) for each in shifts if each["by"] == by):
                self.sums.append((whole, parts))
        for each in (each for each in shifts if each["by"] == "need"):
            without = self._hide(("need", each["group"], "without", name), self.counts[whole] - each[name])
            self.sums.append((whole, (("need", each["group"], name), without)))

    def _hide(self, key: Key, count: int) -> Key:
        self.counts[key] = count
        self.hidden.add(key)
        return key


def headline(told: ToldScenario) -> str:
    """Return a result in one sentence: who is outside against their will, with and without the changes."""
    _, same, changed = (_people(world.went[NOT_BY_CHOICE]) for world in told.worlds)
    return f"Outside, not by choice: {changed} with the changes, {same} without them"


def _people(count: Told) -> str:
    return MARK if count is None else f"about {count:,}" if count else "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One row of the file of a result: what it is of, and a value under each heading that has one."""

    table: str
    label: str
    values: Mapping[str, Told]


def rows_of(told: ToldScenario) -> list[ToldRow]:
    """Return every figure of a result, for a file."""
    worlds = WORLD_LABELS.values()
    rows = [
        ToldRow(table="Compared", label=label, values=dict(zip(worlds, values, strict=True)))
        for label, values in (*told.counts, *told.amounts)
    ]
    for each in (told.everybody, *told.groups):
        values = {label: getattr(each, name) for name, label in OUTCOME_LABELS.items()}
        rows.append(ToldRow(table=BY_LABELS.get(each.by, "Who gains and who loses"), label=each.label, values=values))
    return rows


def _column(heading: str) -> Column:
    def value(row: ToldRow) -> int | str:
        found = row.values.get(heading, "")
        return MARK if found is None else found

    return Column(heading, value)


COLUMNS = (
    Column("Table", lambda row: row.table),
    Column("Row", lambda row: row.label),
    *(_column(heading) for heading in (*WORLD_LABELS.values(), *OUTCOME_LABELS.values())),
)
