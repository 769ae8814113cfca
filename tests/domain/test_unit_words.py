from datetime import date

from placement.domain.claims import Claim, Said
from placement.domain.features import Evidence
from placement.domain.unit_words import claim_lines, not_met, takes_ages, takes_gender, takes_kinds


def claim(slug, said=Said.YES, **values):
    return Claim(slug=slug, said=said, service_type="residential", **values)


def test_rules_are_told_as_sentences():
    assert takes_kinds(()) == "takes every kind of referral"
    assert takes_kinds(["respite", "crisis"]) == "takes crisis and respite referrals"
    assert takes_ages(18, 64) == "takes people aged 18 to 64"
    assert takes_gender("women") == "takes women only"
    assert takes_gender("any") == "takes anyone"
    assert takes_gender("same", "men") == "takes one gender at a time: men live there now"


def test_claims_are_told_by_what_the_match_makes_of_them():
    verified = claim("pbs", evidence=Evidence.VERIFIED, evidence_on=date(2026, 3, 3), evidence_by="A. Lee")
    claims = [claim("smoking", Said.NO), claim("peg"), claim("pets", Said.ASK), claim("garden"), verified,
              claim("hoist", evidence=Evidence.REFUSED)]  # fmt: skip
    assert claim_lines(claims) == [
        "Positive behaviour support (PBS) (verified by the council on 3 March 2026, A. Lee)",
        "Garden",
        "Ask first: pets welcome",
        "Says no to: smoking possible",
        "Not known until the council has verified it: PEG feeding",
        "Not confirmed by the council: ceiling hoist",
    ]
    assert claim_lines([]) == []


def test_what_is_not_met_says_what_the_unit_says_of_it_and_what_it_does_not():
    claims = [claim("smoking", Said.NO), claim("peg")]
    assert not_met(claims, ["peg", "smoking", "pbs"]) == (
        "says no to smoking possible; PEG feeding is claimed, and waits for the council to verify it; no positive "
        "behaviour support (PBS) recorded"
    )
    assert not_met(claims, ["pbs"]) == "", "then the engine's own words say it"
