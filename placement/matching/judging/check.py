"""The auditor: whether a plan keeps every rule and limit and says the truth about itself. Knows no solver, no numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from placement.matching.judging.limits import APART, CAPACITY, CRISES, SAME_GENDER, SERIES, SHARED_CAP
from placement.matching.judging.nights import places_on
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.rules import RULE, refusals
from placement.matching.judging.series import points_together
from placement.matching.judging.setting import Setting
from placement.matching.judging.starts import STARTS
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.documents import fingerprint
from placement.matching.problem.facts import ONE_AT_A_TIME, Need, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan, TierOutcome, Unmatched


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing wrong: the slug of the rule, limit or promise broken, where, and a sentence."""

    slug: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.slug}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything that is wrong with a plan, and what it is really worth, objective by objective, by slug."""

    violations: tuple[Violation, ...]
    objectives: dict[str, int]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations


def check(instance: Instance, plan: Plan) -> Verdict:
    """Audit a plan against its instance, completely: identity, rules, limits, lists, values and bounds.

    Parameters
    ----------
    instance, plan
        Any plan for any instance: whatever it says is doubted, also where it names what does not exist.

    Returns
    -------
    Verdict
        Every violation with its place, and what the plan is really worth, each objective in its own unit. It shares the
        rules and the objectives with the engine, and writes the limits over a whole plan out once more.
    """
    setting = Setting(instance)
    stays = list(_stays(setting, plan.matches))
    values = worth_of(setting, stays)
    violations = (
        *_identity(instance, plan),
        *_broken(setting, stays, plan.matches),
        *_unmatched(setting, stays, plan),
        *_outcomes(values, plan),
    )
    return Verdict(violations=violations, objectives=values)


def matches_broken(instance: Instance, matches: Sequence[Match]) -> tuple[Violation, ...]:
    """Return what is wrong with matches alone: what they name, rules, limits, series and questions."""
    setting = Setting(instance)
    return tuple(_broken(setting, list(_stays(setting, matches)), matches))


def _broken(setting: Setting, stays: list[MatchedStay], matches: Sequence[Match]) -> Iterator[Violation]:
    yield from _references(setting, matches)
    yield from _rules(setting, stays)
    yield from limits_broken(setting, stays)
    yield from series_broken(setting, stays)
    yield from _questions(setting, matches)


def worth_of(setting: Setting, stays: Iterable[MatchedStay]) -> dict[str, int]:
    """Return the value of each objective, by slug."""
    listed = list(stays)
    found = {
        objective.slug: sum(objective.value(stay.need, stay.unit, stay.start, setting) for stay in listed)
        for objective in OBJECTIVES
    }
    found["fit"] += points_together(setting.stays.links, listed)
    return found


def limits_broken(setting: Setting, stays: list[MatchedStay]) -> Iterator[Violation]:
    """Yield every limit that these stays break together."""
    by_unit: dict[str, list[MatchedStay]] = {}
    for stay in stays:
        by_unit.setdefault(stay.unit.id, []).append(stay)
    for unit_id, there in sorted(by_unit.items()):
        yield from _capacity(setting.units[unit_id], there, setting.horizon)
        yield from _crises(setting.units[unit_id], there)
        yield from _same_gender(setting.units[unit_id], there)
    for cap in setting.instance.shared_caps:
        people = Counter(night for stay in stays if cap.id in stay.unit.shared for night in range(stay.start, stay.end))
        free = cap.spans(setting.horizon)
        over = [night for night, count in sorted(people.items()) if count > places_on(free, night)]
        if over:
            sentence = f"over its {places_on(free, over[0])} on night {over[0]}"
            yield Violation(slug=SHARED_CAP.slug, place=f"shared cap {cap.id}", sentence=sentence)
    yield from _apart(stays)


def series_broken(setting: Setting, stays: Iterable[MatchedStay]) -> Iterator[Violation]:
    """Yield every series of which all stays are wanted and only some have a place."""
    there = {stay.need.id for stay in stays}
    for link in setting.stays.links:
        missing = [name for name in link.needs if name not in there]
        if link.whole and 0 < len(missing) < len(link.needs):
            sentence = f"has no place for {', '.join(missing)}, and all its stays are wanted or none"
            yield Violation(slug=SERIES.slug, place=f"series {link.needs[0]}", sentence=sentence)


def _stays(setting: Setting, matches: Iterable[Match]) -> Iterator[MatchedStay]:
    """Yield the matches that name a need, a unit and a night of the horizon."""
    for match in matches:
        need, unit = _need(setting, match), setting.units.get(match.unit)
        if need is not None and unit is not None and 0 <= match.start < setting.horizon:
            yield MatchedStay(need, unit, match.start, setting.end(need, match.start))


def _need(setting: Setting, entry: Match | Unmatched) -> Need | None:
    """Return the need, or the stay of a series, that an entry of a plan is about; None where there is no such."""
    told = setting.stays.told(entry.name) == (entry.need, entry.stay)
    return setting.needs.get(entry.name) if told else None


def _identity(instance: Instance, plan: Plan) -> Iterator[Violation]:
    if plan.instance_sha256 != fingerprint(instance):
        sentence = "the plan was made for another instance"
        yield Violation(slug="instance", place="instance_sha256", sentence=sentence)


def _references(setting: Setting, matches: Iterable[Match]) -> Iterator[Violation]:
    seen: Counter[str] = Counter()
    for match in matches:
        where = f"match of {match.name}"
        if _need(setting, match) is None:
            yield Violation(slug="reference", place=where, sentence="no such need, or no such stay of it")
        if match.unit not in setting.units:
            yield Violation(slug="reference", place=where, sentence=f"no such unit as {match.unit}")
        if not 0 <= match.start < setting.horizon:
            yield Violation(slug="reference", place=where, sentence=f"night {match.start} is not in the horizon")
        seen[match.name] += 1
    for need, times in sorted(seen.items()):
        if times > 1:
            yield Violation(slug="once", place=f"match of {need}", sentence=f"matched {times} times")


def _rules(setting: Setting, stays: Iterable[MatchedStay]) -> Iterator[Violation]:
    for stay in stays:
        where = f"match of {stay.need.id} to {stay.unit.id}"
        for rule in refusals(stay.need, stay.unit, setting):
            yield Violation(slug=rule.slug, place=where, sentence=f"does not hold: {rule.sentence}")
        if not stay.need.earliest <= stay.start <= stay.need.latest:
            yield Violation(slug="nights", place=where, sentence=f"night {stay.start} is outside the window")
        if any(places_on(stay.unit.free, night) < 1 for night in range(stay.start, stay.end)):
            yield Violation(slug="nights", place=where, sentence="no place is free on every night of the stay")
        for slug, allows in STARTS.items():
            if slug != "nights" and not allows(stay.need, stay.unit, stay.start, setting):
                sentence = f"does not hold from night {stay.start}: {RULE[slug].sentence}"
                yield Violation(slug=slug, place=where, sentence=sentence)


def _capacity(unit: UnitFacts, stays: list[MatchedStay], horizon: int) -> Iterator[Violation]:
    people = Counter(night for stay in stays for night in range(stay.start, min(stay.end, horizon)))
    over = [night for night, count in sorted(people.items()) if count > places_on(unit.free, night)]
    if over:
        sentence = f"{people[over[0]]} people on night {over[0]}, {places_on(unit.free, over[0])} places"
        yield Violation(slug=CAPACITY.slug, place=f"unit {unit.id}", sentence=sentence)


def _crises(unit: UnitFacts, stays: list[MatchedStay]) -> Iterator[Violation]:
    """Whether it takes any at all, a rule says of each of them."""
    if not unit.crisis_places:
        return
    coming = [(stay.start, stay.end) for stay in stays if stay.need.is_unplanned]
    people = Counter(night for start, end in coming for night in range(start, end))
    there = Counter(night for start, end in unit.crises for night in range(start, end))
    over = [night for night in sorted(people) if people[night] + there[night] > unit.crisis_places]
    if over:
        sentence = f"{people[over[0]] + there[over[0]]} in a crisis on night {over[0]}, it takes {unit.crisis_places}"
        yield Violation(slug=CRISES.slug, place=f"unit {unit.id}", sentence=sentence)


def _same_gender(unit: UnitFacts, stays: list[MatchedStay]) -> Iterator[Violation]:
    if unit.gender != ONE_AT_A_TIME:
        return
    for one, other in combinations(stays, 2):
        mixes = one.need.gender is not None and one.need.gender == other.need.gender
        if one.overlaps(other) and not mixes:
            where = f"unit {unit.id}"
            yield Violation(slug=SAME_GENDER.slug, place=where, sentence=f"{one.need.id} with {other.need.id}")


def _apart(stays: list[MatchedStay]) -> Iterator[Violation]:
    by_service: dict[str, list[MatchedStay]] = {}
    for stay in stays:
        by_service.setdefault(stay.unit.service, []).append(stay)
    for service, there in sorted(by_service.items()):
        for one, other in combinations(there, 2):
            kept = other.need.id in one.need.apart or one.need.id in other.need.apart
            if kept and one.overlaps(other):
                where = f"service {service}"
                yield Violation(slug=APART.slug, place=where, sentence=f"{one.need.id} with {other.need.id}")


def _questions(setting: Setting, matches: Iterable[Match]) -> Iterator[Violation]:
    for match in matches:
        need = _need(setting, match)
        if need is not None and sorted(match.ask) != sorted(need.unknown):
            yield Violation(slug="ask", place=f"match of {need.id}", sentence="does not ask what is not known")


def _unmatched(setting: Setting, stays: Iterable[MatchedStay], plan: Plan) -> Iterator[Violation]:
    """The list names every need without a place in the city that it wanted, once, and no other."""
    wanted = dict.fromkeys(setting.needs, False)
    for stay in stays:
        if setting.met_in_city(stay.need, stay.unit):
            wanted.pop(stay.need.id, None)
        else:
            wanted[stay.need.id] = True
    listed = Counter(
        entry.name if _need(setting, entry) else f"{entry.need}, stay {entry.stay}" for entry in plan.unmatched
    )
    for need in sorted(wanted.keys() - listed.keys()):
        yield Violation(slug="unmatched", place=f"need {need}", sentence="is missing from the list of unmatched")
    for need, times in sorted(listed.items()):
        if need not in wanted or times > 1:
            yield Violation(slug="unmatched", place=f"need {need}", sentence="does not belong in the list of unmatched")
    for entry in plan.unmatched:
        if wanted.get(entry.name, entry.met_out_of_city) != entry.met_out_of_city:
            yield Violation(slug="unmatched", place=f"need {entry.name}", sentence="met_out_of_city is not so")


def _outcomes(values: dict[str, int], plan: Plan) -> Iterator[Violation]:
    if [outcome.slug for outcome in plan.objectives] != [objective.slug for objective in OBJECTIVES]:
        yield Violation(slug="objectives", place="objectives", sentence="are not the objectives in their order")
        return
    for outcome, objective in zip(plan.objectives, OBJECTIVES, strict=True):
        yield from _outcome(outcome, objective.sign, values[outcome.slug], is_optimal=plan.status == "optimal")


def _outcome(outcome: TierOutcome, sign: int, value: int, *, is_optimal: bool) -> Iterator[Violation]:
    where = f"objective {outcome.slug}"
    if outcome.value != value:
        yield Violation(slug="value", place=where, sentence=f"says {outcome.value} and is {value}")
    if sign * outcome.bound < sign * value:
        yield Violation(slug="bound", place=where, sentence=f"the value {value} is beyond the bound {outcome.bound}")
    if is_optimal and outcome.bound != outcome.value:
        sentence = f"called optimal with value {outcome.value} and bound {outcome.bound}"
        yield Violation(slug="status", place=where, sentence=sentence)
