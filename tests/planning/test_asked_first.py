"""Claims in the match: what waits for the council is not known, what asks first is never hidden, a no refuses."""

import pytest

from placement.domain.claims import ClaimVerdict, Said
from placement.domain.features import Evidence, Strength
from placement.market.claims import rule_on_claim, undo_ruling
from placement.planning.asked_first import FOR_ASKING
from placement.planning.shortlists import shortlist
from placement.records.providers import UnitFeature
from placement.records.referrals import ReferralNeed
from tests.brokerage.worlds import BROKER
from tests.builders import a_referral, a_service, a_unit
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def saying(session, said, slug="peg", service_type="supported_living", **values):
    unit = a_unit(session, service=a_service(session, service_type=service_type), **values)
    unit.features = [UnitFeature(slug=slug, said=said)]
    session.flush()
    return unit


def asking(session, strength, *slugs):
    referral = a_referral(session)
    referral.needs = [ReferralNeed(slug=slug, strength=strength) for slug in slugs]
    session.flush()
    return referral


def found(session, unit, *slugs, strength=Strength.ESSENTIAL):
    every = shortlist(session, asking(session, strength, *slugs), now=NOW)
    listed = {each.unit.id: each for each in every.listed}
    return listed.get(unit.id), next((each for each in every.refused if each.unit.id == unit.id), None)


@pytest.mark.parametrize("said", [Said.YES, Said.ASK])
def test_a_clinical_claim_without_nursing_is_not_known_until_it_is_verified_and_again_when_that_is_undone(
    session, said
):
    unit = saying(session, said)
    listed, refused = found(session, unit, "peg")
    assert listed is None
    assert refused.rules == ("essential",)
    assert refused.short == ("PEG feeding is claimed, and waits for the council to verify it",)
    assert refused.is_near, "a call to the council might do"

    ruling = rule_on_claim(session, unit, "peg", ClaimVerdict.VERIFIED, note="Seen", seen=None, **DOING)
    session.flush()
    listed, _ = found(session, unit, "peg")
    assert listed.ask_first == (() if said is Said.YES else ("peg",))

    undo_ruling(session, ruling, **DOING)
    session.flush()
    assert found(session, unit, "peg")[0] is None


def test_a_nursing_home_claims_by_its_registration_and_what_is_not_confirmed_counts_nowhere(session):
    unit = saying(session, Said.YES, service_type="nursing")
    assert found(session, unit, "peg")[0]

    rule_on_claim(session, unit, "peg", ClaimVerdict.REFUSED, note="Nobody is trained", seen=None, **DOING)
    session.flush()
    _, refused = found(session, unit, "peg")
    assert refused.short == ("PEG feeding is claimed, and was not confirmed by the council",)


@pytest.mark.parametrize("strength", [Strength.ESSENTIAL, Strength.DESIRABLE])
def test_ask_us_is_shown_below_a_yes_and_never_hidden(session, strength):
    asks, offers = saying(session, Said.ASK, "pbs"), saying(session, Said.YES, "pbs")
    referral = asking(session, strength, "pbs")
    listed = {each.unit.id: each for each in shortlist(session, referral, now=NOW).listed}

    assert (listed[asks.id].ask_first, listed[offers.id].ask_first) == (("pbs",), ())
    assert listed[offers.id].rank < listed[asks.id].rank
    assert dict(listed[asks.id].terms)["To be asked first"] == FOR_ASKING
    assert dict(listed[offers.id].terms)["To be asked first"] == 0
    assert (listed[asks.id].wishes_met, listed[asks.id].wishes_unmet) == ((), ())


def test_a_no_refuses_and_says_that_it_is_one(session):
    unit = saying(session, Said.NO, "forensic_history")
    _, refused = found(session, unit, "forensic_history", "pbs")

    assert refused.short == ("says no to forensic or risk history; no positive behaviour support (PBS) recorded",)
    assert not refused.is_near, "asking again changes nothing"
    assert found(session, unit, "forensic_history", strength=Strength.DESIRABLE)[0], "a wish refuses nobody"


def test_evidence_of_the_cqc_is_more_than_a_claim(session):
    unit = saying(session, Said.YES)
    unit.features[0].evidence = Evidence.CQC_BAND
    session.flush()
    assert found(session, unit, "peg")[0]
