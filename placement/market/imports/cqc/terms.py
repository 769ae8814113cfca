"""CQC's words → ours: service types, service-user bands, ratings, domains and service groups. One table each.

CQC writes the same thing in several ways: the API and the public directory use the website's words, the other files the
words of the registration regulations. Every spelling is a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from placement.domain.services import RATINGS
from placement.market.imports.cqc.other_terms import NO_BANDS, OTHER_SECTORS, OTHER_SERVICE_TYPES
from placement.market.imports.cqc.rows import OVERALL, Ages

SERVICE_TYPES = {
    "care home service without nursing": "residential",
    "residential homes": "residential",
    "care home service with nursing": "nursing",
    "nursing homes": "nursing",
    "domiciliary care service": "homecare",
    "homecare agencies": "homecare",
    "supported living service": "supported_living",
    "supported living": "supported_living",
    "shared lives": "shared_lives",
    "extra care housing services": "extra_care",
    "supported housing": "extra_care",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUserBand:
    """What a service-user band stands for: specialisms, an age band, both or, for everyone, neither."""

    specialisms: tuple[str, ...] = ()
    ages: Ages | None = None


_CHILDREN, _ADULTS, _OLDER = Ages(youngest=0, below=18), Ages(youngest=18, below=65), Ages(youngest=65, below=None)
_EVERYONE = ServiceUserBand(ages=Ages(youngest=0, below=None))


def _of(*specialisms: str) -> ServiceUserBand:
    return ServiceUserBand(specialisms=specialisms)


# A band is never read as more than it says: dementia is not dementia-friendly design, detention under the Mental Health
# Act is no forensic history, and only the band that names autism counts as autism.
BANDS = {
    "caring for children": ServiceUserBand(ages=_CHILDREN),
    "caring for children (0 - 18yrs)": ServiceUserBand(ages=_CHILDREN),
    "children 0-18 years": ServiceUserBand(ages=_CHILDREN),
    "caring for adults under 65 yrs": ServiceUserBand(ages=_ADULTS),
    "younger adults": ServiceUserBand(ages=_ADULTS),
    "caring for adults over 65 yrs": ServiceUserBand(ages=_OLDER),
    "older people": ServiceUserBand(ages=_OLDER),
    "services for everyone": _EVERYONE,
    "whole population": _EVERYONE,
    "dementia": _of("dementia"),
    "learning disabilities or autistic spectrum disorder": _of("autism", "learning_disability"),
    "learning disabilities": _of("learning_disability"),
    "mental health": _of("mental_health"),
    "mental health conditions": _of("mental_health"),
    "people detained under the mental health act": _of("mental_health"),
    "caring for people whose rights are restricted under the mental health act": _of("mental_health"),
    "physical disability": _of("physical_disability"),
    "physical disabilities": _of("physical_disability"),
    "sensory impairment": _of("sensory_impairment"),
    "sensory impairments": _of("sensory_impairment"),
    "substance misuse problems": _of("substance_misuse"),
    "people who misuse drugs and alcohol": _of("substance_misuse"),
    "people with an eating disorder": _of("eating_disorder"),
    "eating disorders": _of("eating_disorder"),
}


# Words with a comma in them, in lists that are separated by commas.
_WITH_COMMA = (
    "Treatment of disease, disorder or injury",
    "Transport services, triage and medical advice provided remotely",
    "Hospital services for people with mental health needs, learning disabilities and problems with substance misuse",
)
_COMMA_STAND_IN = "\x1f"
_BETWEEN_ITEMS = re.compile(r"[|;\n\r]")

QUALITY = {words.casefold(): quality for quality, words in enumerate(RATINGS)}
UNRATED = (
    "Not rated",
    "No published rating",
    "Inspected but not rated",
    "Insufficient evidence to rate",
    "Not applicable",
    "Regulations met",
    "Not formally rated",
    "Requirements not met",
    "Unable to rate",
)
_WORDS = {words.casefold(): words for words in (*RATINGS, *UNRATED)}

DOMAINS = {
    "overall": OVERALL,
    "safe": "safe",
    "effective": "effective",
    "caring": "caring",
    "responsive": "responsive",
    "well-led": "well_led",
    "well led": "well_led",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGroup:
    """A service group that CQC rates on its own, and the service types that such a rating is about."""

    slug: str
    service_types: tuple[str, ...]


GROUPS = {
    "overall": ServiceGroup(slug=OVERALL, service_types=()),
    "care homes": ServiceGroup(slug="care_homes", service_types=("residential", "nursing", "respite_unit")),
    "homecare": ServiceGroup(slug="homecare", service_types=("homecare", "short_term_live_in", "floating_support")),
    "supported living": ServiceGroup(slug="supported_living", service_types=("supported_living",)),
    "shared lives": ServiceGroup(slug="shared_lives", service_types=("shared_lives",)),
    "extra care": ServiceGroup(slug="extra_care", service_types=("extra_care",)),
    "extra care housing": ServiceGroup(slug="extra_care", service_types=("extra_care",)),
}
GROUP_OF_SERVICE_TYPE = {slug: group.slug for group in GROUPS.values() for slug in group.service_types}

# What files say of a registration, and whether it is one that has not ended.
STATUSES = {
    "active": True,
    "registered": True,
    "inactive": False,
    "de-activated": False,
    "deactivated": False,
    "de-registered": False,
    "deregistered": False,
    "archived": False,
    "ended": False,
}

SOCIAL_CARE = frozenset(
    {
        "social care org",
        "residential social care",
        "community based adult social care services",
        "adult social care",
    }
)


def fold(words: str) -> str:
    """Return words as the tables spell them: one space between them, no capitals."""
    return " ".join(words.split()).casefold()


def split_list(cell: str) -> list[str]:
    """Return the items of a cell, once each and in order, leaving whole those with a comma inside.

    Items stand between commas, or between bars, semicolons or line breaks, as the CQC's files have it by turns.
    """
    for words in _WITH_COMMA:
        cell = re.sub(re.escape(words), words.replace(",", _COMMA_STAND_IN), cell, flags=re.IGNORECASE)
    pieces = (item for piece in _BETWEEN_ITEMS.split(cell) for item in piece.split(","))
    items = (" ".join(item.replace(_COMMA_STAND_IN, ",").split()) for item in pieces)
    return list(dict.fromkeys(item for item in items if item))


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """Our slugs of service types, the CQC's words that have none, and words that are not the CQC's; sorted."""

    slugs: tuple[str, ...]
    others: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Specialism slugs, age bands, and words that are no band of the CQC's; sorted."""

    specialisms: tuple[str, ...]
    ages: tuple[Ages, ...]
    unread: tuple[str, ...]


def service_types(words: Iterable[str]) -> Types:
    """Return what the items of a list of service types say, once each."""
    listed = set(words)
    slugs = {SERVICE_TYPES[fold(each)] for each in listed if fold(each) in SERVICE_TYPES}
    others = {each for each in listed if fold(each) in OTHER_SERVICE_TYPES}
    unread = {each for each in listed - others if fold(each) not in SERVICE_TYPES}
    return Types(slugs=tuple(sorted(slugs)), others=tuple(sorted(others)), unread=tuple(sorted(unread)))


def bands(words: Iterable[str]) -> Bands:
    """Return what the items of a list of service-user bands say, once each."""
    listed = set(words)
    known = [BANDS[fold(each)] for each in listed if fold(each) in BANDS]
    return Bands(
        specialisms=tuple(sorted({slug for band in known for slug in band.specialisms})),
        ages=tuple(sorted({band.ages for band in known if band.ages}, key=lambda each: each.youngest)),
        unread=tuple(sorted(each for each in listed if fold(each) not in BANDS and fold(each) not in NO_BANDS)),
    )


def is_social_care(words: Iterable[str]) -> bool | None:
    """Return whether any of a file's words for a sector is social care; none for no words, and for none known."""
    said = {fold(each) for each in words} - {""}
    if said & SOCIAL_CARE:
        return True
    return False if said & OTHER_SECTORS else None


def is_service_type(words: str) -> bool:
    """Return whether words are a service type of the CQC's, with a part in this market or without."""
    return fold(words) in SERVICE_TYPES or fold(words) in OTHER_SERVICE_TYPES


def is_rating(words: str) -> bool:
    """Return whether words are a rating of the CQC's or say that there is none."""
    return fold(words) in _WORDS


def quality_of(words: str) -> int | None:
    """Return 0 (Inadequate) to 3 (Outstanding), or none for words that are no rating."""
    return QUALITY.get(fold(words))


def rating_words(words: str) -> str:
    """Return a rating in CQC's own present spelling: “Requires Improvement” is “Requires improvement”."""
    return _WORDS.get(fold(words), " ".join(words.split()))


def group_slug(words: str) -> str:
    """Return a service group's slug; a group that is not in the table becomes its own words."""
    known = GROUPS.get(fold(words))
    return known.slug if known else re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")
