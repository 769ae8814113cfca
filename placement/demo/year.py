"""A year of brokerage: referrals arrive, are worked through first come, first served, and people come and go.

Time passes in steps of three weeks, and of a day in the last week; each step is one write unit. Within a step
providers report first, then the referrals of the step are asked about, then decided in the order of their decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import pairwise
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.packs import Giving, give_pack, usual_last_day
from placement.brokerage.placements import confirm, decline
from placement.brokerage.referrals import DEEP, withdraw_referral
from placement.brokerage.reservations import reserve
from placement.demo.asking import Request, submitted
from placement.demo.decisions import BookablePlace, choice, day_of, options, why_not_in_city
from placement.demo.reporting import Rhythm, report
from placement.demo.stays import DemoStay, Stays, fate
from placement.demo.supply import Market
from placement.domain.errors import NoLongerVacant
from placement.domain.people import Actor
from placement.domain.reasons import DECLINE
from placement.domain.states import OPEN
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Need
from placement.planning.keys import unit_id_of, unit_key
from placement.planning.snapshot import instance_of
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.sessions import Store

# Hours until a broker decides, until the provider answers, and until a broker tries again after a no.
THINKING = {"crisis": (0.5, 9), "respite": (20, 120), "move_on": (12, 150), "planned": (24, 160)}
ANSWERING = {"crisis": (0.2, 1.8), "respite": (3, 60), "move_on": (3, 40), "planned": (3, 60)}
DETAILS_AFTER = timedelta(hours=30)  # the yes; after the newest yeses the details are still to be given
GIVES_UP_AFTER = {"crisis": timedelta(days=4), "respite": timedelta(days=40), "move_on": timedelta(days=45)}
WITHDRAWN, DECLINED, DECLINED_WHEN_HARD = 0.05, 0.12, 0.30
HARD = frozenset({"pbs", "complex_needs", "forensic_history", "two_to_one"})
DECLINE_REASONS = (
    ("cannot_meet_need", 6), ("staffing", 5), ("not_compatible", 5), ("risk", 4), ("no_vacancy", 3), ("timing", 2),
    ("insufficient_information", 2), ("price", 1), ("family_declined", 1),
)  # fmt: skip
WITHDRAWALS = ("Needs changed", "Went home with support", "Went into hospital", "Family found another way")
LONG, DAILY = 21, 8
NOTHING_FOUND = "No suitable place was found"


@dataclass(order=True, slots=True)
class Case:
    """A referral on a broker's desk, and when it will next be looked at."""

    at: datetime
    referral_id: int
    request: Request = field(compare=False)
    elsewhere: str | None = field(default=None, compare=False)
    declined: set[str] = field(default_factory=set, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write unit: [start, end), and its days counted from the first."""

    start: datetime
    end: datetime
    first: int
    last: int


def steps(start: datetime, now: datetime) -> list[Step]:
    """Cut the time from a morning to now into steps of three weeks, and the last week into days."""
    days = (now - start).days
    offsets = [*range(0, days - DAILY, LONG), *range(days - DAILY, days + 1)]
    cuts = [(start + timedelta(days=day), day) for day in offsets]
    return [
        Step(start=at, end=until, first=first, last=last)
        for (at, first), (until, last) in pairwise([*cuts, (now, days + 1)])
    ]


class Year:
    """The desk of the brokers while time passes."""

    def __init__(self, market: Market, broker: Actor, random: Random, *, now: datetime) -> None:
        self._market, self._broker, self._random, self._now = market, broker, random, now
        self._stays = Stays()
        self._stock = market.stock
        self._desk: list[Case] = []
        self._taken: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def run(self, store: Store, requests: Iterable[Request], rhythm: Rhythm, start: datetime) -> None:
        """Work through a year of requests."""
        waiting = sorted(requests, key=lambda request: (request.at, request.person.case_number))
        for step in steps(start, self._now):
            arriving = [request for request in waiting if step.start <= request.at < step.end]
            with store.writing() as session:
                report(session, self._market, rhythm.due(step.first, step.last), self._random, now=step.start)
                self.work(session, arriving, step.start, step.end)
        with store.writing() as session:
            for case in sorted(self._desk):
                self._withdraw(session, case, NOTHING_FOUND, self._now - timedelta(hours=1))

    def work(
        self,
        session: Session,
        arriving: Sequence[Request],
        start: datetime,
        end: datetime,
        elsewhere: Sequence[str | None] | None = None,
    ) -> None:
        """Ask about the arriving requests, decide what is due in [start, end), and let people come and go."""
        for number, request in enumerate(arriving):
            self._desk.append(self._case(session, request, elsewhere[number] if elsewhere else None))
        waiting = select(Referral).where(Referral.id.in_([case.referral_id for case in self._desk])).options(*DEEP)
        setting = Setting(instance_of(session, session.scalars(waiting.order_by(Referral.id)).all(), now=start))
        heapify(self._desk)
        self._taken.clear()
        while self._desk and self._desk[0].at < end:
            self._decide(session, heappop(self._desk), setting)
        self._stays.live_through(session, until=end)

    def _case(self, session: Session, request: Request, elsewhere: str | None) -> Case:
        referral = submitted(session, request, by=self._broker)
        return Case(
            at=request.at + self._hours(THINKING[request.kind]),
            referral_id=referral.id,
            request=request,
            elsewhere=elsewhere,
        )

    def _decide(self, session: Session, case: Case, setting: Setting) -> None:
        referral = session.get_one(Referral, case.referral_id)
        need = setting.needs[referral.reference or ""]
        if self._random.random() < WITHDRAWN and case.elsewhere is None:
            self._withdraw(session, case, self._random.choice(WITHDRAWALS), case.at)
        elif not self._place(session, case, referral, need, setting):
            self._try_again(session, case)

    def _place(self, session: Session, case: Case, referral: Referral, need: Need, setting: Setting) -> bool:
        """Reserve the first place that is still free, and hear the provider's answer; False if there is none."""
        today = max(0, day_of(case.at, setting))
        found = options(need, setting, self._random, not_before=today, declined=case.declined, taken=self._taken)
        if case.elsewhere:
            found = [option for option in found if not setting.in_city(option.unit)]
        return any(self._reserved(session, case, referral, need, option, setting) for option in found)

    def _reserved(
        self, session: Session, case: Case, referral: Referral, need: Need, option: BookablePlace, setting: Setting
    ) -> bool:
        reason, evidence = self._reason(case, need, option, setting)
        chosen = choice(option, need, setting, self._random, reason, evidence)
        unit = session.get_one(Unit, unit_id_of(option.unit.id))
        try:
            placement = reserve(session, referral, unit, chosen, by=self._broker, now=case.at)
        except NoLongerVacant:
            return False
        provider = self._stock[unit.id].provider
        heard = min(case.at + self._hours(ANSWERING[case.request.kind]), self._now)
        if self._says_no(case, need):
            why = self._random.choices([row for row, _ in DECLINE_REASONS], [share for _, share in DECLINE_REASONS])[0]
            speaker = provider if DECLINE[why].is_providers else self._broker  # for the person brokerage speaks
            decline(session, placement, reason=why, by=speaker, now=heard)
            case.declined.add(unit_key(unit.id))
            case.at = heard + timedelta(hours=1)
            heappush(self._desk, case)
            return True
        self._taken[option.unit.id].append((option.start, setting.end(need, option.start)))
        confirm(session, placement, by=provider, now=heard)
        if heard < self._now - DETAILS_AFTER:
            given = Giving(last_day=usual_last_day(session, placement, now=heard))
            give_pack(session, placement, given, by=self._broker, now=heard + DETAILS_AFTER)
        leaves_on, why = fate(case.request.kind, chosen.start_on, chosen.end_on, self._random)
        self._stays.add(
            DemoStay(
                placement_id=placement.id, case_number=case.request.person.case_number, start_on=chosen.start_on,
                agreed_at=heard,
                leaves_on=leaves_on, why=why, provider=provider,
            )
        )  # fmt: skip
        return True

    def _reason(self, case: Case, need: Need, option: BookablePlace, setting: Setting) -> tuple[str | None, str]:
        if setting.in_city(option.unit):
            return None, ""
        if case.request.out_of_city_reason:
            return case.request.out_of_city_reason, "Recorded with the person and their family."
        if case.elsewhere:
            return case.elsewhere, "As recorded when the placement was made."
        return why_not_in_city(need, setting, case.declined)

    def _says_no(self, case: Case, need: Need) -> bool:
        if case.elsewhere or len(case.declined) > 2:
            return False
        return self._random.random() < (DECLINED_WHEN_HARD if need.must_haves & HARD else DECLINED)

    def _try_again(self, session: Session, case: Case) -> None:
        if case.at - case.request.at > GIVES_UP_AFTER.get(case.request.kind, timedelta(days=20)):
            self._withdraw(session, case, NOTHING_FOUND, case.at)
            return
        case.at += timedelta(hours=20) if case.request.kind == "crisis" else timedelta(days=7)
        heappush(self._desk, case)

    def _withdraw(self, session: Session, case: Case, reason: str, at: datetime) -> None:
        referral = session.get_one(Referral, case.referral_id)
        if referral.state in OPEN:
            withdraw_referral(session, referral, reason=reason, by=self._broker, now=at)

    def _hours(self, span: tuple[float, float]) -> timedelta:
        return timedelta(minutes=round(60 * self._random.uniform(*span)))
