from datetime import timedelta

import pytest

from placement.domain.claims import ClaimVerdict, Footing, Said
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.features import Evidence
from placement.domain.people import Actor, Role
from placement.market.accepting import AcceptRules
from placement.market.claims import LONGEST_NOTE, claims_page, rule_on_claim, rulings, standing_ids, undo_ruling
from placement.market.units import edit_unit
from placement.records.events import AuditLine
from tests.builders import TODAY, a_service, a_unit
from tests.conftest import NOW

ANN = Actor(user_id=None, name="Ann Lee", role=Role.COMMISSIONER)
LATER = NOW + timedelta(days=3)


def ruled(session, unit, verdict=ClaimVerdict.VERIFIED, slug="peg", seen=None, note="Seen", now=NOW):
    ruling = rule_on_claim(session, unit, slug, verdict, note=note, seen=seen, by=ANN, now=now)
    session.flush()
    return ruling


def saying(session, unit, now=LATER, **said):
    edit_unit(session, unit, rules=AcceptRules(), said=said, by=ANN, now=now)
    session.flush()


def footing(unit, slug="peg"):
    return next((claim.footing for claim in unit.claims if claim.slug == slug), None)


def test_a_verified_claim_counts_and_keeps_when_and_by_whom(session):
    unit = a_unit(session, offers=("peg",))
    assert (footing(unit), unit.offers) == (Footing.WAITS, frozenset())
    ruling = ruled(session, unit)

    assert unit.offers == {"peg"}
    (claim,) = unit.claims
    assert (claim.evidence, claim.evidence_on, claim.evidence_by) == (Evidence.VERIFIED, TODAY, "Ann Lee")
    line = session.query(AuditLine).filter_by(event="claim_ruled").one()
    assert line.details == {"slug": "peg", "verdict": "verified", "ruling": ruling.id}


def test_undoing_brings_back_what_stood_before_and_the_history_stays(session):
    unit = a_unit(session, offers=("peg",))
    first = ruled(session, unit, ClaimVerdict.REFUSED, note="Nobody is trained")
    second = ruled(session, unit, ClaimVerdict.VERIFIED, seen=first.id, now=LATER)
    with pytest.raises(OutOfStep):
        undo_ruling(session, first, by=ANN, now=LATER)
    assert standing_ids(session, [first, second]) == {second.id}

    undo_ruling(session, second, by=ANN, now=LATER)
    session.flush()
    assert footing(unit) is Footing.NOT_CONFIRMED
    undo_ruling(session, first, by=ANN, now=LATER)
    session.flush()
    assert footing(unit) is Footing.WAITS
    with pytest.raises(OutOfStep):
        undo_ruling(session, first, by=ANN, now=LATER)
    told = [(each.verdict, each.note, each.undone_by) for each in rulings(session, unit, "peg")]
    assert told == [(ClaimVerdict.VERIFIED, "Seen", "Ann Lee"), (ClaimVerdict.REFUSED, "Nobody is trained", "Ann Lee")]


def test_whoever_has_not_read_the_newest_ruling_decides_nothing(session):
    unit = a_unit(session, offers=("peg",))
    ruled(session, unit)
    with pytest.raises(OutOfStep):
        ruled(session, unit, ClaimVerdict.REFUSED)
    assert footing(unit) is Footing.OFFERED


@pytest.mark.parametrize("note", ["", " \n ", "x" * (LONGEST_NOTE + 1)])
def test_a_ruling_has_a_reason_of_a_sound_length(session, note):
    with pytest.raises(Invalid) as refusal:
        ruled(session, a_unit(session, offers=("peg",)), note=note)
    assert refusal.value.field == "note"


def test_only_what_is_claimed_can_be_ruled_on(session):
    unit = a_unit(session, offers=("hoist",))
    saying(session, unit, peg=Said.NO)
    for slug in ("peg", "oxygen", "hoist"):
        with pytest.raises(NotFound):
            ruled(session, unit, slug=slug)


def test_claiming_again_what_was_not_confirmed_changes_nothing(session):
    unit = a_unit(session, offers=("pbs",))
    ruled(session, unit, ClaimVerdict.REFUSED, slug="pbs")
    saying(session, unit)
    assert footing(unit, "pbs") is None
    saying(session, unit, pbs=Said.YES)

    assert footing(unit, "pbs") is Footing.NOT_CONFIRMED
    (claim,) = unit.claims
    assert (claim.evidence_on, claim.evidence_by) == (TODAY, "Ann Lee")


def test_what_was_verified_once_and_is_claimed_anew_waits_again(session):
    unit = a_unit(session, offers=("peg",))
    ruled(session, unit)
    saying(session, unit)
    saying(session, unit, peg=Said.YES)
    assert footing(unit) is Footing.WAITS


def test_the_list_holds_the_units_whose_claims_wait_and_no_others(session):
    waiting = a_unit(session, offers=("peg", "pbs"))
    a_unit(session, offers=("pbs",))
    a_unit(session, service=a_service(session, service_type="nursing"), offers=("peg", "nurse"))
    a_unit(session, service=a_service(session, is_listed=False), offers=("peg",))
    a_unit(session, offers=("peg",), retired_at=NOW)
    saying(session, a_unit(session), peg=Said.NO)
    asks = a_unit(session)
    saying(session, asks, nurse=Said.ASK)
    ruled(session, a_unit(session, offers=("peg",)))

    assert [unit.id for unit in claims_page(session, actor=ANN).rows] == [waiting.id, asks.id]
