"""What is kept for others and who is to leave, in the words that providers and brokers read."""

from __future__ import annotations

from placement.domain.others import LIVES_HERE, PURPOSE
from placement.domain.text import amount
from placement.records.others import OtherStay
from placement.web.formatting import day


def other_words(other: OtherStay) -> str:
    """Return one in words: “1 place from 3 December 2026, no end date: a contract (Block 7)”."""
    if other.purpose == LIVES_HERE:
        is_one = other.places == 1
        who = "1 person who lives there leaves" if is_one else f"{other.places} people who live there leave"
        return f"{who} on {day(other.end_on)}"
    nights = f"from {day(other.start_on)}" + (f" until {day(other.end_on)}" if other.end_on else ", no end date")
    label = PURPOSE[other.purpose].label
    what = f"{label[0].lower()}{label[1:]}" + (f" ({other.name})" if other.name else "")
    return f"{amount(other.places, 'place')} {nights}: {what}"
