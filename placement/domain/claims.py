"""What a unit says of each thing that can be needed, what stands behind it, and what the match makes of it.

A provider answers in advance: yes, ask us, or no. A clinical claim of a service that is not registered with nursing
waits until the council has verified it: until then nobody knows it. [G] Which claims are clinical is our reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from placement.domain.features import FEATURE, FEATURES, Evidence, in_order


class Said(StrEnum):
    """What a provider answers to a need in advance."""

    YES = "yes"
    ASK = "ask"
    NO = "no"


SAID_LABELS = {Said.YES: "Yes", Said.ASK: "Ask us", Said.NO: "No"}


class Footing(StrEnum):
    """What the match makes of an answer. Only what is offered is met; what asks first is shown and never hidden."""

    OFFERED = "offered"
    ASK_FIRST = "ask_first"
    SAYS_NO = "says_no"
    WAITS = "waits"
    NOT_CONFIRMED = "not_confirmed"


class ClaimVerdict(StrEnum):
    """What the council says of a claim."""

    VERIFIED = "verified"
    REFUSED = "refused"


VERDICT_LABELS = {ClaimVerdict.VERIFIED: "Verified", ClaimVerdict.REFUSED: "Not confirmed"}
EVIDENCE_OF = {ClaimVerdict.VERIFIED: Evidence.VERIFIED, ClaimVerdict.REFUSED: Evidence.REFUSED}
CLINICAL = frozenset(feature.slug for feature in FEATURES if feature.group == "clinical") | {"nurse"}
"""What only a service that is registered with nursing can claim by itself."""
WITH_NURSING = frozenset({"nursing"})
"""Types of service whose registration has nursing in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One answer of a unit, with who stands behind it: `evidence_by` names whoever verified it or did not."""

    slug: str
    said: Said
    evidence: Evidence = Evidence.DECLARED
    evidence_on: date | None = None
    evidence_by: str = ""
    service_type: str

    @property
    def footing(self) -> Footing:
        """What the match makes of it: the one answer to whether a claim counts."""
        if self.said is Said.NO:
            return Footing.SAYS_NO
        if self.evidence is Evidence.REFUSED:
            return Footing.NOT_CONFIRMED
        if waits(self.slug, self.evidence, self.service_type):
            return Footing.WAITS
        return Footing.ASK_FIRST if self.said is Said.ASK else Footing.OFFERED


def waits(slug: str, evidence: Evidence, service_type: str) -> bool:
    """Return whether a claim waits for the council: clinical, without nursing, and nobody else has spoken for it."""
    return slug in CLINICAL and evidence is Evidence.DECLARED and service_type not in WITH_NURSING


def on(footing: Footing, claims: Iterable[Claim]) -> frozenset[str]:
    """Return the slugs of the claims that stand on a footing."""
    return frozenset(claim.slug for claim in claims if claim.footing is footing)


def contradictions(said: Mapping[str, Said]) -> tuple[tuple[str, str], ...]:
    """Return what is refused though something that is offered includes it: (refused, offered) pairs of slugs."""
    yes, no = ({slug for slug, each in said.items() if each is which} for which in (Said.YES, Said.NO))
    return tuple(
        (less, more) for more in in_order(yes & FEATURE.keys()) for less in in_order(FEATURE[more].covers & no)
    )
