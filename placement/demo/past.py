"""What was asked before today: the requests of a year, and of years ago by people who live outside the city still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random

from placement.demo.asking import Request, choosing_elsewhere, drawn_request
from placement.demo.needs import PROFILES, Profile
from placement.demo.people import Cast
from placement.demo.postcodes import Addresses
from placement.domain.reasons import OUT_OF_CITY_REASON

# Days before now by which the last request of a kind was made, so that the past is settled today.
SETTLED = {"crisis": 3, "respite": 12, "move_on": 14}
OFFICE, ANY_HOUR = (8 * 60, 16 * 60), (5 * 60, 22 * 60)
COMES_BACK, MOVES_ON, WANTS_AWAY = 0.55, 0.14, 0.05
AFTER_CRISIS = {
    "autism_crisis": "autism_move", "ld_crisis": "ld_move", "mh_crisis": "mh_move", "trauma_crisis": "mh_complex",
    "older_crisis": "dementia_move",
}  # fmt: skip
BY_CHOICE = tuple(slug for slug, row in OUT_OF_CITY_REASON.items() if row.by_choice)
PROFILE = {profile.slug: profile for profile in PROFILES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Historic:
    """People of a group who were placed outside the city years ago: how many, and the reason recorded then."""

    profile: str
    reason: str
    count: int


HISTORIC = (
    Historic(profile="autism_move", reason="no_skills", count=9),
    Historic(profile="autism_move", reason="historic", count=5),
    Historic(profile="autism_move", reason="close_to_family", count=3),
    Historic(profile="autism_move", reason="specialist_nhs", count=2),
    Historic(profile="ld_move", reason="historic", count=8),
    Historic(profile="ld_move", reason="persons_choice", count=4),
    Historic(profile="ld_move", reason="no_vacancy", count=5),
    Historic(profile="ld_move", reason="close_to_family", count=3),
    Historic(profile="transition", reason="environment", count=3),
    Historic(profile="mh_move", reason="no_vacancy", count=4),
    Historic(profile="mh_move", reason="safety", count=2),
    Historic(profile="mh_complex", reason="not_recorded", count=2),
    Historic(profile="mh_complex", reason="court_or_mha", count=1),
)


class Past:
    """Draws requests that were made long ago or last year."""

    def __init__(self, cast: Cast, addresses: Addresses, random: Random) -> None:
        self._cast, self._addresses, self._random = cast, addresses, random

    def long_ago(self, at: datetime, share: slice) -> list[tuple[Request, str]]:
        """Return some of the historic requests, as if made about then, with the reason for leaving the city."""
        rows = [row for row in HISTORIC for _ in range(row.count)]
        return [(self._historic(row, at), row.reason) for row in rows[share]]

    def last_year(self, start: datetime, now: datetime) -> list[Request]:
        """Return the requests of the year from start to now, in no order."""
        return [request for profile in PROFILES for request in self._of_group(profile, start, now)]

    def _of_group(self, profile: Profile, start: datetime, now: datetime) -> Iterator[Request]:
        days = (now - start).days - SETTLED[profile.kind]
        for day in sorted(self._random.randrange(1, days) for _ in range(profile.past)):
            at = moment(start + timedelta(days=day), profile.kind, self._random)
            request = self._request(profile, at)
            yield request
            if profile.slug in AFTER_CRISIS and day < days - 40 and self._random.random() < MOVES_ON:
                yield self._moving_on(request)

    def _request(self, profile: Profile, at: datetime) -> Request:
        known = None
        if profile.kind == "respite" and self._random.random() < COMES_BACK:
            known = self._cast.somebody_known(profile, at.date())
        person = known or self._cast.somebody(profile, at.date())
        request = drawn_request(profile, person, at, self._addresses, self._random)
        self._cast.expect(person, request.latest_on + timedelta(days=request.nights or 0))
        is_away = profile.kind == "move_on" and self._random.random() < WANTS_AWAY
        return choosing_elsewhere(request, self._random.choice(BY_CHOICE[:3])) if is_away else request

    def _moving_on(self, crisis: Request) -> Request:
        profile = PROFILE[AFTER_CRISIS[crisis.profile.slug]]
        at = moment(crisis.at + timedelta(days=self._random.randint(6, 11)), "move_on", self._random)
        return drawn_request(profile, crisis.person, at, self._addresses, self._random)

    def _historic(self, row: Historic, at: datetime) -> Request:
        profile = replace(PROFILE[row.profile], kind="planned")
        person = self._cast.somebody(profile, at.date())
        request = drawn_request(profile, person, at, self._addresses, self._random)
        request = replace(request, max_miles=None, budget_weekly_pence=None)
        return choosing_elsewhere(request, row.reason) if row.reason in BY_CHOICE else request


def moment(day: datetime, kind: str, random: Random) -> datetime:
    """Return a minute of that day at which a request of a kind may come in."""
    minutes = random.randrange(*(ANY_HOUR if kind == "crisis" else OFFICE))
    return datetime.combine(day.date(), time(), tzinfo=UTC) + timedelta(minutes=minutes)
