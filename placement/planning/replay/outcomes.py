"""What a replay comes to: people in the city and out of it, nights and money, and who gains and loses by a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from placement.domain.features import SCARCE, label_of
from placement.domain.kinds import KIND
from placement.domain.people import GENDER_LABELS, Gender
from placement.planning.replay.history import PastCase, PastPeriod, Stay
from placement.planning.replay.living_through import Lived

IN_CITY, BY_CHOICE, NOT_BY_CHOICE = "in_city", "by_choice", "not_by_choice"
STILL, NOWHERE = "still", "nowhere"
"""Without a place: looked for on the last day, and given up before it."""
LONG_WAIT = 14
"""Nights."""
WELL_OFF = (IN_CITY, BY_CHOICE)
"""Where nobody is against their will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What became of one person: where they went, how many nights after the first possible start, and at what cost.

    `waited`: nights from the first possible start until the stay began, or until nobody looked any more. `away`: nights
    of the period outside the city though not by choice. `pence`: of all nights of the period.
    """

    case: PastCase
    went: str
    waited: int
    away: int
    pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """People by where they went, the sums of what that took, and who waited longer than LONG_WAIT."""

    people: int = 0
    in_city: int = 0
    by_choice: int = 0
    not_by_choice: int = 0
    still: int = 0
    nowhere: int = 0
    waited: int = 0
    away: int = 0
    pence: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How many people of a group fare better and worse under a change, and how many there are.

    Everybody is in one group `by` kind, by gender and by age, and by need in as many as they have scarce needs.
    """

    by: str
    group: str
    people: int
    better: int
    worse: int


def as_it_was(history: PastPeriod) -> tuple[CaseResult, ...]:
    """Return what became of everybody in the records."""
    return tuple(_was(case, history.days) for case in history.cases)


def as_lived(history: PastPeriod, lived: Sequence[Lived]) -> tuple[CaseResult, ...]:
    """Return what became of everybody in a replay."""
    return tuple(_lived(each, history.days) for each in lived)


def totals(results: Iterable[CaseResult]) -> Totals:
    """Return the sums over some people."""
    found: Counter[str] = Counter()
    for each in results:
        found[each.went] += 1
        found.update(people=1, waited=each.waited, away=each.away, pence=each.pence)
        found["late"] += each.waited > LONG_WAIT
    return Totals(**{each.name: found[each.name] for each in fields(Totals)})


def shifts(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> tuple[Shift, ...]:
    """Return who gains and who loses between two replays of one history, group by group."""
    people: Counter[tuple[str, str]] = Counter()
    better: Counter[tuple[str, str]] = Counter()
    worse: Counter[tuple[str, str]] = Counter()
    for was, now in zip(before, after, strict=True):
        change = (now.went in WELL_OFF) - (was.went in WELL_OFF)
        for group in groups_of(was.case):
            people[group] += 1
            better[group] += change > 0
            worse[group] += change < 0
    return tuple(
        Shift(by=each[0], group=each[1], people=people[each], better=better[each], worse=worse[each]) for each in people
    )


def groups_of(case: PastCase) -> Iterator[tuple[str, str]]:
    """Yield the groups that a person is counted in: kind, gender, age, and what they need that is scarce."""
    need = case.need
    yield "kind", KIND[need.kind].label
    yield "gender", GENDER_LABELS[Gender(need.gender)] if need.gender else "Gender not recorded"
    yield "age", _age_band(need.age)
    yield from (("need", label) for label in sorted(label_of(slug) for slug in need.must_haves & set(SCARCE)))


def _age_band(age: int | None) -> str:
    if age is None:
        return "Age not recorded"
    return "Under 65" if age < 65 else "65 to 84" if age < 85 else "85 and over"


def _was(case: PastCase, days: int) -> CaseResult:
    known = case.happened
    if known is None:
        went = STILL if case.gone is None or case.gone >= days else NOWHERE
        return _result(case, went, None, None, case.gone, days)
    went = IN_CITY if known.is_in_city else BY_CHOICE if known.by_choice else NOT_BY_CHOICE
    return _result(case, went, known.stay, known.weekly_pence, None, days)


def _lived(lived: Lived, days: int) -> CaseResult:
    case = lived.case
    if lived.stay is None:
        return _result(case, STILL if lived.until >= days else NOWHERE, None, None, lived.until, days)
    outside = BY_CHOICE if case.need.wants_out_of_city else NOT_BY_CHOICE
    return _result(case, IN_CITY if lived.is_in_city else outside, lived.stay, lived.weekly_pence, None, days)


def _result(
    case: PastCase, went: str, stay: Stay | None, weekly_pence: int | None, gone: int | None, days: int
) -> CaseResult:
    until = stay.start if stay else days if gone is None else min(gone, days)
    nights = max(0, min(days, days if stay.end is None else stay.end) - stay.start) if stay else 0
    return CaseResult(
        case=case,
        went=went,
        waited=max(0, min(until, days) - case.need.earliest),
        away=nights if went == NOT_BY_CHOICE else 0,
        pence=round(nights * (weekly_pence or 0) / 7),
    )
