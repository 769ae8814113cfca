"""A quarter of forgetful providers, with reminders off and on: how many vacancies are true on a random day.

It lives in the product itself: a database, the job that writes the day's e-mails, the reports that providers make.
What happens is settled before anybody is reminded, for each unit and day, so that both quarters meet the same people:

- a place is taken or freed on a day with a chance of `MOVES` for each unit;
- a provider that has had a change reports it by itself on that day as often as it is diligent (`DILIGENCE`, a draw for
  each provider), and looks at its numbers unasked once in a while (`LOOKS`);
- whoever is written to answers that day with a chance of its own (`ANSWERS`). An answer is the truth.

A vacancy is true on a day if the newest report says what is so at noon. These chances are assumptions: nobody has
measured them in a market; `ANSWERS` is therefore varied.

    .venv/bin/python -m benchmarks.forgetful
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.domain.people import SYSTEM, Role
from placement.jobs.digests import write_digests
from placement.market.freshness import stale
from placement.market.numbers import Numbers
from placement.market.vacancies import is_due, report_vacancies
from placement.records.availability import newest_reports
from placement.records.digests import Digest
from placement.records.providers import Provider, Service, Unit
from placement.records.sessions import Store, open_url
from placement.records.tables import Base
from placement.records.users import User

DAYS, PROVIDERS = 91, 40
BEGINS = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)
MORNING = timedelta(hours=-3)
CAPACITY = 8
MOVES, LOOKS = 0.06, 0.01
DILIGENCE = (1.0, 2.0)
"""Of the Beta distribution of diligence: a third on average, some nearly always, many nearly never."""
ANSWERS = {"seldom": (1.5, 3.5), "half of the time": (3.0, 3.0), "mostly": (3.5, 1.5)}
"""Of the Beta distribution of how often a reminder is answered on its day: 0.3, 0.5 and 0.7 on average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What one provider does, settled beforehand."""

    diligence: float
    answers: float


@dataclass(slots=True, kw_only=True)
class Lived:
    """What a quarter was like: day by day the share of units whose numbers were true, and fresh; and what it cost."""

    true: list[float] = field(default_factory=list)
    fresh: list[float] = field(default_factory=list)
    mails: int = 0
    silent: int = 0

    def told(self) -> dict[str, float]:
        """Return the figures of the quarter; the first week, in which all is new, is left out."""
        rest = len(self.true[7:])
        return {
            "true": round(100 * sum(self.true[7:]) / rest, 1),
            "fresh": round(100 * sum(self.fresh[7:]) / rest, 1),
            "mails_a_week": round(7 * self.mails / PROVIDERS / DAYS, 2),
            "silent": self.silent,
        }


class Quarter:
    """One quarter in a database of its own; `seed` settles all that is chance."""

    def __init__(self, folder: Path, seed: str, answers: tuple[float, float], *, reminded: bool) -> None:
        self.seed, self.reminded, self.now = seed, reminded, BEGINS
        self.store: Store = open_url(f"sqlite:///{folder / 'forgetful.db'}")
        Base.metadata.create_all(self.store.engine)
        draw = Random(f"{seed} habits")
        self.lived = Lived()
        with self.store.writing() as session:
            self.occupied = _a_market(session, draw)
            ids = session.scalars(select(Provider.id).order_by(Provider.id)).all()
            self.habits = {
                number: Habits(diligence=draw.betavariate(*DILIGENCE), answers=draw.betavariate(*answers))
                for number in ids
            }
            for service in session.scalars(select(Service)):
                self._report(session, service)

    def live(self) -> dict[str, float]:
        """Live all days; return the figures."""
        for day in range(DAYS):
            self.now = BEGINS + timedelta(days=day) + MORNING
            written = self._write() if self.reminded else frozenset()
            self.now = BEGINS + timedelta(days=day)
            with self.store.writing() as session:
                for service in session.scalars(select(Service).order_by(Service.id)).all():
                    self._day(session, service, day, is_reminded=service.provider_id in written)
                self._look(session)
        with self.store.reading() as session:
            self.lived.mails = session.scalar(select(func.count(Digest.id))) or 0
            self.lived.silent = sum(row.silent_since is not None for row in stale(session, now=self.now))
        self.store.engine.dispose()
        return self.lived.told()

    def _write(self) -> frozenset[int]:
        write_digests(self.store, clock=lambda: self.now)
        with self.store.reading() as session:
            rows = select(User.provider_id).join(Digest, Digest.user_id == User.id)
            return frozenset(number for number in session.scalars(rows.where(Digest.written_at == self.now)) if number)

    def _day(self, session: Session, service: Service, day: int, *, is_reminded: bool) -> None:
        draw, habits = Random(f"{self.seed} {service.id} {day}"), self.habits[service.provider_id]
        moved = False
        for unit in service.units:
            turn, way = draw.random(), draw.random()
            if turn < MOVES:
                moved = True
                step = 1 if way < 0.5 else -1
                self.occupied[unit.id] = min(CAPACITY, max(0, self.occupied[unit.id] + step))
        remembers, looks, answers = draw.random(), draw.random(), draw.random()
        by_itself = (moved and remembers < habits.diligence) or looks < LOOKS
        if by_itself or (is_reminded and answers < habits.answers):
            self._report(session, service)

    def _report(self, session: Session, service: Service) -> None:
        truth = {unit.id: self._truth(unit.id) for unit in service.units}
        report_vacancies(session, service, truth, by=SYSTEM, now=self.now)

    def _truth(self, unit_id: int) -> Numbers:
        occupied = self.occupied[unit_id]
        return Numbers(maximum=CAPACITY, occupied=occupied, reserved=0, accepting=CAPACITY - occupied)

    def _look(self, session: Session) -> None:
        session.flush()
        reports = newest_reports(session)
        true = sum(report.occupied == self.occupied[unit] for unit, report in reports.items())
        fresh = sum(not is_due(report, now=self.now) for report in reports.values())
        self.lived.true.append(true / len(reports))
        self.lived.fresh.append(fresh / len(reports))


def _a_market(session: Session, draw: Random) -> dict[int, int]:
    """Store providers of one to three services, each of one or two units, and one person who is written to at each."""
    for number in range(PROVIDERS):
        provider = Provider(name=f"Provider {number}")
        provider.services = [
            Service(
                name=f"Service {number}.{each}", service_type="care_home", postcode="CV1 5RR", authority="E08000026",
                units=[Unit(name=f"Unit {one}", capacity=CAPACITY) for one in range(draw.randint(1, 2))],
            )
            for each in range(draw.randint(1, 3))
        ]  # fmt: skip
        session.add(provider)
        session.flush()
        session.add(
            User(
                email=f"{number}@example.org", name="P", role=Role.PROVIDER, provider_id=provider.id, password_hash="",
                created_at=BEGINS,
            )
        )  # fmt: skip
    session.flush()
    return {number: draw.randint(3, CAPACITY) for number in session.scalars(select(Unit.id).order_by(Unit.id))}


def measure(*, seed: int, streams: int, answers: tuple[str, ...] = tuple(ANSWERS)) -> dict[str, Any]:
    """Live quarters with reminders off and on; the figures by how often a reminder is answered, one a stream."""
    return {
        name: [
            {is_on: _quarter(f"{seed + stream}", ANSWERS[name], is_on == "on") for is_on in ("off", "on")}
            for stream in range(streams)
        ]
        for name in answers
    }


def _quarter(seed: str, answers: tuple[float, float], reminded: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return Quarter(Path(folder), seed, answers, reminded=reminded).live()


if __name__ == "__main__":
    print(json.dumps(measure(seed=0, streams=1), indent=1))
