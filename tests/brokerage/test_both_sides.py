"""Whatever brokers and providers do to each other's requests in whatever order, the tables agree (a state machine).

Each step is a unit of work as a page or a job makes one: all of it happens, or none. `test_any_order.py` foretells what
is free; here nothing is foretold, and the tables are read naively after each step (`books.py`).
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from placement.brokerage import absences, choices, expecting, longer_holds, notices, taking_back, tasks
from placement.brokerage import placements as stays
from placement.brokerage.deadlines import set_clocks
from placement.brokerage.offers import answering, ending, links, sending
from placement.brokerage.offers.answering import Terms
from placement.brokerage.offers.sending import Asking
from placement.brokerage.referrals import (
    find_no_option,
    put_on_hold,
    resume_referral,
    search_on,
    submit_referral,
    withdraw_referral,
)
from placement.brokerage.referring_on import refer_on
from placement.brokerage.reservations import Decision, reserve
from placement.brokerage.returning import resubmit_referral, return_referral
from placement.brokerage.work import RUNNING
from placement.domain.choices import NO_TO_ALL, WAY_TO_CHOOSE, WHY_TAKEN_BACK
from placement.domain.clocks import today
from placement.domain.errors import NotFound, PlacementError
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import (
    LIVE,
    OPEN,
    THERE,
    UNANSWERED,
    UNSETTLED,
    YESES,
    OfferState,
    PlacementState,
    ReferralState,
    SheetState,
    TaskState,
)
from placement.market.closures import cancel_closure, close_places
from placement.market.numbers import Numbers
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.planning.asking import choose
from placement.planning.dates import change_dates
from placement.planning.swaps import swap
from placement.planning.transfers import transfer
from placement.records.accounts import add_user
from placement.records.choices import OptionsSheet
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import SharedCap, Unit
from placement.records.referrals import Person, Referral
from placement.records.tasks import Task
from placement.records.users import User
from placement.records.vacancies import Closure
from tests.brokerage import books
from tests.brokerage.sheets import an_option
from tests.brokerage.worlds import secret_for
from tests.builders import a_person, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.exploring import tried

PEOPLE, UNITS, CAP = 4, 3, 3
LAST = NOW + timedelta(days=20)
SUPPLY = ("report", "nothing_has_changed", "close", "wait", "begin", "move_in")
"""What may leave more people than places: the provider's word about its house, and who has not left when he should."""
BY_HAND = ("do", "dismiss")

UNIT, START = st.integers(0, UNITS - 1), st.sampled_from([0, 0, 0, 1, 4, 12])
NIGHTS = st.one_of(st.integers(1, 14), st.none())
WITH = {
    "refer": {"who": st.integers(0, PEOPLE - 1), "kind": st.sampled_from(["planned", "planned", "crisis", "respite"])},
    "ask": {
        "units": st.lists(UNIT, min_size=1, max_size=UNITS, unique=True),
        "waves": st.lists(st.sampled_from([1, 1, 2]), min_size=UNITS, max_size=UNITS),
        "hours": st.sampled_from([2, 24, 72]),
        "start": START,
        "nights": st.integers(1, 14),
    },
    "decline_offer": {"reason": st.sampled_from(["no_vacancy", "staffing", "risk", "person_declined"])},
    "make": {"pence": st.sampled_from([90_000, 120_000, None])},
    "choose": {"moves": st.booleans()},
    "reserve": {"which": UNIT, "start": START, "nights": NIGHTS, "moves": st.booleans()},
    "change": {"start": START, "nights": NIGHTS},
    "report": {
        "which": UNIT, "occupied": st.integers(0, 1), "reserved": st.integers(0, 1), "accepting": st.integers(0, 2),
    },
    "nothing_has_changed": {"which": UNIT},
    "close": {
        "which": UNIT, "start": st.integers(0, 12), "nights": NIGHTS, "places": st.one_of(st.just(1), st.none()),
    },
    "hold_longer": {"longer": st.sampled_from(["2h", "3d", "7d"])},
    "give_notice": {"nights": st.integers(0, 14), "giver": st.sampled_from(["provider", "person", "council"])},
    "transfer": {"which": UNIT, "start": START},
    "swap": {"other": st.integers(0, 20)},
    "give_sheet": {"which": UNIT},
    "record_choice": {"says_yes": st.booleans()},
    "wait": {"hours": st.sampled_from([1, 1, 3, 24, 72])},
}  # fmt: skip
"""What each step draws."""


def _in(*states):
    return lambda row: row.state in states


TO = {
    "submit": (Referral, _in(ReferralState.DRAFT)),
    "hold": (Referral, _in(*OPEN)),
    "send_back": (Referral, _in(*OPEN)),
    "resubmit": (Referral, _in(ReferralState.RETURNED)),
    "no_option": (Referral, _in(ReferralState.SEARCHING)),
    "search_on": (Referral, _in(ReferralState.NO_OPTION)),
    "give_sheet": (Referral, _in(*OPEN)),
    "record_choice": (OptionsSheet, _in(SheetState.GIVEN, SheetState.ANSWERED)),
    "withdraw_sheet": (OptionsSheet, _in(SheetState.GIVEN, SheetState.ANSWERED)),
    "resume": (Referral, _in(ReferralState.ON_HOLD)),
    "withdraw": (Referral, _in(ReferralState.DRAFT, *UNSETTLED)),
    "ask": (Referral, _in(*OPEN)),
    "reserve": (Referral, _in(*OPEN)),
    "open": (Offer, _in(OfferState.SENT)),
    "open_link": (Offer, _in(*UNANSWERED)),
    "be_interested": (Offer, _in(*UNANSWERED)),
    "make": (Offer, _in(*UNANSWERED, OfferState.INTERESTED)),
    "question": (Offer, _in(*UNANSWERED, *YESES)),
    "answer_question": (Offer, _in(OfferState.ASKING)),
    "decline_offer": (Offer, _in(*UNANSWERED, *YESES)),
    "withdraw_offer": (Offer, _in(OfferState.LATER, *UNANSWERED, *YESES)),
    "choose": (Offer, _in(*YESES)),
    "confirm": (Placement, _in(PlacementState.RESERVED)),
    "decline": (Placement, _in(PlacementState.RESERVED)),
    "release": (Placement, _in(PlacementState.RESERVED, PlacementState.CONFIRMED)),
    "begin": (Placement, _in(PlacementState.CONFIRMED)),
    "move_in": (Placement, _in(PlacementState.RESERVED)),
    "end": (Placement, _in(*THERE)),
    "hold_longer": (Placement, _in(PlacementState.RESERVED)),
    "go_away": (Placement, _in(PlacementState.ACTIVE, PlacementState.NOTICE)),
    "come_back": (Placement, lambda stay: stay.state in THERE and stay.away_since is not None),
    "give_notice": (Placement, _in(PlacementState.ACTIVE, PlacementState.AWAY)),
    "take_notice_back": (Placement, _in(PlacementState.NOTICE)),
    "take_arrival_back": (Placement, _in(PlacementState.ACTIVE)),
    "take_departure_back": (Placement, _in(PlacementState.ENDED)),
    "transfer": (Placement, _in(*THERE)),
    "swap": (Placement, _in(PlacementState.RESERVED, PlacementState.CONFIRMED)),
    "as_planned": (Placement, _in(PlacementState.CONFIRMED, *THERE)),
    "not_as_planned": (Placement, _in(PlacementState.CONFIRMED, *THERE)),
    "move_on": (Placement, _in(*THERE)),
    "change": (Placement, _in(*LIVE)),
    "do": (Task, _in(TaskState.OPEN)),
    "dismiss": (Task, _in(TaskState.OPEN)),
    "reopen": (Task, _in(TaskState.DISMISSED)),
    "open_places": (Closure, lambda row: row.cancelled_at is None),
}
"""What each step is done to, and in which state of it the step makes sense; now and then it is tried in another."""
STEPS = (
    ["ask"] * 10 + ["be_interested", "make"] * 7 + ["choose"] * 12 + ["question", "answer_question", "jobs"] * 2
    + ["swap"] * 3 + ["move_in"] * 6 + ["end", "take_departure_back"] * 3 + ["transfer"] * 2
    + ["reserve", "change", "decline", "decline_offer", "dismiss", "reopen"]
    + ["refer", "wait", "report", "close", "nothing_has_changed", *TO]
)  # fmt: skip


class BothSides(RuleBasedStateMachine):
    """Two providers with three units; four people, and a broker.

    Two units stand behind one pool of staff, the third takes one crisis at a time.
    """

    store = None
    done: Counter[str] = Counter()

    @initialize()
    def open_the_house(self):
        self.stack = ExitStack()
        self.session = self.stack.enter_context(self.store.write())
        self.now, self.by_hand, self.has_supplied = NOW, set(), True
        shared, own = a_service(self.session), a_service(self.session)
        units = [a_unit(self.session, accepting=2, service=each) for each in (shared, shared, own)]
        units[2].crisis_places = 1
        self.units = [unit.id for unit in units]
        self.session.add(SharedCap(service=shared, name="Staff", places=CAP, units=units[:2]))
        self.broker = self._somebody("broker@example.org", Role.BROKER)
        # The other provider has nobody who could be written to, and has to be rung.
        self._somebody("provider@example.org", Role.PROVIDER, shared.provider_id)
        self.people = [a_person(self.session).id for _ in range(PEOPLE)]
        for who in range(PEOPLE):
            self.refer(who, "planned")
            self.submit(self.session.query(Referral).order_by(Referral.id.desc()).first())
        self.read, self.over = books.tables(self.session), {}

    def _somebody(self, email, role, provider_id=None):
        user = add_user(
            self.session, email=email, name="Somebody", role=role, password="long enough words",
            provider_id=provider_id, by=SYSTEM, now=NOW,
        )  # fmt: skip
        self.session.flush()
        return user.actor()

    def teardown(self):
        if hasattr(self, "stack"):
            self.session.rollback()
            self.stack.close()

    # Doing

    @rule(data=st.data(), what=st.sampled_from(STEPS))
    def step(self, data, what):
        """Do one thing, as a unit of work of its own that meets what is stored and nothing that is remembered."""
        self.session.expire_all()
        values = {name: data.draw(some, label=name) for name, some in WITH.get(what, {}).items()}
        subject = []
        if what in TO:
            table, fits = TO[what]
            known = self.session.query(table).order_by(table.id).all()
            likely = [row for row in known if fits(row)]
            if likely and data.draw(st.sampled_from([True] * 5 + [False]), label="makes sense"):
                known = likely
            if not known:
                return
            subject = [known[data.draw(st.integers(0, len(known) - 1), label="which")]]
        before, self.has_supplied = self.read, what in SUPPLY
        try:
            with self.session.begin_nested():
                getattr(self, what)(*subject, **values)
        except PlacementError:
            self.session.expire_all()
            self.read = books.tables(self.session)
            assert self.read == before, "a refusal has changed something"
        else:
            self.read = books.tables(self.session)
            self.done[what] += 1
            if what in BY_HAND:
                self.by_hand.add((subject[0].kind, subject[0].subject_id))

    @property
    def doing(self):
        return {"by": self.broker, "now": self.now}

    @property
    def day(self):
        return today(self.now)

    def _nights(self, start, nights):
        first = self.day + timedelta(days=start)
        return first, None if nights is None else first + timedelta(days=nights)

    def _provider(self, row):
        service = row.unit.service
        return {
            "by": Actor(user_id=None, name="Provider", role=Role.PROVIDER, provider_id=service.provider_id),
            "now": self.now,
        }

    def _unit(self, which):
        return self.session.get_one(Unit, self.units[which])

    def refer(self, who, kind):
        a_referral(
            self.session, person=self.session.get_one(Person, self.people[who]), kind=kind,
            state=ReferralState.DRAFT, submitted_at=None, earliest_on=self.day,
            latest_on=self.day + timedelta(days=14), near_postcode="CV1 5RR", funding="council",
        )  # fmt: skip

    def submit(self, referral):
        submit_referral(self.session, referral, **self.doing)

    def hold(self, referral):
        put_on_hold(self.session, referral, **self.doing)

    def resume(self, referral):
        resume_referral(self.session, referral, **self.doing)

    def send_back(self, referral):
        return_referral(self.session, referral, ["start", "risks"], "Which risks?", **self.doing)

    def resubmit(self, referral):
        resubmit_referral(self.session, referral, **self.doing)

    def no_option(self, referral):
        find_no_option(self.session, referral, {"nights": 3}, **self.doing)

    def search_on(self, referral):
        search_on(self.session, referral, **self.doing)

    def give_sheet(self, referral, which):
        choices.give_options(self.session, referral, [an_option(self._unit(which))], **self.doing)

    def record_choice(self, sheet, says_yes):
        seen = len(sheet.choices)
        said = choices.WhatWasChosen(
            position=1 if says_yes else None, none_reason=None if says_yes else next(iter(NO_TO_ALL)),
            chooser="person", way=next(iter(WAY_TO_CHOOSE)), chosen_on=self.day,
        )  # fmt: skip
        choices.record_choice(self.session, sheet, said, seen=seen, **self.doing)

    def withdraw_sheet(self, sheet):
        choices.withdraw_sheet(self.session, sheet, reason=next(iter(WHY_TAKEN_BACK)), **self.doing)

    def withdraw(self, referral):
        withdraw_referral(self.session, referral, reason="other", **self.doing)

    def ask(self, referral, units, waves, hours, start, nights):
        first, last = self._nights(start, nights)
        askings = [
            Asking(
                unit=self._unit(which), rank=rank, start_on=first, end_on=last, wave=wave,
                due_at=None if wave == 1 else self.now + timedelta(hours=1),
            )
            for rank, (which, wave) in enumerate(zip(units, waves, strict=False), start=1)
        ]  # fmt: skip
        sending.send_offers(self.session, referral, askings, reply_by=self.now + timedelta(hours=hours), **self.doing)

    def open(self, offer):
        links.open_offer(self.session, offer, **self._provider(offer))

    def open_link(self, offer):
        provider_id = offer.unit.service.provider_id
        user = self.session.query(User).filter_by(provider_id=provider_id).first()
        if user is None:
            raise NotFound("Nobody there has a link.")
        secret = secret_for(self.session, offer, user, now=self.now)
        links.use_link(self.session, secret, now=self.now)

    def be_interested(self, offer):
        answering.show_interest(self.session, offer, **self._provider(offer))

    def make(self, offer, pence):
        answering.make_offer(self.session, offer, Terms(weekly_pence=pence), **self._provider(offer))

    def question(self, offer):
        answering.ask_question(self.session, offer, "Is a hoist used?", **self._provider(offer))

    def answer_question(self, offer):
        answering.answer_question(self.session, offer, "By day.", **self.doing)

    def decline_offer(self, offer, reason):
        answering.decline_offer(self.session, offer, reason=reason, **self._provider(offer))

    def withdraw_offer(self, offer):
        ending.withdraw_offer(self.session, offer, **self.doing)

    def choose(self, offer, moves):
        decision = Decision(start_on=max(offer.start_on, self.day), end_on=offer.end_on, ends_current=moves)
        choose(self.session, offer, decision, **self.doing)

    def reserve(self, referral, which, start, nights, moves):
        first, last = self._nights(start, nights)
        decision = Decision(start_on=first, end_on=last, ends_current=moves)
        reserve(self.session, referral, self._unit(which), decision, **self.doing)

    def confirm(self, stay):
        stays.confirm(self.session, stay, **self._provider(stay))

    def decline(self, stay):
        stays.decline(self.session, stay, reason="risk", **self._provider(stay))

    def release(self, stay):
        stays.release(self.session, stay, reason="not_needed", **self.doing)

    def begin(self, stay):
        stays.begin(self.session, stay, **self._provider(stay))

    def move_in(self, stay):
        self.confirm(stay)
        stays.begin(self.session, stay, **self._provider(stay))

    def end(self, stay):
        stays.end(self.session, stay, on=max(stay.start_on, self.day), reason="other", **self._provider(stay))

    def hold_longer(self, stay, longer):
        longer_holds.hold_longer(self.session, stay, longer=longer, reason="visit", **self.doing)

    def go_away(self, stay):
        absences.go_away(self.session, stay, since=self.day, back_on=None, **self._provider(stay))

    def come_back(self, stay):
        absences.come_back(self.session, stay, **self._provider(stay))

    def give_notice(self, stay, nights, giver):
        last = self.day + timedelta(days=nights)
        who = self._provider(stay) if giver == "provider" else self.doing
        notices.give_notice(self.session, stay, last_night=last, giver=giver, **who)

    def take_notice_back(self, stay):
        notices.take_notice_back(self.session, stay, **self.doing)

    def take_arrival_back(self, stay):
        taking_back.take_arrival_back(self.session, stay, **self._provider(stay))

    def take_departure_back(self, stay):
        taking_back.take_departure_back(self.session, stay, **self._provider(stay))

    def transfer(self, stay, which, start):
        first, _ = self._nights(start, None)
        transfer(self.session, stay, self._unit(which), on=first, reason="persons_wish", **self.doing)

    def swap(self, stay, other):
        booked = [PlacementState.RESERVED, PlacementState.CONFIRMED]
        known = self.session.query(Placement).filter(Placement.state.in_(booked)).order_by(Placement.id).all()
        swap(self.session, stay, known[other % len(known)] if known else stay, **self.doing)

    def as_planned(self, stay):
        expecting.say_as_planned(self.session, stay, **self._provider(stay))

    def not_as_planned(self, stay):
        expecting.say_not_as_planned(self.session, stay, **self._provider(stay))

    def move_on(self, stay):
        refer_on(self.session, stay, **self.doing)

    def change(self, stay, start, nights):
        first, last = self._nights(start, nights)
        first = stay.start_on if stay.state is PlacementState.ACTIVE else first
        change_dates(self.session, stay, start_on=first, end_on=last, **self.doing)

    def do(self, task):
        tasks.do(self.session, task, **self.doing)

    def dismiss(self, task):
        tasks.dismiss(self.session, task, reason="not_needed", **self.doing)

    def reopen(self, task):
        tasks.reopen(self.session, task, **self.doing)

    def report(self, which, occupied, reserved, accepting):
        unit, told = self._unit(which), occupied + reserved + accepting
        numbers = Numbers(maximum=max(told, 1), occupied=occupied, reserved=reserved, accepting=accepting)
        report_vacancies(self.session, unit.service, {unit.id: numbers}, **self.doing)

    def nothing_has_changed(self, which):
        report_unchanged(self.session, self._unit(which).service, **self.doing)

    def close(self, which, start, nights, places):
        first, last = self._nights(start, nights)
        close_places(
            self.session, self._unit(which), start_on=first, end_on=last, places=places, reason="other", **self.doing
        )

    def open_places(self, closure):
        cancel_closure(self.session, closure, **self.doing)

    def wait(self, hours):
        self.now = min(self.now + timedelta(hours=hours), LAST)

    def jobs(self):
        """Do what the schedule does every minute."""
        for job in (stays.release_expired, ending.expire_offers, sending.send_due, sending.chase_offers):
            job(self.session, by=SYSTEM, now=self.now)

    # What must always hold

    @invariant()
    def nobody_is_placed_where_there_is_no_place(self):
        before, self.over = self.over, books.overfull(self.read, self.day)
        if not self.has_supplied:
            grown = {where: over for where, over in self.over.items() if over > before.get(where, 0)}
            assert not grown, f"more people than places: {grown}"

    @invariant()
    def nobody_is_placed_twice(self):
        assert books.placed_twice(self.read) == []

    @invariant()
    def the_trail_tells_each_move_and_every_move_is_allowed(self):
        assert books.untold_moves(self.read) == []

    @invariant()
    def nothing_is_asked_about_what_is_over(self):
        assert books.orphans(self.read, self.now) == []

    @invariant()
    def the_clocks_stand_where_the_trail_has_them(self):
        for each in self.session.query(Referral).filter(Referral.state.in_(RUNNING)):
            stored = each.reply_by, each.place_by
            set_clocks(self.session, each)
            assert (each.reply_by, each.place_by) == stored, f"the clocks of {each.reference} are not its trail's"

    @invariant()
    def providers_are_written_to_once_about_each_thing(self):
        assert books.untold(self.read) == {}

    @invariant()
    def what_brokerage_has_to_do_stands_on_its_list(self):
        assert set(books.unasked(self.read)) <= self.by_hand


def run(store, runs, steps):
    """Tell some stories; return how often each step was really done."""
    machine = type("BothSidesOf", (BothSides,), {"store": store, "done": Counter()})
    run_machine(
        machine,
        settings=tried(runs, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )
    return machine.done


def test_both_sides_agree_whatever_they_do_in_whatever_order(shared_store):
    done = run(shared_store, 18, 40)

    assert min(done["choose"], done["make"], done["be_interested"]) >= 3, f"the stories were too dull: {done}"


@pytest.mark.prove
def test_both_sides_agree_over_many_long_stories(shared_store):
    done = run(shared_store, 500, 50)

    print(f"{shared_store.engine.dialect.name}: {sum(done.values())} steps done: {dict(sorted(done.items()))}")
    assert set(done) == set(STEPS)
    assert min(done.values()) > 10
