"""A person as every provider may read of them: needs, age band, gender and ward in words, and never who it is."""

from __future__ import annotations

from dataclasses import dataclass

from placement.brokerage.anonymised import Anonymised
from placement.domain.people import GENDER_LABELS, Gender
from placement.records.ward_sets import ward_name
from placement.web.transactions import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a page says of somebody whom it must not name."""

    needs: Anonymised

    @property
    def gender(self) -> str:
        """Return the person's gender in words."""
        return GENDER_LABELS[Gender(self.needs.gender)] if self.needs.gender else "Not recorded"

    @property
    def ward(self) -> str:
        """Return the name of the ward the person comes from."""
        return ward_name(reading(), self.needs.ward_code or "") or "Not known"
