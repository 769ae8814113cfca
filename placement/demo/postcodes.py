"""Real postcodes for invented services and homes, drawn from the offline directory and located by it.

Districts are only where to look; which council a postcode belongs to is what the directory says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random

from placement.domain.councils import COVENTRY
from placement.geography.authorities import AUTHORITY_CODES
from placement.geography.errors import UnknownPostcode
from placement.geography.gazetteer import Gazetteer, Located

_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_CITY_DISTRICTS = ("CV1", "CV2", "CV3", "CV4", "CV5", "CV6")
_DISTRICTS = {
    AUTHORITY_CODES["Nuneaton and Bedworth"]: ("CV10", "CV11", "CV12"),
    AUTHORITY_CODES["Rugby"]: ("CV21", "CV22", "CV23"),
    AUTHORITY_CODES["Warwick"]: ("CV8", "CV31", "CV32", "CV34"),
    AUTHORITY_CODES["Solihull"]: ("B90", "B91", "B92", "B93"),
    AUTHORITY_CODES["North Warwickshire"]: ("CV9", "B46"),
    AUTHORITY_CODES["Stratford-on-Avon"]: ("CV37", "CV47"),
    AUTHORITY_CODES["Birmingham"]: ("B26", "B33", "B34"),
}
# How many of every sixty services outside the city lie in each council's area.
_SHARES = {
    "Nuneaton and Bedworth": 12, "Rugby": 11, "Warwick": 11, "Solihull": 10, "Birmingham": 6, "North Warwickshire": 5,
    "Stratford-on-Avon": 5,
}  # fmt: skip
_IN_CITY, _PER_COUNCIL = 700, 15


class Addresses:
    """Postcodes to give out: services in the city ward by ward, services around it, and homes."""

    def __init__(self, gazetteer: Gazetteer, random: Random) -> None:
        self._random = random
        self._homes = _draw(gazetteer, random, COVENTRY.code, _CITY_DISTRICTS, _IN_CITY)
        self._in_city = _ward_by_ward(self._homes, random)
        self._around = {
            code: iter(_draw(gazetteer, random, code, districts, _PER_COUNCIL))
            for code, districts in _DISTRICTS.items()
        }
        councils = [AUTHORITY_CODES[name] for name, share in _SHARES.items() for _ in range(share)]
        random.shuffle(councils)
        self._councils = cycle(councils)

    def for_service(self, *, in_city: bool) -> Located:
        """Return a postcode that no other service has."""
        return next(self._in_city) if in_city else next(self._around[next(self._councils)])

    def for_home(self) -> Located:
        """Return a postcode in the city where somebody might live."""
        return self._random.choice(self._homes)


def _draw(gazetteer: Gazetteer, random: Random, authority: str, districts: Sequence[str], count: int) -> list[Located]:
    found: dict[str, Located] = {}
    while len(found) < count:
        letters = random.choice(_INWARD_LETTERS) + random.choice(_INWARD_LETTERS)
        located = _located(gazetteer, f"{random.choice(districts)} {random.randrange(10)}{letters}")
        if located and located.authority == authority:
            found[located.postcode] = located
    return list(found.values())


def _located(gazetteer: Gazetteer, postcode: str) -> Located | None:
    try:
        return gazetteer.locate(postcode)
    except UnknownPostcode:
        return None


def _ward_by_ward(homes: Sequence[Located], random: Random) -> Iterator[Located]:
    """Take one postcode of each ward in turn, so that every ward and every locality has services."""
    wards: defaultdict[str, list[Located]] = defaultdict(list)
    for home in homes:
        wards[home.ward.code if home.ward else ""].append(home)
    codes = sorted(wards)
    random.shuffle(codes)
    for number in range(max(len(each) for each in wards.values())):
        yield from (wards[code][number] for code in codes if number < len(wards[code]))
