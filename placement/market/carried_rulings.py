"""What becomes of the council's rulings on claims where units are split or merged."""

from __future__ import annotations

from sqlalchemy.orm import Session

from placement.domain.claims import EVIDENCE_OF, ClaimVerdict
from placement.domain.clocks import today
from placement.market.claims import newest_id, rulings
from placement.records.claims import ClaimRuling
from placement.records.providers import Unit, UnitFeature


def copy_rulings(session: Session, unit: Unit, to: Unit) -> None:
    """Give a unit that was made of another one the same rulings, undone ones included: it claims the same."""
    for ruling in reversed(rulings(session, unit)):
        session.add(_copied(ruling, to))
    session.flush()


def carry_refusals(session: Session, unit: Unit, into: Unit) -> None:
    """Let what the council has not confirmed of a unit not be confirmed of the one that takes its places either.

    A ruling on the unit that stays goes before. What was verified counts for the places that were seen, and no others.
    """
    for ruling in reversed(rulings(session, unit)):
        stands = newest_id(session, unit, ruling.slug) == ruling.id
        if not stands or ruling.verdict is not ClaimVerdict.REFUSED or newest_id(session, into, ruling.slug):
            continue
        copied = _copied(ruling, into)
        session.add(copied)
        claimed = next((each for each in into.features if each.slug == ruling.slug), None)
        if claimed is not None:
            _refuse(claimed, copied)
    session.flush()


def _refuse(claimed: UnitFeature, ruling: ClaimRuling) -> None:
    ruling.was, ruling.was_on, ruling.was_by = claimed.evidence, claimed.evidence_on, claimed.evidence_by
    claimed.evidence, claimed.evidence_by = EVIDENCE_OF[ruling.verdict], ruling.ruled_by
    claimed.evidence_on = today(ruling.ruled_at)


def _copied(ruling: ClaimRuling, to: Unit) -> ClaimRuling:
    return ClaimRuling(
        unit_id=to.id, slug=ruling.slug, verdict=ruling.verdict, note=ruling.note, ruled_by=ruling.ruled_by,
        ruled_at=ruling.ruled_at, was=ruling.was, was_on=ruling.was_on, was_by=ruling.was_by,
        undone_by=ruling.undone_by, undone_at=ruling.undone_at, council=ruling.council,
    )  # fmt: skip
