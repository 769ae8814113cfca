from enum import StrEnum

import pytest

from placement.domain.errors import NotAllowed, OutOfStep
from placement.domain.events import EVENT
from placement.domain.lifecycles import LIFECYCLE, LIFECYCLES, PLACEMENT, REFERRAL, move_of
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import PlacementState, ProposalState, ReferralState, State, Status

BROKER = Actor(user_id=1, name="B", role=Role.BROKER)
COMMISSIONER = Actor(user_id=3, name="C", role=Role.COMMISSIONER)
PROVIDER = Actor(user_id=2, name="P", role=Role.PROVIDER, provider_id=1)


class OfferState(State):
    """What an offer to a provider will be: its values stand in other kinds of record too."""

    ACCEPTED = "accepted", "The provider said yes", "turquoise"
    WITHDRAWN = "withdrawn", "Taken back by brokerage", "orange"


class Imposter(State):
    """Another kind of record whose state has the value of a referral's."""

    SEARCHING = "searching", "Looking around", "blue"


def test_states_of_equal_value_keep_their_own_words_and_moves():
    assert OfferState.ACCEPTED == ProposalState.ACCEPTED  # one key of a dictionary: the trap
    assert len({OfferState.ACCEPTED: 1, ProposalState.ACCEPTED: 2}) == 1

    assert (OfferState.ACCEPTED.label, ProposalState.ACCEPTED.label) == ("The provider said yes", "Accepted")
    assert (OfferState.WITHDRAWN.colour, ReferralState.WITHDRAWN.colour) == ("orange", "grey")
    assert OfferState not in LIFECYCLE
    with pytest.raises(OutOfStep):
        REFERRAL.moves["close"].require(Imposter.SEARCHING, BROKER)


@pytest.mark.parametrize("row", LIFECYCLES, ids=lambda row: row.table)
def test_every_move_stays_among_its_own_states_and_writes_an_event_of_its_own_record(row):
    assert {type(state) for move in row.moves.values() for state in (*move.before, move.after)} == {row.states}
    assert {EVENT[move.event].subject for move in row.moves.values()} == {row.table}
    events = [move.event for move in row.moves.values()]
    assert len(set(events)) == len(events)


@pytest.mark.parametrize("row", LIFECYCLES, ids=lambda row: row.table)
def test_every_state_can_be_reached_from_the_first(row):
    first = next(iter(row.states))
    reached = {first}
    for _ in row.states:
        reached |= {move.after for move in row.moves.values() if move.before & reached}
    assert reached == set(row.states)


def test_a_record_moves_only_as_its_table_says():
    move_of(PlacementState.RESERVED, "confirm").require(PlacementState.RESERVED, PROVIDER)
    with pytest.raises(OutOfStep, match="reserved now, so it cannot become living there"):
        move_of(PlacementState.RESERVED, "begin").require(PlacementState.RESERVED, PROVIDER)
    with pytest.raises(OutOfStep, match="cannot be declined"):
        PLACEMENT.moves["decline"].require(PlacementState.ENDED, PROVIDER)
    with pytest.raises(OutOfStep, match="not on hold"):
        REFERRAL.moves["resume"].require(ReferralState.PLACED, BROKER)


def test_a_move_belongs_to_those_who_may_make_it_and_to_the_product_itself():
    PLACEMENT.moves["confirm"].require(PlacementState.RESERVED, SYSTEM)
    with pytest.raises(NotAllowed):
        PLACEMENT.moves["confirm"].require(PlacementState.RESERVED, COMMISSIONER)
    with pytest.raises(NotAllowed):
        PLACEMENT.moves["release"].require(PlacementState.RESERVED, PROVIDER)


def test_every_state_has_words_and_a_colour():
    for kind in (*(row.states for row in LIFECYCLES), Status):
        assert issubclass(kind, StrEnum)
        assert all(state.label and state.colour and state == state.value for state in kind)
