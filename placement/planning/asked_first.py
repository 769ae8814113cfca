"""What a provider wants to be asked about first: a place that is never hidden for it, and worth a little less."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from placement.domain.features import with_covered
from placement.planning.facts import StoredReferral, StoredUnit
from placement.planning.keys import unit_key

FOR_ASKING = -15
"""[G] Less than a wish earns: of two places alike, the one that has said yes comes first."""


def unsure(offers: Collection[str], asks_first: Collection[str]) -> frozenset[str]:
    """Return what is met only if the provider says yes when it is asked."""
    return with_covered(asks_first) - with_covered(offers)


def points_for_asking(referral: StoredReferral, units: Iterable[StoredUnit]) -> dict[str, int]:
    """Return by how many points each unit is worth less that wants to be asked about what a referral asks for."""
    wanted = (referral.essential | referral.desirable) - referral.unknown
    found = ((unit, len(wanted & unsure(unit.features, unit.asks_first))) for unit in units if unit.asks_first)
    return {unit_key(unit.id): FOR_ASKING * count for unit, count in found if count}
