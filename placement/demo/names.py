"""Invented names. None is a real provider's, service's or person's; a test compares them with published lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from placement.domain.people import Gender

DEMO_PROVIDER = "Sherbourne Valley Support"
_BEGINNINGS = (
    "Brindle", "Farthing", "Quill", "Lanthorn", "Saffle", "Marrow", "Pebble", "Tansy", "Bobbin", "Thimble", "Wimble",
    "Copple", "Harrow", "Dapple", "Nettle", "Spindle", "Truckle", "Wren", "Fennel", "Larkin", "Mottle", "Ribbon",
    "Sorrel", "Tamsin", "Yarrow", "Velvet", "Ember", "Juniper",
)  # fmt: skip
_MIDDLES = ("wick", "mere", "holt", "combe", "garth", "stow", "low", "thorpe", "bury", "dene")
_PROVIDER_ENDINGS = ("Support", "Care", "Living", "Partnership", "Homes", "Community Trust", "Care and Support")
# Surnames that nobody could take for a real person's.
_SURNAMES = (
    "Demoworth", "Sampleton", "Exampleby", "Mockridge", "Testerby", "Fictley", "Inventham", "Placeholder",
    "Specimenson", "Imaginham", "Madeupton", "Pretendale", "Makebelby", "Notreal", "Storyborne", "Fableford",
    "Proxywell", "Dummerby", "Trialton", "Patternley", "Outlineby", "Draftworth", "Standinson", "Shamwell",
)  # fmt: skip
_WOMEN = (
    "Ada", "Amrita", "Bethan", "Chidi", "Dorota", "Esme", "Farah", "Grace", "Hope", "Ines", "Jasmin", "Kasia", "Leila",
    "Maeve",
)  # fmt: skip
_MEN = (
    "Arun", "Bram", "Cosmin", "Dev", "Emeka", "Felix", "Gareth", "Harjit", "Idris", "Jakub", "Kwame", "Leo", "Milan",
    "Niall",
)  # fmt: skip
_OTHERS = ("Ash", "Rowan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An invented person's name and gender."""

    name: str
    gender: Gender


def place_words(random: Random) -> list[str]:
    """Return made-up place-like words, no two alike, in random order."""
    words = [beginning + middle for beginning, middle in product(_BEGINNINGS, _MIDDLES)]
    random.shuffle(words)
    return words


def provider_names(random: Random, count: int) -> list[str]:
    """Return names of organisations; the first is always the demo provider's."""
    words = place_words(random)[: count - 1]
    return [DEMO_PROVIDER, *(f"{word} {random.choice(_PROVIDER_ENDINGS)}" for word in words)]


def people_names(random: Random) -> Iterator[Named]:
    """Yield names of people, no two alike, until the two lists are used up."""
    firsts = [(name, gender) for names, gender in _BY_GENDER for name in names]
    pairs = list(product(firsts, _SURNAMES))
    random.shuffle(pairs)
    for (first, gender), surname in pairs:
        yield Named(name=f"{first} {surname}", gender=gender)


_BY_GENDER = ((_WOMEN, Gender.WOMAN), (_MEN, Gender.MAN), (_OTHERS, Gender.OTHER))
