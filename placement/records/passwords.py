"""Which passwords are refused: short ones, common ones, and those that somebody who knows the person would try.

After OWASP ASVS 5.0, 6.2.1 to 6.2.12: at least 8 characters, any characters, no rules of composition, and a list of
common passwords that needs no network. The list and the estimate are zxcvbn's (docs/decisions/0014).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from placement.domain.councils import COUNCILS
from placement.domain.errors import Invalid
from placement.domain.people import ROLE_LABELS, Role

SHORTEST, LONGEST = 8, 200
GUESSES = 10**6  # that a good guesser needs: NIST and zxcvbn's authors call less “very guessable”
OURS = ("placement", "findaplace", "find a place", "provider market", "social care")
_LETTERS = re.compile(r"[^\W\d_]+")
_READ = 72  # zxcvbn looks at no more


def require_good(password: str, *, email: str, name: str) -> None:
    """Raise Invalid for a password that is short, common, or made of the person's, council's or product's names."""
    if len(password) < SHORTEST:
        raise Invalid(f"Enter a password of at least {SHORTEST} characters.", field="password")
    if len(password) > LONGEST:
        raise Invalid(f"Enter a password of at most {LONGEST} characters.", field="password")
    known = sorted({word.lower() for word in _context(email, name) if len(word) > 3}, key=len, reverse=True)
    if _without(password, known) < SHORTEST - 2 and any(word in _plain(password) for word in map(_plain, known)):
        raise Invalid(
            "Choose a password without your name, your e-mail address, the council’s name or the name of this service.",
            field="password",
        )
    if _guesses(password, known) < GUESSES:
        raise Invalid(
            "This password is too easy to guess: it is common, or made of a common one. Try three words that do not "
            "belong together.",
            field="password",
        )


def _context(email: str, name: str) -> Iterable[str]:
    yield email
    yield from _LETTERS.findall(email.partition("@")[0])
    yield from _LETTERS.findall(name)
    for council in COUNCILS:
        yield from (council.place, council.name)
    yield from OURS
    yield from (role.value for role in Role)
    yield from ROLE_LABELS.values()


def _plain(words: str) -> str:
    """Return the letters and figures alone, with figures that stand for letters read as letters."""
    return "".join(each for each in words.lower().translate(_LEET) if each.isalnum())


_LEET = str.maketrans("01345@$!", "oieasasi")


def _without(password: str, known: Iterable[str]) -> int:
    """Return how many letters and figures are left when every known word is taken out."""
    left = _plain(password)
    for word in known:
        left = left.replace(_plain(word), "")
    return len(left)


def _guesses(password: str, known: list[str]) -> float:
    from zxcvbn import zxcvbn  # 30 ms and a megabyte of words: for those who set a password only
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    if password.lower() in FREQUENCY_LISTS["passwords"]:
        return 0
    return float(zxcvbn(password[:_READ], user_inputs=known)["guesses"])
