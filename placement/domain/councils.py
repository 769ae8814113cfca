"""The councils that can work here: a row a council. Coventry is the one that everything belongs to by default.

A council's area is told by the local-authority code of a postcode (ONS), never by the postcode's own letters. A county
council's area is that of its districts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """A council with adult social care duties. `code` is its own ONS code, `authorities` the codes of its area.

    `letters` are those that nearly all postcodes in it begin with: where to look for them, and never what decides.
    """

    code: str
    name: str
    place: str  # as in “In Coventry”
    authorities: frozenset[str]
    letters: str

    def has(self, authority: str | None) -> bool:
        """Return whether a local-authority code lies in this council's area."""
        return authority in self.authorities


COUNCILS = (
    Council(
        code="E08000026",
        name="Coventry City Council",
        place="Coventry",
        authorities=frozenset({"E08000026"}),
        letters="C",
    ),
    Council(
        code="E08000029",
        name="Solihull Metropolitan Borough Council",
        place="Solihull",
        authorities=frozenset({"E08000029"}),
        letters="BC",
    ),
    Council(
        code="E10000031",
        name="Warwickshire County Council",
        place="Warwickshire",
        authorities=frozenset({"E07000218", "E07000219", "E07000220", "E07000221", "E07000222"}),
        letters="BC",
    ),
)
COUNCIL: Mapping[str, Council] = {council.code: council for council in COUNCILS}
COVENTRY = COUNCILS[0]
