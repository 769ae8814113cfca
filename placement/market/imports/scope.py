"""Which councils' areas an import is about: the city and its neighbours, unless somebody says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from placement.domain.errors import Invalid
from placement.geography.authorities import AUTHORITIES, AUTHORITY_CODES, SOCIAL_CARE_AUTHORITY, WARWICKSHIRE

_CODE = re.compile(r"[ENSW]\d{8}", re.ASCII)
_COUNTY = "Warwickshire"
_BY_NAME = {name.casefold(): code for name, code in (AUTHORITY_CODES | {_COUNTY: WARWICKSHIRE}).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The councils whose locations are added, as ONS codes; none stands for all. What is in the register stays in."""

    authorities: frozenset[str] | None = frozenset(AUTHORITIES)

    def takes(self, authority: str) -> bool:
        """Return whether a location in a council's area is to be added."""
        return self.authorities is None or authority in self.authorities

    def may_mean(self, name: str) -> bool:
        """Return whether a file's name for a council can be one of these; only ever good for a hint."""
        return bool(name) and any(is_same_council(each, name) for each in self.authorities or () if each in AUTHORITIES)


MARKET = Scope()
EVERYWHERE = Scope(authorities=None)


def scope_of(words: Iterable[str]) -> Scope:
    """Return the scope of councils given by name or ONS code; of none, the market. A county stands for its districts.

    Raises Invalid for a name that is not in the table.
    """
    codes = {code for each in words for code in _districts(_code_of(each))}
    return Scope(authorities=frozenset(codes)) if codes else MARKET


def is_same_council(authority: str, name: str) -> bool:
    """Return whether a file's name for a council can be the one with this code; unknown codes and no name can."""
    names = {AUTHORITIES.get(authority, name)} | ({_COUNTY} if authority in SOCIAL_CARE_AUTHORITY else set())
    return not name or name.casefold() in {each.casefold() for each in names}


def _code_of(words: str) -> str:
    code = _BY_NAME.get(" ".join(words.split()).casefold(), words.strip().upper())
    if not _CODE.fullmatch(code):
        known = ", ".join(sorted((*AUTHORITY_CODES, _COUNTY)))
        raise Invalid(f"“{words}” is neither an ONS code, such as E08000026, nor one of: {known}.", field="authority")
    return code


def _districts(code: str) -> list[str]:
    return [district for district, county in SOCIAL_CARE_AUTHORITY.items() if county == code] or [code]
