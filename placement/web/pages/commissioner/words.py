"""The gap map in words: for a tooltip, for a headline, and for one area."""

from __future__ import annotations

from placement.domain.features import label_of
from placement.domain.kinds import KIND
from placement.reports.asked import OUTSIDE, Asked, DemandPeriod
from placement.reports.gaps import Gap
from placement.web.formatting import amount


def missing(row: Gap) -> str:
    """Return “3 places missing”, “2 places to spare” or “no place missing”."""
    if row.gap > 0:
        return f"{amount(row.gap, 'place')} missing"
    return f"{amount(-row.gap, 'place')} to spare" if row.gap < 0 else "no place missing"


def gap_words(row: Gap) -> str:
    """Return one area's figures as a line."""
    if row.is_empty:
        return f"{row.area.name}: nothing asked for and nothing offered"
    return f"{row.area.name}: {amount(row.demand, 'referral')}, {amount(row.supply, 'place')} free, {missing(row)}"


def meant(asked: Asked) -> str:
    """Return what the filters mean: “ for “Dementia” and “Nurse for 24 hours”, kind crisis”, or nothing."""
    needs = " and ".join(f"“{label_of(slug)}”" for slug in asked.needs)
    return (f" for {needs}" if needs else "") + (f", kind {KIND[asked.kind].label.lower()}" if asked.kind else "")


def sentences(row: Gap, asked: Asked) -> list[str]:
    """Return what is asked for in an area, what is free, what is missing, and how far the figures can be trusted."""
    return [_demand(row, asked), _supply(row), _gap(row), *_trust(row)]


def _demand(row: Gap, asked: Asked) -> str:
    place = "outside the city, or with no known home," if row.area.code == OUTSIDE else row.area.name
    if asked.period is DemandPeriod.OPEN:
        came = f"{'is' if row.demand == 1 else 'are'} waiting now"
    else:
        came = "came in during the last 12 months"
    return f"{amount(row.demand, 'referral')} from {place} {came}{meant(asked)}."


def _supply(row: Gap) -> str:
    if not row.units:
        return "No service there offers this."
    offer = "offers" if row.services == 1 else "offer"
    free = f"{amount(row.supply, 'place')} {'is' if row.supply == 1 else 'are'} free tonight and taking people"
    return f"{amount(row.services, 'service')} there {offer} it, with {amount(row.capacity, 'place')} in all; {free}."


def _gap(row: Gap) -> str:
    if row.gap > 0:
        return f"So {amount(row.gap, 'place')} {'is' if row.gap == 1 else 'are'} missing."
    if row.gap < 0:
        return f"So no place is missing, and {amount(-row.gap, 'place')} would be left."
    return "So no place is missing, and none would be left." if row.supply else "So no place is missing."


def _trust(row: Gap) -> list[str]:
    if not row.stale:
        return []
    have = "has" if row.stale == 1 else "have"
    return [
        f"{row.stale} of {amount(row.units, 'unit')} {have} not been confirmed for 7 days, so more or less may be free."
    ]
