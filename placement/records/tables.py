"""Every module of tables, so that importing this one fills the metadata."""

from placement.records import audit, placements, prices, providers, referrals, runs, sections, users, vacancies, wards
from placement.records.base import Base

__all__ = [
    "Base",
    "audit",
    "placements",
    "prices",
    "providers",
    "referrals",
    "runs",
    "sections",
    "users",
    "vacancies",
    "wards",
]
