"""Small markets to solve, one of them hard, and the waits that a test of processes needs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from placement.domain.people import Gender
from placement.jobs.solving import solve_run
from placement.records.providers import SharedCap
from placement.records.sessions import open_url
from tests.builders import a_person, a_referral, a_service, a_unit, night


def an_easy_market(session: Session) -> None:
    """One place, and two who need it."""
    a_unit(session)
    a_referral(session), a_referral(session)


def a_hard_market(session: Session) -> None:
    """Dated stays, one-gender units and shared staff: measured at well over 20 seconds to a proof."""
    random = Random(1)
    for _ in range(4):
        service = a_service(session, lat=52.4 + random.random() / 10, lon=-1.5 + random.random() / 10)
        units = [
            a_unit(
                session, service=service, accepting=random.choice((1, 2)), capacity=2, gender=gender, kinds="respite"
            )
            for gender in ("same", "same", "any")
        ]
        session.add(SharedCap(service=service, name="Staff", places=3, units=units))
    people = [a_person(session, gender=random.choice((Gender.WOMAN, Gender.MAN))) for _ in range(45)]
    for number, person in enumerate(people):
        first = random.randint(0, 20)
        referral = a_referral(
            session,
            person=person,
            kind="respite",
            earliest_on=night(first),
            latest_on=night(first + random.randint(5, 25)),
            nights=random.randint(5, 30),
            near_lat=52.4 + random.random() / 10,
            near_lon=-1.5 + random.random() / 10,
        )
        if number % 4 == 1:
            referral.apart.append(people[number - 1])


def until(happens: Callable[[], object], seconds: float = 30) -> bool:
    """Wait until something is so, at most some seconds; return whether it is."""
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """Return whether a process exists and is not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def solvers_of(pid: int) -> list[int]:
    """Return the children of a process that solve."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        children += [int(each) for each in _text(task).split()]
    return [each for each in children if "spawn_main" in _text(Path(f"/proc/{each}/cmdline"))]


def is_solving(pid: int) -> bool:
    """Return whether a child has come as far as its solver."""
    return "ortools" in _text(Path(f"/proc/{pid}/maps"))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


if __name__ == "__main__":  # a worker that a test kills: URL, run, the instant at which its clock stands
    _, url, run, instant = sys.argv
    print(os.getpid(), flush=True)
    solve_run(open_url(url), int(run), clock=lambda: datetime.fromisoformat(instant))
