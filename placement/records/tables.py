"""Every module of tables, so that importing this one fills the metadata."""

from placement.records import (  # noqa: F401  # importing is what it is for
    attachments,
    choices,
    councils,
    events,
    holds,
    kept_forms,
    links,
    looking,
    messages,
    notes,
    offers,
    others,
    outcomes,
    overrides,
    packs,
    placements,
    prices,
    providers,
    referrals,
    runs,
    searches,
    sections,
    sent_forms,
    settings,
    tasks,
    users,
    vacancies,
    wards,
    watermarks,
)
from placement.records.base import Base

__all__ = ["Base"]
