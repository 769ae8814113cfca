"""The city and its neighbours. In city is decided by these codes and never by a postcode's prefix.

Of the live postcodes in CV7 and CV8, 57 are Coventry's and nearly all the rest are not (ONS Postcode Directory, 2025).
"""

from __future__ import annotations

from placement.domain.councils import COVENTRY

# ONS code → the name as it begins an LSOA's name. Birmingham does not touch the city, but its edge is near.
AUTHORITIES = {
    COVENTRY.code: COVENTRY.place,
    "E07000218": "North Warwickshire",
    "E07000219": "Nuneaton and Bedworth",
    "E07000220": "Rugby",
    "E07000221": "Stratford-on-Avon",
    "E07000222": "Warwick",
    "E08000025": "Birmingham",
    "E08000029": "Solihull",
}
AUTHORITY_CODES = {name: code for code, name in AUTHORITIES.items()}

# The districts whose social-care authority is Warwickshire County Council: the host for notifications.
WARWICKSHIRE = "E10000031"
SOCIAL_CARE_AUTHORITY = dict.fromkeys(("E07000218", "E07000219", "E07000220", "E07000221", "E07000222"), WARWICKSHIRE)


def authority_name(code: str) -> str:
    """Return a council's name where it is the city or near it; else its code, and nothing for no code."""
    return AUTHORITIES.get(code, code)
