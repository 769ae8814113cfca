"""The gap map in words: for a tooltip, for a headline, and for one area."""

from __future__ import annotations

from datetime import datetime

from placement.domain.features import label_of
from placement.domain.kinds import KIND
from placement.domain.text import amount
from placement.reports.asked import OUTSIDE, Asked, DemandPeriod
from placement.reports.bands import Band
from placement.reports.gaps import Gap
from placement.reports.past import Became
from placement.reports.waiting import LACKS, Waiting
from placement.web.formatting import ago, moment

NOT_KNOWN = "waiting: not known until a match run has finished"


def people(count: int) -> str:
    """Return “1 person” or “3 people”."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def unmet(row: Gap) -> str:
    """Return “3 people waiting”, “nobody waiting”, “2 referrals not met in the city”, or that it is not known."""
    if row.past is not None:
        return f"{amount(row.past.unmet, 'referral') if row.past.unmet else 'no referral'} not met in the city"
    if row.unmet is None:
        return NOT_KNOWN
    return f"{people(row.unmet) if row.unmet else 'nobody'} waiting"


def lacks(row: Gap) -> list[tuple[str, int]]:
    """Return what the people lack who wait, and how many lack it; what nobody lacks is left out."""
    known = row.lacks or {}
    return [(lack.label, known[lack.slug]) for lack in LACKS if known.get(lack.slug)]


def band_label(band: Band, asked: Asked) -> str:
    """Return the words of a class for the legend."""
    is_now = asked.period is DemandPeriod.OPEN
    what = "waiting" if is_now else "not met"
    if not band.high:
        return "Nobody waiting" if is_now else "No referral not met"
    if band.low == band.high:
        return f"{people(band.low) if is_now else amount(band.low, 'referral')} {what}"
    return f"{band.low} to {band.high} {'people' if is_now else 'referrals'} {what}"


def gap_words(row: Gap) -> str:
    """Return one area's figures as a line."""
    if row.is_empty:
        return f"{row.area.name}: nothing asked for and nothing offered"
    why = ", ".join(f"{label.lower()}: {count}" for label, count in lacks(row))
    told = f"{unmet(row)} ({why})" if why else unmet(row)
    return (
        f"{row.area.name}: {told}; {amount(row.demand, 'referral')}; {amount(row.supply, 'place')} free there tonight"
    )


def run_words(known: Waiting, now: datetime) -> list[str]:
    """Return of which run the figures speak, how old it is, and whom it does not know."""
    if known.run_at is None:
        return ["No match run has finished yet, so it is not known who has no place in the city. Brokers start runs."]
    told = [f"As the match run left it that finished {ago(known.run_at, now)}, on {moment(known.run_at)}."]
    if known.is_old:
        told.append("That is more than a day ago: a newer run may find places for some of them.")
    if known.newer:
        verb = "is" if known.newer == 1 else "are"
        told.append(f"{amount(known.newer, 'referral')} {verb} searched for that it did not look at.")
    if known.left:
        verb = "is" if known.left == 1 else "are"
        told.append(f"{people(known.left)} for whom it found none {verb} no longer searched for, and not counted.")
    return told


def meant(asked: Asked) -> str:
    """Return what the filters mean: “ for “Dementia” and “Nurse for 24 hours”, kind crisis”, or nothing."""
    needs = " and ".join(f"“{label_of(slug)}”" for slug in asked.needs)
    return (f" for {needs}" if needs else "") + (f", kind {KIND[asked.kind].label.lower()}" if asked.kind else "")


def sentences(row: Gap, asked: Asked) -> list[str]:
    """Return who asks from an area, who of them has no place, what is free there, and how far that can be trusted."""
    return [_demand(row, asked), _unmet(row), *_became(row.past), _supply(row), *_trust(row)]


def _demand(row: Gap, asked: Asked) -> str:
    place = "outside the city, or with no known home," if row.area.code == OUTSIDE else row.area.name
    if asked.period is DemandPeriod.OPEN:
        came = f"{'is' if row.demand == 1 else 'are'} searched for now"
    else:
        came = "came in during the last 12 months"
    return f"{amount(row.demand, 'referral')} from {place} {came}{meant(asked)}."


def _unmet(row: Gap) -> str:
    if row.past is not None:
        if not row.past.unmet:
            return "None of them is unmet: each was placed in the city, or outside it by choice."
        return f"{amount(row.past.unmet, 'referral')} got no place in the city, though nobody chose one outside it."
    if row.unmet is None:
        return "No match run has finished yet, so it is not known who has no place in the city."
    if not row.unmet:
        return "Nobody from there is waiting without a place in the city."
    why = "; ".join(f"{label.lower()}: {count}" for label, count in lacks(row))
    verb = "is" if row.unmet == 1 else "are"
    return f"{people(row.unmet)} {verb} waiting without a place in the city ({why})."


def _became(past: Became | None) -> list[str]:
    if past is None or not past.total:
        return []
    return [
        f"Placed in the city: {past.in_city}. Placed outside by choice: {past.by_choice}; not by choice: "
        f"{past.not_by_choice}. No place and still searched for or on hold: {past.still}; closed or withdrawn without "
        f"one: {past.ended}. Declined at least once by a provider: {past.declined}.",
        f"They waited {amount(past.nights, 'night')} in all, {past.nights_each} each on average.",
    ]


def _supply(row: Gap) -> str:
    if not row.units:
        return "No service there offers this."
    offer = "offers" if row.services == 1 else "offer"
    free = f"{amount(row.supply, 'place')} {'is' if row.supply == 1 else 'are'} free tonight and taking people"
    return f"{amount(row.services, 'service')} there {offer} it, with {amount(row.capacity, 'place')} in all; {free}."


def _trust(row: Gap) -> list[str]:
    if not row.stale:
        return []
    have = "has" if row.stale == 1 else "have"
    return [
        f"{row.stale} of {amount(row.units, 'unit')} {have} not been confirmed for 7 days, so more or less may be free."
    ]
