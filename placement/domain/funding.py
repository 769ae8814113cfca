"""Who pays for a place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """One way in which a place is paid for."""

    slug: str
    label: str


FUNDINGS = (
    Funding(slug="council", label="Council funded"),
    Funding(slug="council_s117", label="Section 117 aftercare"),
    Funding(slug="chc", label="NHS continuing healthcare"),
    Funding(slug="joint", label="Joint health and council funding"),
    Funding(slug="self", label="Funds their own care"),
    Funding(slug="not_agreed", label="Not agreed yet"),
)
FUNDING = {funding.slug: funding for funding in FUNDINGS}
