"""How soon a unit answers, and how old its report is, in hours as the engine reads them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from placement.domain.clocks import LONDON

MORNING = time(8, 0)


def reply_hours(hours: int, emergencies_until: str | None, now: datetime) -> float:
    """Outside the hours in which a unit takes emergencies, it answers in the morning at the earliest."""
    local = now.astimezone(LONDON)
    if not emergencies_until or _is_taking_emergencies(local.time(), time.fromisoformat(emergencies_until)):
        return hours
    morning = datetime.combine(local.date() + timedelta(days=local.time() >= MORNING), MORNING, tzinfo=LONDON)
    return max(hours, round((morning.astimezone(UTC) - now) / timedelta(hours=1), 2))


def _is_taking_emergencies(clock: time, until: time) -> bool:
    if until <= MORNING:  # until after midnight
        return clock >= MORNING or clock < until
    return MORNING <= clock < until


def hours_since(reported_at: datetime, now: datetime) -> float:
    """Return the hours since a report, never below 0."""
    return max(0.0, round((now - reported_at) / timedelta(hours=1), 2))
