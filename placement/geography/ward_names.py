"""Coventry's two sets of wards: codes, names and when each is in force.

Source: Office for National Statistics licensed under the Open Government Licence v3.0. Only Foleshill and Longford kept
their boundary in May 2026. Outlines of the new set are not among the data that come with the product: until somebody
uploads them, the new set is names only.
"""

from __future__ import annotations

from datetime import date

from placement.geography.wards import Ward, WardSet

CHANGE_ON = date(2026, 5, 7)  # the ordinary day of elections in 2026
_OLD_FIRST, _NEW_FIRST = 5001218, 5016398

_OLD_NAMES = (
    "Bablake",
    "Binley and Willenhall",
    "Cheylesmore",
    "Earlsdon",
    "Foleshill",
    "Henley",
    "Holbrook",
    "Longford",
    "Lower Stoke",
    "Radford",
    "St Michael's",
    "Sherbourne",
    "Upper Stoke",
    "Wainbody",
    "Westwood",
    "Whoberley",
    "Woodlands",
    "Wyken",
)
_NEW_NAMES = (
    "Bablake",
    "Binley & Willenhall",
    "Cheylesmore",
    "Earlsdon",
    "Foleshill",
    "Henley",
    "Holbrooks",
    "Longford",
    "Lower Stoke",
    "Radford",
    "Sherbourne",
    "St Michael's",
    "Tile Hill & Canley",
    "Upper Stoke",
    "Wainbody",
    "Whoberley",
    "Woodlands",
    "Wyken",
)


def _wards(first: int, names: tuple[str, ...]) -> tuple[Ward, ...]:
    return tuple(Ward(code=f"E{first + place:08}", name=name) for place, name in enumerate(names))


OLD_WARDS = WardSet(
    slug="coventry-to-2026",
    name="Coventry wards to May 2026",
    valid_from=None,
    valid_to=CHANGE_ON,
    is_approximate=True,
    wards=_wards(_OLD_FIRST, _OLD_NAMES),
)
NEW_WARDS = WardSet(
    slug="coventry-from-2026",
    name="Coventry wards from May 2026",
    valid_from=CHANGE_ON,
    valid_to=None,
    is_approximate=True,
    wards=_wards(_NEW_FIRST, _NEW_NAMES),
)
KNOWN_WARD_SETS = (OLD_WARDS, NEW_WARDS)
