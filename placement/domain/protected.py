"""Places that are kept for planned breaks: what is said of a unit that takes few people in a crisis at a time, or none.

`crisis_places` is that number; None stands for a unit that may be filled with crises.
"""

from __future__ import annotations

from placement.domain.text import amount

KEPT = "keeps its places for planned breaks"


def kept_words(crisis_places: int | None) -> str:
    """Return the sentence that brokers read of a unit, empty where it keeps no places for planned breaks."""
    if crisis_places is None:
        return ""
    return f"{KEPT[0].upper()}{KEPT[1:]}" + (f": at most {crisis_places} for a crisis" if crisis_places else "")


def taken_words(crisis_places: int) -> str:
    """Return why no crisis can be taken while others are there; it goes on after the name of a unit."""
    if not crisis_places:
        return KEPT
    taken = "which is taken" if crisis_places == 1 else "which are taken"
    return f"has {amount(crisis_places, 'place')} for a crisis, {taken} on these nights"
