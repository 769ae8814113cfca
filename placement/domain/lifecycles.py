"""How records move from state to state: which moves there are, who may make them, and what the trail says of each.

One `Lifecycle` a kind of record; `records/lifecycles.py` has the one function that moves, checks and writes the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from placement.domain.errors import NotAllowed, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.states import (
    ASKED,
    OPEN,
    RUNS_OUT,
    THERE,
    UNANSWERED,
    UNSETTLED,
    YESES,
    HoldState,
    MessageState,
    OfferState,
    PlacementState,
    ProposalState,
    ReferralState,
    RunState,
    ScenarioState,
    SheetState,
    State,
    TaskState,
    WardSetState,
)

BROKER = frozenset({Role.BROKER})
EITHER_SIDE = BROKER | {Role.PROVIDER}  # a broker writes down what a provider says on the telephone
STAFF = frozenset({Role.BROKER, Role.COMMISSIONER})
ADMIN = frozenset({Role.ADMIN})
COMMISSIONER = frozenset({Role.COMMISSIONER})
SYSTEM_ONLY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way from some states to another. The product itself may make every move; `by` says who else.

    `refusal` is what somebody reads when the record is in none of the states `before`: {was} stands for its state.
    """

    before: frozenset[State]
    after: State
    event: str
    by: frozenset[Role]
    refusal: str

    def require(self, state: State, actor: Actor) -> None:
        """Raise OutOfStep unless a record in this state may move so, and NotAllowed unless this actor may move it."""
        if state not in self.before or type(state) is not type(self.after):
            raise OutOfStep(self.refusal.format(was=state.label.lower()))
        if actor.role not in self.by and not actor.is_system:
            raise NotAllowed("This step belongs to somebody else.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The states of one kind of record, the table that it is stored in, and every move between them."""

    table: str
    states: type[State]
    moves: Mapping[str, Move]


def _move(before: State | Sequence[State], after: State, event: str, by: frozenset[Role], refusal: str = "") -> Move:
    return Move(
        before=frozenset((before,) if isinstance(before, State) else before),
        after=after,
        event=event,
        by=by,
        refusal=refusal or f"This is {{was}} now, so it cannot become {after.label.lower()}.",
    )


_R, _P, _RUN, _PROPOSAL, _WARDS = ReferralState, PlacementState, RunState, ProposalState, WardSetState
_O, _T, _M, _S, _H = OfferState, TaskState, MessageState, SheetState, HoldState
_W = ScenarioState
_DECIDED = "This proposal has been decided already."
_ANSWERED = "This is {was} now, so it cannot be answered any more."
_HELD = "This is {was} now, so there is nothing to hold any more."
_NOT_THERE = "This is {was} now: the person is not there."
_DONE = "This task is {was} already."
_TAKEN_OVER = "Another worker has taken this run over, or it was cancelled."
_REPLAYED_ELSEWHERE = "Another worker has taken this scenario over, or it was cancelled."

# fmt: off
REFERRAL = Lifecycle(
    table="referral",
    states=ReferralState,
    moves={
        "submit": _move(_R.DRAFT, _R.SEARCHING, "referral_submitted", BROKER),
        "return": _move(OPEN, _R.RETURNED, "referral_returned", BROKER,
                        "This is {was} now: only what is looked for can be sent back."),
        "resubmit": _move(_R.RETURNED, _R.SEARCHING, "referral_resubmitted", BROKER, "This referral is not sent back."),
        "put_on_hold": _move(OPEN, _R.ON_HOLD, "referral_put_on_hold", BROKER),
        "resume": _move(_R.ON_HOLD, _R.SEARCHING, "referral_resumed", BROKER, "This referral is not on hold."),
        # Where a referral stands follows the sheets of options that the person was given (`brokerage/choices.py`).
        "wait_for_choice": _move(OPEN, _R.OPTIONS, "referral_waits_for_choice", BROKER),
        "follow_choice": _move(OPEN, _R.CHOSEN, "referral_follows_choice", BROKER),
        "search_on": _move(OPEN, _R.SEARCHING, "referral_searched_on", BROKER),
        "find_no_option": _move(_R.SEARCHING, _R.NO_OPTION, "no_option_found", BROKER,
                                "This is {was} now: no option is found only while one is searched for."),
        "withdraw": _move((_R.DRAFT, *UNSETTLED), _R.WITHDRAWN, "referral_withdrawn", BROKER),
        "discard": _move(_R.DRAFT, _R.WITHDRAWN, "draft_discarded", BROKER,
                         "This is {was} now: only a draft can be discarded."),
        "take_up": _move(_R.WITHDRAWN, _R.DRAFT, "draft_taken_up", BROKER,
                         "This is {was} now: only a draft that was discarded can be taken up again."),
        "place": _move(OPEN, _R.PLACED, "referral_placed", BROKER),
        "be_declined": _move(_R.PLACED, _R.SEARCHING, "referral_declined", EITHER_SIDE),
        "lose_place": _move(_R.PLACED, _R.SEARCHING, "referral_lost_place", EITHER_SIDE),
        "close": _move((*OPEN, _R.PLACED), _R.CLOSED, "referral_closed", EITHER_SIDE),
        "stand_again": _move(_R.CLOSED, _R.PLACED, "referral_stands_again", EITHER_SIDE),
    },
)
PLACEMENT = Lifecycle(
    table="placement",
    states=PlacementState,
    moves={
        "confirm": _move(_P.RESERVED, _P.CONFIRMED, "place_confirmed", EITHER_SIDE),
        "decline": _move(_P.RESERVED, _P.RELEASED, "place_declined", EITHER_SIDE,
                         "This is {was} now, so it cannot be declined."),
        "hold_longer": _move(_P.RESERVED, _P.RESERVED, "hold_extended", BROKER, _HELD),
        "swap": _move((_P.RESERVED, _P.CONFIRMED), _P.RESERVED, "stay_swapped", BROKER,
                      "This is {was} now, so it cannot be swapped."),
        "release": _move((_P.RESERVED, _P.CONFIRMED), _P.RELEASED, "place_released", BROKER),
        "begin": _move(_P.CONFIRMED, _P.ACTIVE, "person_arrived", EITHER_SIDE),
        "take_arrival_back": _move(_P.ACTIVE, _P.CONFIRMED, "arrival_taken_back", EITHER_SIDE,
                                   "This is {was} now, so the arrival stands."),
        "go_away": _move(_P.ACTIVE, _P.AWAY, "person_went_away", EITHER_SIDE, _NOT_THERE),
        "come_back": _move(_P.AWAY, _P.ACTIVE, "person_came_back", EITHER_SIDE, _NOT_THERE),
        "give_notice": _move((_P.ACTIVE, _P.AWAY), _P.NOTICE, "notice_given", EITHER_SIDE,
                             "This is {was} now, so no notice can be given."),
        # Under notice a stay stays so, wherever the person is: `away_since` tells the rest.
        "go_away_on_notice": _move(_P.NOTICE, _P.NOTICE, "went_away_on_notice", EITHER_SIDE, _NOT_THERE),
        "come_back_on_notice": _move(_P.NOTICE, _P.NOTICE, "came_back_on_notice", EITHER_SIDE, _NOT_THERE),
        "take_notice_back": _move(_P.NOTICE, _P.ACTIVE, "notice_taken_back", EITHER_SIDE, "No notice is given."),
        "take_notice_back_away": _move(_P.NOTICE, _P.AWAY, "notice_taken_back_away", EITHER_SIDE),
        "end": _move(THERE, _P.ENDED, "person_left", EITHER_SIDE),
        # Taken back, a departure leaves the stay as it was before.
        "take_departure_back": _move(_P.ENDED, _P.ACTIVE, "departure_taken_back", EITHER_SIDE),
        "take_departure_back_away": _move(_P.ENDED, _P.AWAY, "departure_taken_back_away", EITHER_SIDE),
        "take_departure_back_on_notice": _move(_P.ENDED, _P.NOTICE, "departure_taken_back_on_notice", EITHER_SIDE),
    },
)
RUN = Lifecycle(
    table="match_run",
    states=RunState,
    moves={
        "claim": _move((_RUN.QUEUED, _RUN.RUNNING), _RUN.RUNNING, "run_begun", SYSTEM_ONLY, _TAKEN_OVER),
        "cancel": _move(_RUN.QUEUED, _RUN.CANCELLED, "run_cancelled", BROKER, "This run has ended already."),
        "stop": _move(_RUN.RUNNING, _RUN.CANCELLED, "run_stopped", SYSTEM_ONLY, _TAKEN_OVER),
        "finish": _move(_RUN.RUNNING, _RUN.FINISHED, "run_finished", SYSTEM_ONLY, _TAKEN_OVER),
        "fail": _move(_RUN.RUNNING, _RUN.FAILED, "run_failed", SYSTEM_ONLY, _TAKEN_OVER),
    },
)
SCENARIO = Lifecycle(
    table="scenario",
    states=ScenarioState,
    moves={
        "request": _move(_W.DRAFT, _W.QUEUED, "scenario_requested", COMMISSIONER,
                         "This scenario has been run already. Copy it to change it."),
        "claim": _move((_W.QUEUED, _W.RUNNING), _W.RUNNING, "scenario_begun", SYSTEM_ONLY, _REPLAYED_ELSEWHERE),
        "cancel": _move(_W.QUEUED, _W.CANCELLED, "scenario_cancelled", COMMISSIONER, "This scenario is {was} now."),
        "stop": _move(_W.RUNNING, _W.CANCELLED, "scenario_stopped", SYSTEM_ONLY, _REPLAYED_ELSEWHERE),
        "finish": _move(_W.RUNNING, _W.FINISHED, "scenario_finished", SYSTEM_ONLY, _REPLAYED_ELSEWHERE),
        "fail": _move(_W.RUNNING, _W.FAILED, "scenario_failed", SYSTEM_ONLY, _REPLAYED_ELSEWHERE),
    },
)
PROPOSAL = Lifecycle(
    table="proposal",
    states=ProposalState,
    moves={
        "defer": _move((_PROPOSAL.PROPOSED, _PROPOSAL.DEFERRED), _PROPOSAL.DEFERRED, "proposal_deferred",
                       BROKER, _DECIDED),
        "accept": _move((_PROPOSAL.PROPOSED, _PROPOSAL.DEFERRED), _PROPOSAL.ACCEPTED, "proposal_accepted",
                        BROKER, _DECIDED),
        "reject": _move((_PROPOSAL.PROPOSED, _PROPOSAL.DEFERRED), _PROPOSAL.REJECTED, "proposal_rejected",
                        BROKER, _DECIDED),
        "come_back": _move(_PROPOSAL.DEFERRED, _PROPOSAL.PROPOSED, "proposal_came_back", BROKER),
        "put_back": _move(_PROPOSAL.REJECTED, _PROPOSAL.PROPOSED, "proposal_put_back", BROKER,
                          "Only a proposal that was rejected can be put back."),
    },
)
HOLD = Lifecycle(
    table="place_hold",
    states=HoldState,
    moves={
        "take": _move(_H.HELD, _H.USED, "hold_used", BROKER),
        "let_go": _move(_H.HELD, _H.LET_GO, "hold_let_go", BROKER, "This place is not held any more."),
        "run_out": _move(_H.HELD, _H.EXPIRED, "hold_expired", SYSTEM_ONLY),
    },
)
WARD_SET = Lifecycle(
    table="ward_set",
    states=WardSetState,
    moves={
        "use": _move(_WARDS.PREVIEW, _WARDS.STORED, "ward_set_used", ADMIN),
        "discard": _move(_WARDS.PREVIEW, _WARDS.UNDONE, "ward_set_discarded", ADMIN),
        "undo": _move(_WARDS.STORED, _WARDS.UNDONE, "ward_set_undone", ADMIN),
        "restore": _move(_WARDS.UNDONE, _WARDS.STORED, "ward_set_restored", ADMIN),
    },
)
OFFER = Lifecycle(
    table="offer",
    states=OfferState,
    moves={
        "send": _move(_O.LATER, _O.SENT, "offer_sent", BROKER),
        "open": _move(_O.SENT, _O.VIEWED, "offer_opened", EITHER_SIDE),
        "ask": _move((_O.SENT, _O.VIEWED, *YESES), _O.ASKING, "question_asked", EITHER_SIDE, _ANSWERED),
        "be_told": _move(_O.ASKING, _O.VIEWED, "question_answered", BROKER, "No question is waiting for an answer."),
        "be_interested": _move((*UNANSWERED, _O.OFFERED), _O.INTERESTED, "interest_shown", EITHER_SIDE, _ANSWERED),
        "make": _move(ASKED, _O.OFFERED, "place_offered", EITHER_SIDE, _ANSWERED),
        "decline": _move(ASKED, _O.DECLINED, "offer_declined", EITHER_SIDE, _ANSWERED),
        "choose": _move(YESES, _O.SELECTED, "offer_chosen", BROKER,
                        "This is {was} now: only a provider that has said yes can be chosen."),
        "thank": _move(ASKED, _O.NOT_SELECTED, "offer_not_chosen", BROKER),
        "withdraw": _move((_O.LATER, *ASKED), _O.WITHDRAWN, "offer_withdrawn", BROKER),
        "expire": _move(RUNS_OUT, _O.EXPIRED, "offer_expired", SYSTEM_ONLY),
    },
)
SHEET = Lifecycle(
    table="options_sheet",
    states=SheetState,
    moves={
        "answer": _move((_S.GIVEN, _S.ANSWERED), _S.ANSWERED, "choice_recorded", BROKER,
                        "This sheet is {was}: no choice can be recorded from it."),
        "withdraw": _move((_S.GIVEN, _S.ANSWERED), _S.WITHDRAWN, "sheet_withdrawn", BROKER,
                          "This sheet is withdrawn already."),
    },
)
TASK = Lifecycle(
    table="task",
    states=TaskState,
    moves={
        "do": _move(_T.OPEN, _T.DONE, "task_done", STAFF, _DONE),
        "dismiss": _move(_T.OPEN, _T.DISMISSED, "task_dismissed", BROKER, _DONE),
        "reopen": _move((_T.DONE, _T.DISMISSED), _T.OPEN, "task_reopened", BROKER, "This task is open."),
    },
)
MESSAGE = Lifecycle(
    table="message",
    states=MessageState,
    moves={
        # What was parked or dropped while a worker was sending it has gone out all the same.
        "go_out": _move((_M.WAITING, _M.PARKED, _M.DROPPED), _M.SENT, "message_sent", SYSTEM_ONLY),
        "park": _move(_M.WAITING, _M.PARKED, "message_parked", SYSTEM_ONLY),
        "try_again": _move(_M.PARKED, _M.WAITING, "message_tried_again", ADMIN),
        "drop": _move((_M.WAITING, _M.PARKED), _M.DROPPED, "message_dropped", ADMIN),
    },
)
# fmt: on
LIFECYCLES = (REFERRAL, PLACEMENT, RUN, SCENARIO, PROPOSAL, HOLD, WARD_SET, OFFER, SHEET, TASK, MESSAGE)
LIFECYCLE: Mapping[type[State], Lifecycle] = {row.states: row for row in LIFECYCLES}


def move_of(state: State, verb: str) -> Move:
    """Return a move by its verb among those of the state's own kind of record. Raises KeyError for an unknown verb."""
    return LIFECYCLE[type(state)].moves[verb]
