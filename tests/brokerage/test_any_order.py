"""Whatever people do in whatever order, the books stay true (a state machine, on both engines).

A model that knows nothing of the product's sums says what must be free; the product and its database must agree.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from placement.brokerage import placements as brokerage
from placement.brokerage.referrals import put_on_hold, resume_referral, withdraw_referral
from placement.brokerage.reservations import Decision, reserve
from placement.domain.clocks import today
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant, OutOfStep
from placement.domain.states import LIVE, PlacementState, ReferralState
from placement.market.closures import cancel_closure, close_places
from placement.market.merging import merge_units
from placement.market.numbers import Numbers
from placement.market.splitting import SplitOff, split_unit
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.records.availability import availability
from placement.records.events import AuditLine
from placement.records.placements import Placement
from placement.records.providers import SharedCap, Unit
from placement.records.vacancies import Closure
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_person, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.exploring import tried

HORIZON = 32  # nights after today that are looked at; every date that the machine draws lies before
CAP = 5


# What the two timelines say after each step.
LINES = {
    "reserve": (["reserved a place"], ["found a place"]),
    "confirm": (["confirmed a place"], []),
    "decline": (["declined a place"], ["was declined"]),
    "release": (["released a place"], ["lost its place"]),
    "begin": (["arrived"], []),
    "end": (["left"], ["closed a referral"]),
}
# What is done how often, what each step draws, and what it is done to.
STEPS = (
    ["refer"] * 5 + ["reserve"] * 8 + ["confirm"] * 5 + ["begin"] * 5 + ["end"] * 4 + ["decline", "release"] * 2
    + ["expire", "ask", "report", "nothing_has_changed", "close", "reopen", "reshape", "wait"]
)  # fmt: skip
UNIT, PEOPLE = st.integers(0, 2), 5
WITH = {
    "refer": {"who": st.integers(0, PEOPLE - 1), "kind": st.sampled_from(["planned", "planned", "crisis", "respite"])},
    "reserve": {
        "which": UNIT,
        "start": st.sampled_from([0, 0, 0, 1, 4, 12]),
        "nights": st.one_of(st.integers(1, 14), st.none()),
        "moves": st.booleans(),
    },
    "ask": {"what": st.sampled_from([put_on_hold, resume_referral, withdraw_referral])},
    "report": {
        "which": UNIT,
        "occupied": st.integers(0, 3),
        "reserved": st.integers(0, 2),
        "accepting": st.integers(0, 4),
    },
    "nothing_has_changed": {"which": UNIT},
    "reshape": {"which": UNIT},
    "close": {
        "which": UNIT,
        "start": st.integers(-3, 12),
        "nights": st.one_of(st.integers(1, 9), st.none()),
        "places": st.one_of(st.integers(1, 2), st.none()),
    },
    "wait": {"hours": st.sampled_from([1, 5, 24, 72])},
}
NEEDS = {
    "reserve": ["referral"],
    "ask": ["referral"],
    "reopen": ["closure"],
    **{step: ["stay"] for step in LINES if step != "reserve"},
}


@dataclass
class Books:
    """What the model knows of one unit: the newest numbers, who was there when they were told, and closures.

    `held`: as many of the occupied and reserved places as those who were there needed at once.
    """

    numbers: Numbers
    held: int = 0
    counted: set[int] = field(default_factory=set)
    closures: dict[int, tuple[object, object, int | None]] = field(default_factory=dict)

    def raw(self, day, stays, dates):
        """Return what is free on a night by the sentences of the design, before it is cut off at nothing."""
        told = self.numbers
        closed = sum(
            told.maximum if places is None else places
            for start, end, places in self.closures.values()
            if start <= day and (end is None or end > day)
        )
        offered = min(told.accepting, told.maximum - told.occupied - told.reserved - closed)
        return offered + self.freed(day, stays, dates) - self.taken(day, stays, dates)

    def freed(self, day, stays, dates):
        """Return how many of the places that our stays held in the numbers are theirs no more from a night on."""
        there = [dates[stay] for stay in self.counted & stays]
        nights = [day, *(start for start, _ in there if start > day)]
        return self.held - max(_on(night, there) for night in nights)

    def taken(self, day, stays, dates):
        """Return how many live stays that the numbers do not include lie on a night."""
        return _on(day, [dates[stay] for stay in stays - self.counted])


def _on(night, stays):
    """Return how many of some stays lie on a night."""
    return sum(1 for start, end in stays if start <= night and (end is None or end > night))


class Market(RuleBasedStateMachine):
    """Three units, two of them behind one shared cap; five people; everything that may happen to a place."""

    store = None
    done: Counter[str] = Counter()

    @initialize(accepting=st.lists(st.integers(1, 3), min_size=3, max_size=3))
    def open_the_market(self, accepting):
        self.stack = ExitStack()
        self.session = self.stack.enter_context(self.store.write())
        self.now = NOW
        service = a_service(self.session)
        self.units = [
            a_unit(self.session, accepting=None, capacity=4, service=service if n < 2 else a_service(self.session))
            for n in range(3)
        ]
        self.cap = SharedCap(service=service, name="Staff", places=CAP, units=self.units[:2])
        self.session.add(self.cap)
        self.people = [a_person(self.session) for _ in range(PEOPLE)]
        self.books, self.lines = {}, {}
        self.referrals, self.stays, self.closed = [], [], []
        for unit, free in zip(self.units, accepting, strict=True):
            self._report(unit, 4, 0, 0, free)
        self.deficits = self._deficits()
        for who in range(PEOPLE):
            self.refer(who, "planned")

    def teardown(self):
        if hasattr(self, "stack"):
            self.session.rollback()
            self.stack.close()

    # Doing

    @rule(data=st.data(), what=st.sampled_from(STEPS))
    def step(self, data, what):
        """Do one thing. One rule with weights, because Hypothesis would leave most rules out of most short stories."""
        values = {name: data.draw(some, label=name) for name, some in WITH.get(what, {}).items()}
        for name, known in (("referral", self.referrals), ("stay", self.stays), ("closure", self.closed)):
            if name in NEEDS.get(what, ()):
                if not known:
                    return
                values[name] = known[data.draw(st.integers(0, len(known) - 1), label=name)]
        getattr(self, what)(**values)

    @property
    def doing(self):
        return {"by": BROKER, "now": self.now}

    @property
    def day(self):
        return today(self.now)

    def _report(self, unit, maximum, occupied, reserved, accepting):
        given = Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)
        report_vacancies(self.session, unit.service, {unit.id: given}, **self.doing)
        book = self.books.setdefault(unit.id, Books(given))
        book.numbers = given
        there = [
            stay for stay in self._live() if stay.unit_id == unit.id and (not stay.end_on or stay.end_on > self.day)
        ]
        book.counted = {stay.id for stay in there}
        spans = [(stay.start_on, stay.end_on) for stay in there]
        nights = [self.day, *(start for start, _ in spans if start > self.day)]
        book.held = min(max(_on(night, spans) for night in nights), occupied + reserved)

    def _tried(self, name, stay, step):
        """Take a step that the states allow or forbid, and expect its lines or nothing."""
        before = stay.state
        allowed = {
            "confirm": before is PlacementState.RESERVED,
            "decline": before is PlacementState.RESERVED,
            "release": before in (PlacementState.RESERVED, PlacementState.CONFIRMED),
            "begin": before is PlacementState.CONFIRMED and self.day >= stay.start_on,
            "end": before is PlacementState.ACTIVE,
        }[name]
        if not allowed:
            with pytest.raises((OutOfStep, Invalid)):
                step()
            assert stay.state is before
            return
        step()
        self._told(name, stay)

    def _told(self, name, stay):
        self.done[name] += 1
        on_stay, on_referral = LINES[name]
        self.lines.setdefault(("placement", stay.id), []).extend(on_stay)
        self.lines.setdefault(("referral", stay.referral_id), []).extend(on_referral)

    def refer(self, who, kind):
        referral = a_referral(self.session, person=self.people[who], kind=kind, submitted_at=self.now)
        self.referrals.append(referral)

    def reserve(self, referral, which, start, nights, moves):
        unit, first = self.units[which], self.day + timedelta(days=start)
        last = None if nights is None else first + timedelta(days=nights)
        choice = Decision(start_on=first, end_on=last, ends_current=moves)
        state, ends = referral.state, {stay.id: stay.end_on for stay in self._live()}
        offered = availability(self.session, [unit.id], day=TODAY).bookable(unit.id, first, last)
        try:
            with self.session.begin_nested():
                stay = reserve(self.session, referral, unit, choice, **self.doing)
        except OutOfStep as error:
            self.session.expire_all()
            assert referral.state is state
            assert {stay.id: stay.end_on for stay in self._live()} == ends, "a refusal has changed a stay"
            if isinstance(error, NoLongerVacant):
                assert moves or not offered
            elif isinstance(error, AlreadyPlaced):
                assert self._meets(referral.person_id, first, last)
            else:
                assert state is not ReferralState.SEARCHING
            return
        except Invalid:
            self.session.expire_all()
            assert nights is None
            assert referral.kind != "planned"
            return
        assert state is ReferralState.SEARCHING
        assert moves or offered
        for other in self._live():
            if other.id in ends and other.end_on != ends[other.id]:
                assert (moves, other.end_on, other.person_id) == (True, first, referral.person_id)
                self.lines[("placement", other.id)].append("will move on")
        self._told("reserve", stay)
        self.stays.append(stay)

    def confirm(self, stay):
        self._tried("confirm", stay, lambda: brokerage.confirm(self.session, stay, **self.doing))

    def decline(self, stay):
        with self._homes_given_back():
            self._tried("decline", stay, lambda: brokerage.decline(self.session, stay, reason="risk", **self.doing))

    def release(self, stay):
        with self._homes_given_back():
            self._tried(
                "release", stay, lambda: brokerage.release(self.session, stay, reason="not_needed", **self.doing)
            )

    def begin(self, stay):
        self._tried("begin", stay, lambda: brokerage.begin(self.session, stay, **self.doing))

    def end(self, stay):
        last = max(stay.start_on, self.day)
        self._tried("end", stay, lambda: brokerage.end(self.session, stay, on=last, reason="other", **self.doing))

    def expire(self):
        due = [stay for stay in self._live() if stay.state is PlacementState.RESERVED and stay.expires_at <= self.now]
        with self._homes_given_back():
            assert brokerage.release_expired(self.session, **self.doing) == len(due)
        for stay in due:
            self._told("release", stay)

    def ask(self, referral, what):
        words = {put_on_hold: "put a referral on hold", resume_referral: "resumed a referral"}
        reason = {"reason": "x"} if what is withdraw_referral else {}
        before = referral.state
        try:
            what(self.session, referral, **reason, **self.doing)
        except OutOfStep:
            assert referral.state is before
        else:
            line = words.get(what, "withdrew a referral")
            self.lines.setdefault(("referral", referral.id), []).append(line)

    def report(self, which, occupied, reserved, accepting):
        self._report(self.units[which], occupied + reserved + accepting, occupied, reserved, accepting)
        self.deficits = self._deficits()

    def nothing_has_changed(self, which):
        before = self._free_nights()
        report_unchanged(self.session, self.units[which].service, **self.doing)
        assert self._free_nights() == before

    def close(self, which, start, nights, places):
        unit, first = self.units[which], self.day + timedelta(days=start)
        last = None if nights is None else first + timedelta(days=nights)
        if places is not None and places > unit.capacity:
            return
        made = close_places(
            self.session, unit, start_on=first, end_on=last, places=places, reason="other", **self.doing
        )
        self.books[unit.id].closures[made.id] = (first, last, places)
        self.closed.append(made)
        self.deficits = self._deficits()

    def reopen(self, closure):
        if closure.cancelled_at is not None:
            with pytest.raises(OutOfStep):
                cancel_closure(self.session, closure, **self.doing)
            return
        cancel_closure(self.session, closure, **self.doing)
        assert isinstance(closure, Closure)
        del self.books[closure.unit_id].closures[closure.id]

    def reshape(self, which):
        """Split a place off that nobody has, and merge it again: nothing is another than before."""
        unit, told = self.units[which], self.books[self.units[which].id].numbers
        if told.occupied + told.reserved == told.maximum:
            return
        given = Numbers(maximum=1, occupied=0, reserved=0, accepting=min(1, told.accepting))
        before, name = self._free_nights(), f"New {self.session.query(Unit).count()}"
        try:
            with self.session.begin_nested():
                added = split_unit(self.session, unit, SplitOff(name=name, numbers=given), **self.doing)
                merge_units(self.session, added, unit, **self.doing)
        except Invalid:
            self.session.expire_all()
            return
        assert self._free_nights() == before
        closed = self.books[unit.id].closures
        for number, (start, end, places) in closed.items():
            closed[number] = (start, end, places or told.maximum)

    def wait(self, hours):
        self.now = min(self.now + timedelta(hours=hours), NOW + timedelta(days=20))

    # Asking

    def _live(self):
        self.session.flush()
        return self.session.query(Placement).filter(Placement.state.in_(LIVE)).order_by(Placement.id).all()

    def _meets(self, person, start, end):
        return any(
            stay.person_id == person
            and (end is None or stay.start_on < end)
            and (stay.end_on is None or start < stay.end_on)
            for stay in self._live()
        )

    @contextmanager
    def _homes_given_back(self):
        """Note whose present stay goes on, or cannot, because a move has come to nothing."""
        before = {stay.id: len(story(self.session, stay)) for stay in self._live()}
        yield
        for stay in self._live():
            new = story(self.session, stay)[before[stay.id] :]
            self.lines[("placement", stay.id)] += [line for line in new if line in ("stays on", "cannot stay on")]

    def _nights(self):
        return [self.day + timedelta(days=n) for n in range(HORIZON)]

    def _raw(self):
        """Return, by unit, what the model says is free on each night, below nothing where too much was promised."""
        live = self._live()
        dates = {stay.id: (stay.start_on, stay.end_on) for stay in live}
        return {
            unit.id: [
                self.books[unit.id].raw(night, {stay.id for stay in live if stay.unit_id == unit.id}, dates)
                for night in self._nights()
            ]
            for unit in self.units
        }

    def _cap_left(self):
        live = self._live()
        dates = {stay.id: (stay.start_on, stay.end_on) for stay in live}
        left = [CAP] * HORIZON
        for unit in self.units[:2]:
            book = self.books[unit.id]
            there = {stay.id for stay in live if stay.unit_id == unit.id}
            for n, night in enumerate(self._nights()):
                used = book.numbers.occupied + book.numbers.reserved
                left[n] -= used - book.freed(night, there, dates) + book.taken(night, there, dates)
        return left

    def _deficits(self):
        """Return, by date, how far more has been promised than is there: a closure or a report may do that."""
        nights, raw = self._nights(), self._raw()
        found = {
            (unit, night): max(0, -free) for unit, row in raw.items() for night, free in zip(nights, row, strict=True)
        }
        return found | {("cap", night): max(0, -left) for night, left in zip(nights, self._cap_left(), strict=True)}

    def _free_nights(self):
        found = availability(self.session, day=TODAY)
        return {unit.id: [found.free[unit.id].on(night) for night in self._nights()] for unit in self.units}

    # What must always hold

    @invariant()
    def free_places_are_what_the_model_says_and_never_below_nothing(self):
        assert self._free_nights() == {unit: [max(0, free) for free in row] for unit, row in self._raw().items()}
        left = availability(self.session, day=TODAY).left[self.cap.id]
        assert [left.on(night) for night in self._nights()] == [max(0, each) for each in self._cap_left()]

    @invariant()
    def no_booking_promises_more_than_was_offered(self):
        for where, deficit in self._deficits().items():
            # Nights beyond what was looked at before are like the last one that was.
            assert deficit <= self.deficits.get(where, max(self.deficits.values())), f"too much was promised: {where}"

    @invariant()
    def nobody_is_in_two_places_on_one_night(self):
        there = Counter()
        for stay in self._live():
            for night in self._nights():
                if stay.start_on <= night and (stay.end_on is None or stay.end_on > night):
                    there[stay.person_id, night] += 1
        assert all(count == 1 for count in there.values())

    @invariant()
    def a_referral_has_a_place_exactly_when_one_is_held_for_it(self):
        held = Counter(stay.referral_id for stay in self._live())
        assert all(count == 1 for count in held.values())
        for stay in self.session.query(Placement):
            assert (stay.referral.state is ReferralState.PLACED) == (held[stay.referral_id] == 1)

    @invariant()
    def the_audit_trail_tells_each_step_once(self):
        found = {}
        for line in self.session.query(AuditLine).order_by(AuditLine.id):
            if line.subject in ("placement", "referral"):
                found.setdefault((line.subject, line.subject_id), []).append(line.sentence)
        assert found == {subject: lines for subject, lines in self.lines.items() if lines}


def run(store, runs, steps):
    """Tell some stories; return how often each step on a stay was really taken."""
    machine = type("Market", (Market,), {"store": store, "done": Counter()})
    run_machine(
        machine,
        settings=tried(runs, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )
    return machine.done


def test_the_books_stay_true_whatever_people_do_in_whatever_order(shared_store):
    done = run(shared_store, 12, 25)

    assert done["reserve"] >= 10, f"the stories were too dull to prove anything: {done}"


@pytest.mark.prove
def test_the_books_stay_true_over_many_long_stories(shared_store):
    done = run(shared_store, 500, 50)

    assert set(done) == set(LINES)
    assert min(done.values()) > 100
