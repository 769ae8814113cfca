"""What stands behind a unit's claims, told beside the question that the provider answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from placement.domain.claims import Claim, Footing
from placement.domain.features import Evidence
from placement.domain.unit_words import evidence_words
from placement.records.claims import ClaimRuling
from placement.web.formatting import day

WAITS = "Not known to brokers until the council has verified it"


def tell_claims(form: Any, claims: Iterable[Claim], rulings: Sequence[ClaimRuling]) -> None:
    """Say beside each question who other than the provider has spoken for the answer, and what the council wrote."""
    notes = {each.slug: each.note for each in reversed(rulings) if each.undone_at is None}
    for claim in claims:
        if f"said_{claim.slug}" in form and (words := _behind(claim, notes.get(claim.slug, ""))):
            form[f"said_{claim.slug}"].description = words


def _behind(claim: Claim, note: str) -> str:
    if claim.footing is Footing.WAITS:
        return WAITS
    if claim.evidence is Evidence.DECLARED:
        return ""
    words = evidence_words(claim, day(claim.evidence_on))
    said = f"{words[:1].upper()}{words[1:]}"
    return f"{said}: {note}" if note and claim.evidence is Evidence.REFUSED else said
