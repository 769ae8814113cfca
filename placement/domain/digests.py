"""What is written to a person once a day at most: a row a role. Each says how many there are of something, no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from placement.domain.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestKind:
    """One role's digest: its message, what it tells of, and whether a person has it until they say otherwise.

    A digest that tells of nothing is not written.
    """

    role: Role
    message: str
    label: str
    tells: str
    is_usual: bool


DIGESTS = (
    DigestKind(
        role=Role.PROVIDER,
        message="vacancies_due",
        label="Remind me by e-mail of vacancies to confirm",
        tells="how many of your services have numbers that are 7 days old, or 1 day old while brokerage asks about a "
        "place there. After four reminders without an answer they stop, and commissioning is told",
        is_usual=True,
    ),
    DigestKind(
        role=Role.COMMISSIONER,
        message="reminders_stopped",
        label="Tell me by e-mail which services have not answered four reminders",
        tells="how many services have stopped answering since the last of these e-mails",
        is_usual=True,
    ),
    DigestKind(
        role=Role.BROKER,
        message="tasks_due",
        label="Tell me by e-mail what is due today",
        tells="how many of your tasks, and of those that nobody has taken, are due today or overdue",
        is_usual=False,
    ),
)
DIGEST: Mapping[Role, DigestKind] = {row.role: row for row in DIGESTS}
USUAL_HOUR = 8
HOURS = range(6, 21)
"""The hours of the day, London time, from which a person can have it: the quiet hours of the council count too."""
