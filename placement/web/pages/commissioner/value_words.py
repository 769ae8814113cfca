"""What more places would have been worth in words: “One more place: about 40 fewer nights outside the city, …”."""

from __future__ import annotations

from placement.reports.place_values import ToldChange, ToldGain, ValueLine
from placement.reports.told_sums import ToldSum
from placement.web.pages.commissioner.need_words import PLACES


def title(line: ValueLine) -> str:
    """Return for what and where a place is."""
    return f"{line.need}, {line.area.name}: {line.kind.lower()}, {line.service_type.lower()}"


def gain_words(gain: ToldGain) -> str:
    """Return what so many places would have changed, as a sentence; what would not have changed is left out."""
    told = [
        _people(gain.outside, "outside the city"),
        _people(gain.without, "without a place"),
        _sum(gain.waited, "nights waited"),
        _sum(gain.away, "nights outside the city"),
        _pounds(gain.weekly_pounds),
    ]
    known = [words for words in told if words]
    return f"{PLACES[gain.places]}: {', '.join(known) if known else 'no change that can be told'}."


def _people(told: ToldChange, where: str) -> str:
    if told.size is None:
        return f"{_fewer(told.sign)} people {where} (how many is held back)"
    return f"about {told.size:,} {_fewer(told.sign)} people {where}" if told.size else ""


def _sum(told: ToldSum, what: str) -> str:
    return f"{_size(told)} {_fewer(told.value)} {what}" if told.value else ""


def _pounds(told: ToldSum) -> str:
    if not told.value:
        return ""
    size = f"£{abs(told.value):,}" + (" or more" if told.is_more else "")
    return f"about {size} a week {'less' if told.value > 0 else 'more'} spent"


def _size(told: ToldSum) -> str:
    return f"{abs(told.value):,} or more" if told.is_more else f"about {abs(told.value):,}"


def _fewer(number: int) -> str:
    return "fewer" if number > 0 else "more"
