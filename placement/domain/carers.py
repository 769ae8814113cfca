"""Who cares for a person at home, by what they are to the person: no carer is named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """What a carer is to the person."""

    slug: str
    label: str


CARERS = (
    Carer(slug="partner", label="Wife, husband or partner"),
    Carer(slug="parent", label="Parent"),
    Carer(slug="child", label="Daughter or son"),
    Carer(slug="sibling", label="Sister or brother"),
    Carer(slug="relative", label="Another relative"),
    Carer(slug="friend", label="Friend or neighbour"),
    Carer(slug="shared_lives", label="Shared Lives carer"),
    Carer(slug="none", label="Nobody"),
)
CARER = {row.slug: row for row in CARERS}
