"""By when a referral needs its first reply and its place; nobody is late before the window has opened."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from placement.domain.clocks import END_OF_WORKING_DAY, LONDON, deadline
from placement.domain.kinds import KIND
from placement.records.referrals import Referral

MIDNIGHT = time(0)


def reply_due(referral: Referral, since: datetime) -> datetime:
    """Return by when a provider is to have answered a search that begins at an instant."""
    return deadline(since, KIND[referral.kind].reply_within)


def place_due(referral: Referral, since: datetime, *, opens_on: date | None = None) -> datetime | None:
    """Return by when a place is to be found for a search that began at an instant; None where no time runs.

    A place before the window means by 17:00 on the day before it opens, London time; any other clock that is over
    before the window opens runs until it opens. `opens_on` stands for the referral's own first day: that of the first
    stay of a series that is still to be found.
    """
    kind, opens = KIND[referral.kind], opens_on or referral.earliest_on
    if kind.place_within is not None:
        within = deadline(since, kind.place_within)
        return within if opens is None else max(within, _at(opens, MIDNIGHT))
    if not kind.place_before_window or opens is None:
        return None
    return _at(opens - timedelta(days=1), END_OF_WORKING_DAY)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
