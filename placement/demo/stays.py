"""What becomes of a stay: people arrive, leave as planned or early, move on, or live there still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from placement.brokerage.placements import begin, end
from placement.domain.people import Actor
from placement.domain.states import PlacementState
from placement.records.placements import Placement

ARRIVES, LEAVES = time(14, 0), time(11, 0)
TO_PACK = timedelta(hours=1)
NOBODY = -1


@dataclass(slots=True, kw_only=True)
class DemoStay:
    """A booked stay and what will become of it: when the person leaves (None: not in this story), and why.

    Nobody arrives before the provider has said yes, at `agreed_at`.
    """

    placement_id: int
    case_number: str
    start_on: date
    agreed_at: datetime
    leaves_on: date | None
    why: str
    provider: Actor
    has_begun: bool = False

    @property
    def arrives_at(self) -> datetime:
        """The instant of the arrival."""
        return max(_at(self.start_on, ARRIVES), self.agreed_at + TO_PACK)

    @property
    def leaves_at(self) -> datetime | None:
        """The instant of the departure, if there is one."""
        return max(_at(self.leaves_on, LEAVES), self.arrives_at) if self.leaves_on else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How stays of a kind end: the share that ends early or at all, and the reasons."""

    early: float
    reasons: tuple[str, ...]
    days: tuple[int, int] = (0, 0)


FATES = {
    "crisis": Fate(early=0.25, reasons=("moved_home", "moved_on", "hospital")),
    "respite": Fate(early=0.05, reasons=("hospital", "moved_home")),
    "move_on": Fate(early=0.30, reasons=("moved_on", "moved_on", "hospital", "provider_notice"), days=(45, 330)),
    "planned": Fate(early=0.12, reasons=("moved_on", "hospital", "died"), days=(300, 1000)),
}


def fate(kind: str, start_on: date, end_on: date | None, random: Random) -> tuple[date | None, str]:
    """Return when a stay will end, and why."""
    row = FATES[kind]
    is_early = random.random() < row.early
    if end_on is None:
        return (start_on + timedelta(days=random.randint(*row.days)) if is_early else None), random.choice(row.reasons)
    nights = (end_on - start_on).days
    if is_early and nights > 2:
        return start_on + timedelta(days=random.randrange(1, nights)), random.choice(row.reasons)
    return end_on, "as_planned"


class Stays:
    """Every stay whose story is not over."""

    def __init__(self) -> None:
        self._going: list[DemoStay] = []

    def add(self, stay: DemoStay) -> None:
        """Follow a stay from now on; a stay that it takes over from ends on its first day."""
        for other in self._going:
            if other.case_number == stay.case_number and (other.leaves_on is None or other.leaves_on > stay.start_on):
                other.leaves_on, other.why = stay.start_on, "moved_on"
        self._going.append(stay)

    def live_through(self, session: Session, *, until: datetime) -> None:
        """Let everybody arrive and leave whose hour has come, hour by hour: who moves leaves before arriving."""
        steps = [(at, step, stay) for stay in self._going for at, step in _story(stay) if at <= until]
        for _, step, stay in sorted(steps, key=lambda one: one[0]):
            step(session, stay)
        self._going = [stay for stay in self._going if stay.placement_id != NOBODY]


def _story(stay: DemoStay) -> Iterator[tuple[datetime, Callable[[Session, DemoStay], None]]]:
    """Yield what is still to happen to a stay, and when."""
    if not stay.has_begun:
        yield stay.arrives_at, _begin
    if stay.leaves_at:
        yield stay.leaves_at, _end


def _begin(session: Session, stay: DemoStay) -> None:
    placement = session.get_one(Placement, stay.placement_id)
    if placement.state is PlacementState.CONFIRMED:
        begin(session, placement, by=stay.provider, now=stay.arrives_at)
        stay.has_begun = True


def _end(session: Session, stay: DemoStay) -> None:
    if stay.leaves_at is None or not stay.has_begun:
        return
    placement = session.get_one(Placement, stay.placement_id)
    end(session, placement, on=stay.leaves_at.date(), reason=stay.why, by=stay.provider, now=stay.leaves_at)
    stay.placement_id = NOBODY


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=UTC)
