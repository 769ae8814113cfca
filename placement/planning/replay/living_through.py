"""Living through the days of a history: each morning what is open is planned, and what begins soon is asked for.

The policy is the product's own. What starts within `NOTICE` nights, or has to be settled today, is asked of the
provider that the plan proposes; a yes is a place for good, a no keeps the pair out, and whom it leaves without a place
today is planned again the same day, so often as `ROUNDS`. Nobody goes out of the city before the last day on which a
place has to be settled, unless they wish to; who then has none anywhere goes on waiting until the window is over.

What a unit says to a person is what it said in the records; where it was never asked, it is drawn once for the pair,
from the seed and the unit's answers so far. The same seed gives the same days whatever else is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from placement.matching.budget import Budget
from placement.matching.problem.facts import Current, Need
from placement.matching.problem.instance import Instance
from placement.matching.tiers.solving import placed
from placement.planning.replay.changes import MarketChange, require_sound
from placement.planning.replay.history import PastCase, PastPeriod, Stay
from placement.planning.replay.supply import PastSupply

NOTICE = 3
"""Nights before its start on which a place is settled."""
ROUNDS = 4
"""How often a day is planned at most, while providers say no."""
SIGHT = 120
"""Nights that a plan looks ahead."""
WORK = 20.0
"""Deterministic work of a day's solve: no clock, so that the same seed gives the same days on every machine."""
PRIOR_YES, PRIOR_NO = 3, 1
"""What is thought of a unit that has answered nobody yet: three of four, as in `matching.waves`."""

Progress = Callable[[int], bool]
"""Is told the day; says whether to go on."""


class ReplayEnded(Exception):
    """Somebody has ended a replay before its last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What became of one case: the stay (None: no place), in the city or not, and who said no before.

    `until` is the day on which somebody without a place was given up, or the last day of the period.
    """

    case: PastCase
    stay: Stay | None
    is_in_city: bool
    weekly_pence: int | None
    refusals: int
    until: int


class LivedDays:
    """A city on its way through the days of a history."""

    def __init__(self, history: PastPeriod, changes: Sequence[MarketChange] = (), *, seed: int = 0) -> None:
        require_sound(changes, history.units, history.days)
        self.history, self.seed = history, seed
        self.supply = PastSupply(history, changes)
        self.coming: defaultdict[int, list[PastCase]] = defaultdict(list)
        for case in history.cases:
            self.coming[case.day].append(case)
        self.open: dict[str, PastCase] = {}
        self.needs: dict[str, Need] = {}
        self.leaving: defaultdict[int, list[tuple[Stay, int]]] = defaultdict(list)
        self.lived: dict[str, Lived] = {}
        self.refusals: defaultdict[str, int] = defaultdict(int)

    def live(self, progress: Progress = lambda _: True) -> tuple[Lived, ...]:
        """Live through all days; return what became of each case, in the order of the history. Raises ReplayEnded."""
        for day in range(self.history.days):
            if not progress(day):
                raise ReplayEnded
            self._wake(day)
            self._settle(day)
        for name in list(self.open):
            self._give_up(name, self.history.days)
        return tuple(self.lived[case.need.id] for case in self.history.cases)

    def _wake(self, day: int) -> None:
        """Take in the news of a morning: reports, who has left, who asks, and who asks no more."""
        self.supply.learn(day)
        for stay, night in self.leaving.pop(day, ()):
            self.supply.leave(stay, night)
        for case in self.coming.get(day, ()):
            self.open[case.need.id], self.needs[case.need.id] = case, case.need
        for name, case in list(self.open.items()):
            if case.need.latest < day or (case.gone is not None and case.gone <= day):
                self._give_up(name, day)

    def _settle(self, day: int) -> None:
        asked_again: Iterable[str] = self.open
        for _ in range(ROUNDS):
            needs = [self._seen_on(day, self.needs[name]) for name in asked_again]
            if not needs:
                return
            instance = self._instance(day, needs)
            matches = placed(instance, budget=Budget(seconds=None, work=WORK), seed=self.seed)
            proposed = {match.need: Current(unit=match.unit, start=match.start + day) for match in matches}
            asked_again = [name for need in needs if (name := need.id) and self._was_refused(name, proposed, day)]

    def _was_refused(self, name: str, proposed: dict[str, Current], day: int) -> bool:
        """Ask for the place that is proposed, if it is time; return whether somebody said no who has to be replaced."""
        case, need, found = self.open[name], self.needs[name], proposed.get(name)
        is_due = need.latest - NOTICE <= day
        if found is None:
            return False
        is_in_city = self.supply.units[found.unit].authority == self.history.city
        may_go = is_in_city or need.wants_out_of_city or is_due
        if not may_go or not (is_due or found.start - NOTICE <= day):
            self.needs[name] = replace(need, current=found)
            return False
        end = None if need.nights is None else found.start + need.nights
        stay = Stay(
            unit=found.unit, start=found.start, end=end, gender=need.gender, is_unplanned=need.is_unplanned,
            alone=need.alone,
        )  # fmt: skip
        sight = day + SIGHT  # a plan sees no further: what lies behind it has time to be settled otherwise
        if not self.supply.is_free(replace(stay, end=sight if end is None else min(end, sight))):
            raise AssertionError(f"{name} was given a place that is not there")
        if not self._says_yes(case, found.unit):
            self.refusals[name] += 1
            self.needs[name] = replace(need, declined_units=need.declined_units | {found.unit}, current=None)
            return is_due
        self._place(case, stay, is_in_city, day)
        return False

    def _place(self, case: PastCase, stay: Stay, is_in_city: bool, day: int) -> None:
        self.supply.take(stay)
        gone = None if case.lasted is None else stay.start + case.lasted
        if gone is not None and (stay.end is None or gone < stay.end):
            self.leaving[max(gone, day + 1)].append((stay, max(gone, stay.start)))
            stay = replace(stay, end=gone)
        name = case.need.id
        del self.open[name]
        self.lived[name] = Lived(
            case=case, stay=stay, is_in_city=is_in_city, refusals=self.refusals[name], until=day,
            weekly_pence=self.supply.price(stay.unit, day),
        )  # fmt: skip

    def _give_up(self, name: str, day: int) -> None:
        self.lived[name] = Lived(
            case=self.open.pop(name), stay=None, is_in_city=False, weekly_pence=None, refusals=self.refusals[name],
            until=day,
        )  # fmt: skip

    def _instance(self, day: int, needs: Sequence[Need]) -> Instance:
        nights = min(SIGHT, self.history.nights - day)
        return Instance(
            first_night=self.history.first_day + timedelta(days=day),
            nights=nights,
            city=self.history.city,
            units=self.supply.facts(day, nights),
            shared_caps=self.supply.caps(day, nights),
            needs=tuple(needs),
        )

    def _seen_on(self, day: int, need: Need) -> Need:
        last = min(SIGHT, self.history.nights - day) - 1
        current = need.current and Current(unit=need.current.unit, start=need.current.start - day)
        return replace(
            need,
            earliest=min(last, max(0, need.earliest - day)),
            latest=min(last, need.latest - day),
            waited_days=day - self.open[need.id].day,
            current=current if current and current.start >= 0 else None,
        )

    def _says_yes(self, case: PastCase, unit: str) -> bool:
        known = case.said.get(unit)
        if known is not None:
            return known
        yes, no = self.history.answers.get(unit, (0, 0))
        chance = (yes + PRIOR_YES) / (yes + no + PRIOR_YES + PRIOR_NO)
        return Random(f"{self.seed}|{case.need.id}|{unit}").random() < chance
