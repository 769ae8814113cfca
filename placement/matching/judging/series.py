"""What stays that belong together are worth together, beside what each of them is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.series import TOGETHER, Link


def points_together(links: Iterable[Link], stays: Iterable[MatchedStay]) -> int:
    """Return the points of fit for stays of a series in one service: in the one that most of them are in."""
    service = {stay.need.id: stay.unit.service for stay in stays}
    counts = (Counter(service[name] for name in link.needs if name in service) for link in links)
    return sum(TOGETHER * (max(count.values()) - 1) for count in counts if count)
