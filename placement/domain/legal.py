"""A person's legal status, as far as a place must know of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalStatus:
    """One thing that is so by law, or is being decided."""

    slug: str
    label: str


LEGAL_STATUSES = (
    LegalStatus(slug="lacks_capacity", label="Lacks capacity to decide where to live (Mental Capacity Act)"),
    LegalStatus(slug="dols", label="Deprivation of liberty authorised (DoLS or Court of Protection)"),
    LegalStatus(slug="dols_asked", label="Deprivation of liberty asked for, not decided yet"),
    LegalStatus(slug="s117", label="Section 117 aftercare"),
    LegalStatus(slug="cto", label="Community treatment order (CTO)"),
    LegalStatus(slug="guardianship", label="Guardianship (Mental Health Act, section 7)"),
    LegalStatus(slug="s17_leave", label="On section 17 leave from hospital"),
    LegalStatus(slug="deputy", label="A deputy or attorney decides for the person"),
    LegalStatus(slug="court_order", label="Under an order of a court"),
)
LEGAL_STATUS = {row.slug: row for row in LEGAL_STATUSES}
