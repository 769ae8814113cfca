"""The gap map in words: for a tooltip, for a headline, and for one area."""

from __future__ import annotations

from datetime import datetime

from placement.domain.text import amount
from placement.reports.asked import OUTSIDE, Asked
from placement.reports.bands import Band
from placement.reports.catalogue import filters_in_words
from placement.reports.gaps import Gap
from placement.reports.small_numbers import FEWEST, Told
from placement.reports.waiting import LACKS, Waiting
from placement.web.formatting import ago, moment

NOT_KNOWN = "not known until a match run has finished"
FEW = f"fewer than {FEWEST} people, or held back"


def people(told: Told) -> str:
    """Return “about 15 people”, or that they are fewer than 8 or held back."""
    return FEW if told is None else f"about {told:,} people"


def unmet(row: Gap, asked: Asked) -> str:
    """Return “about 15 people waiting” or “about 15 people without a place in the city”."""
    if row.unmet is None:
        return FEW
    return f"{people(row.unmet)} {'waiting' if asked.is_now else 'without a place in the city'}"


def lacks(row: Gap) -> list[tuple[str, int]]:
    """Return what people lack, and how many lack it, as far as it may be told."""
    return [(lack.label, told) for lack in LACKS if (told := row.lacks[lack.slug])]


def band_label(band: Band) -> str:
    """Return the words of a class for the legend."""
    if band.low == band.high:
        return f"About {band.low} people"
    return f"About {band.low} to {band.high} people"


def gap_words(row: Gap, asked: Asked, *, is_known: bool = True) -> str:
    """Return one area's figures as a line."""
    told = unmet(row, asked) if is_known else NOT_KNOWN
    why = ", ".join(f"{label.lower()}: about {count}" for label, count in lacks(row))
    return f"{row.area.name}: {told}{f' ({why})' if why else ''}; {amount(row.supply, 'place')} free there tonight"


def run_words(known: Waiting, now: datetime) -> list[str]:
    """Return of which run the figures speak, how old it is, and whom it does not know."""
    if known.run_at is None:
        return ["No match run has finished yet, so it is not known who has no place in the city. Brokers start runs."]
    told = [f"As the match run left it that finished {ago(known.run_at, now)}, on {moment(known.run_at)}."]
    if known.is_old:
        told.append("That is more than a day ago: a newer run may find places for some of them.")
    if known.some_newer:
        told.append("Some referrals came since, which it did not look at.")
    if known.some_left:
        told.append("Some for whom it found no place are no longer searched for, and not counted.")
    return told


def meant(asked: Asked) -> str:
    """Return what the filters mean: “: Nursing dementia, Respite”, or nothing; period and areas stand elsewhere."""
    known = filters_in_words(asked)
    words = [known[name] for name in ("need", "type", "kind") if name in known]
    return f": {', '.join(words)}" if words else ""


def sentences(row: Gap, asked: Asked, *, is_known: bool) -> list[str]:
    """Return who has no place from an area, why, what is free there, and how far that can be trusted."""
    return [*_asked(row, asked), *(_unmet(row, asked) if is_known else []), _supply(row), *_trust(row)]


def _asked(row: Gap, asked: Asked) -> list[str]:
    place = "outside the city, or with no known home," if row.area.code == OUTSIDE else row.area.name
    return [f"{people(row.asked).capitalize()} from {place} asked, {asked.when}."] if row.asked else []


def _unmet(row: Gap, asked: Asked) -> list[str]:
    lead = f"{asked.when}{meant(asked)}: "
    if row.unmet is None:
        return [f"{lead}{FEW}{' wait' if asked.is_now else ''} without a place in the city."]
    why = "; ".join(f"{label.lower()}: about {count}" for label, count in lacks(row))
    told = f"{lead}{people(row.unmet)} {'wait' if asked.is_now else 'were left'} without a place in the city"
    became = [
        f"{words} {people(count)}"
        for words, count in (
            ("placed outside it though nobody chose that:", row.outside),
            ("placed nowhere:", row.nowhere),
            ("declined at least once by a provider:", row.declined),
        )
        if count
    ]
    waited = f"They waited about {row.nights:,} nights in all."
    return [f"{told}{f' ({why})' if why else ''}.", *(f"Of them {words}." for words in became), waited]


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
