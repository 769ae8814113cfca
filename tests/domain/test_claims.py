import pytest

from placement.domain.claims import CLINICAL, Claim, Footing, Said, contradictions, on
from placement.domain.features import FEATURES, Evidence
from placement.domain.services import SERVICE_TYPES


def footing(slug="peg", said=Said.YES, evidence=Evidence.DECLARED, service_type="residential"):
    return Claim(slug=slug, said=said, evidence=evidence, service_type=service_type).footing


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.slug)
@pytest.mark.parametrize("row", SERVICE_TYPES, ids=lambda row: row.slug)
def test_a_yes_waits_only_where_it_is_clinical_and_the_service_has_no_nursing(feature, row):
    waits = feature.slug in CLINICAL and row.slug != "nursing"
    assert footing(feature.slug, service_type=row.slug) is (Footing.WAITS if waits else Footing.OFFERED)
    assert footing(feature.slug, Said.NO, service_type=row.slug) is Footing.SAYS_NO


@pytest.mark.parametrize("said", [Said.YES, Said.ASK])
def test_who_stands_behind_a_claim_settles_whether_it_counts(said):
    counts = Footing.OFFERED if said is Said.YES else Footing.ASK_FIRST
    assert footing(said=said) is Footing.WAITS, "asking first is no way round the council"
    assert footing(said=said, evidence=Evidence.VERIFIED) is counts
    assert footing(said=said, evidence=Evidence.CQC_BAND) is counts
    assert footing(said=said, service_type="nursing") is counts
    assert footing(said=said, service_type="nursing", evidence=Evidence.REFUSED) is Footing.NOT_CONFIRMED


def test_a_nurse_is_a_clinical_claim_and_what_stands_on_a_footing_is_told_apart():
    said = {"nurse": Said.YES, "pbs": Said.YES, "pets": Said.ASK, "smoking": Said.NO}
    claims = [Claim(slug=slug, said=each, service_type="respite_unit") for slug, each in said.items()]
    assert {footing: on(footing, claims) for footing in Footing} == {
        Footing.OFFERED: {"pbs"}, Footing.ASK_FIRST: {"pets"}, Footing.SAYS_NO: {"smoking"},
        Footing.WAITS: {"nurse"}, Footing.NOT_CONFIRMED: frozenset(),
    }  # fmt: skip


def test_nobody_refuses_what_is_always_part_of_what_they_offer():
    assert contradictions({"waking_night": Said.YES, "sleep_in": Said.NO}) == (("sleep_in", "waking_night"),)
    assert contradictions({"waking_night": Said.ASK, "sleep_in": Said.NO, "shared_hours": Said.YES}) == ()
