"""What a unit can offer and a person can need: one table for forms, filters, rules, reports, imports and demo.

A slug is what is stored and what the engine compares. The words follow domain.md §2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from placement.domain.services import SERVICE_TYPE


class Strength(StrEnum):
    """How much a need weighs. Not known never counts as met and never refuses: it asks a question."""

    ESSENTIAL = "essential"
    DESIRABLE = "desirable"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """Who says that a unit offers something, weakest first."""

    REFUSED = "refused"
    DECLARED = "declared"
    CQC_BAND = "cqc_band"
    VERIFIED = "verified"


EVIDENCE_LABELS = {
    Evidence.REFUSED: "not confirmed by the council",
    Evidence.DECLARED: "declared by the provider",
    Evidence.CQC_BAND: "CQC service-user band",
    Evidence.VERIFIED: "verified by the council",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading under which features are shown together."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing that a unit offers or a person needs. `covers` lists lesser things that it always includes."""

    slug: str
    label: str
    group: str
    covers: frozenset[str] = field(default_factory=frozenset)
    scarce: bool = False


GROUPS = (
    Group(slug="specialism", label="Specialisms"),
    Group(slug="support", label="Support level"),
    Group(slug="environment", label="Environment"),
    Group(slug="clinical", label="Clinical"),
    Group(slug="culture", label="Culture and communication"),
)


def _rows(group: str, *pairs: tuple[str, str], scarce: Iterable[str] = ()) -> tuple[Feature, ...]:
    rare = set(scarce)
    return tuple(Feature(slug=slug, label=label, group=group, scarce=slug in rare) for slug, label in pairs)


SPECIALISMS = _rows(
    "specialism",
    ("pbs", "Positive behaviour support (PBS)"),
    ("trauma_informed", "Trauma-informed practice"),
    ("dementia", "Dementia"),
    ("dementia_friendly", "Dementia-friendly"),
    ("complex_needs", "Complex needs"),
    ("autism", "Autism"),
    ("learning_disability", "Learning disability"),
    ("mental_health", "Mental health"),
    ("physical_disability", "Physical disability"),
    ("sensory_impairment", "Sensory impairment"),
    ("acquired_brain_injury", "Acquired brain injury"),
    ("substance_misuse", "Substance misuse"),
    ("forensic_history", "Forensic or risk history"),
    ("eating_disorder", "Eating disorder"),
    ("end_of_life", "End of life"),
    ("young_adults_in_transition", "Young adults in transition"),
    # Short supply in the Commissioning Strategy 2025–2030: kept for those who need them.
    scarce=("pbs", "trauma_informed", "complex_needs", "autism"),
)

SUPPORT = (
    Feature(slug="shared_hours", label="Shared hours", group="support"),
    Feature(slug="sleep_in", label="Sleep-in", group="support", covers=frozenset({"shared_hours"})),
    Feature(slug="waking_night", label="Waking night", group="support", covers=frozenset({"sleep_in", "shared_hours"})),
    Feature(slug="one_to_one_part_day", label="1:1 part of the day", group="support"),
    Feature(slug="one_to_one", label="1:1 for 24 hours", group="support", covers=frozenset({"one_to_one_part_day"})),
    Feature(slug="two_to_one_community", label="2:1 in the community", group="support"),
    Feature(
        slug="two_to_one",
        label="2:1 for 24 hours",
        group="support",
        covers=frozenset({"one_to_one", "one_to_one_part_day", "two_to_one_community"}),
        scarce=True,
    ),
    Feature(slug="nurse", label="Nurse for 24 hours", group="support"),
)

ENVIRONMENT = _rows(
    "environment",
    ("ground_floor", "Ground floor"),
    ("single_storey", "Single storey"),
    ("step_free", "Step-free"),
    ("wheelchair", "Wheelchair accessible"),
    ("hoist", "Ceiling hoist"),
    ("wet_room", "Wet room"),
    ("bariatric", "Bariatric"),
    ("low_arousal", "Low-arousal or sensory space"),
    ("robust_fittings", "Robust fittings"),
    ("own_front_door", "Own front door"),
    ("garden", "Garden"),
    ("no_shared_bathroom", "No shared bathroom"),
    ("pets", "Pets welcome"),
    ("smoking", "Smoking possible"),
    scarce=("single_storey", "wheelchair", "hoist"),
)

CLINICAL = _rows(
    "clinical",
    ("epilepsy_rescue", "Epilepsy rescue medication"),
    ("peg", "PEG feeding"),
    ("tracheostomy", "Tracheostomy"),
    ("insulin", "Insulin"),
    ("catheter_stoma", "Catheter or stoma"),
    ("dysphagia", "Dysphagia"),
    ("pressure_care", "Pressure care"),
    ("oxygen", "Oxygen"),
)

CULTURE = _rows(
    "culture",
    ("bsl", "British Sign Language"),
    ("makaton", "Makaton"),
    ("punjabi", "Punjabi spoken"),
    ("urdu", "Urdu spoken"),
    ("gujarati", "Gujarati spoken"),
    ("polish", "Polish spoken"),
    ("halal", "Halal diet"),
    ("kosher", "Kosher diet"),
    ("vegetarian", "Vegetarian diet"),
    ("women_staff", "Women staff only"),
    ("men_staff", "Men staff only"),
    ("lgbtq_affirming", "LGBTQ+ affirming"),
)

FEATURES = SPECIALISMS + SUPPORT + ENVIRONMENT + CLINICAL + CULTURE
FEATURE = {feature.slug: feature for feature in FEATURES}
SCARCE = tuple(sorted(feature.slug for feature in FEATURES if feature.scarce))


def features_in(group: str) -> tuple[Feature, ...]:
    """Return the features shown under one heading, in the table's order."""
    return tuple(feature for feature in FEATURES if feature.group == group)


def in_order(slugs: Iterable[str]) -> tuple[str, ...]:
    """Return slugs in the table's order; those that are no longer in it last."""
    place = {feature.slug: number for number, feature in enumerate(FEATURES)}
    return tuple(sorted(slugs, key=lambda slug: (place.get(slug, len(place)), slug)))


def label_of(slug: str) -> str:
    """Return the words for a slug, which may be a type of service; one that is in no table is shown as it is stored."""
    if slug in SERVICE_TYPE:
        return SERVICE_TYPE[slug].label
    return FEATURE[slug].label if slug in FEATURE else slug.replace("_", " ")


def feature_words(slug: str) -> str:
    """Return the words for a slug within a sentence: “pressure care”, and “PEG feeding” as it is."""
    words = label_of(slug)
    return words if words[1:2].isupper() or not words[:1].isalpha() else words[0].lower() + words[1:]


def with_covered(slugs: Iterable[str]) -> frozenset[str]:
    """Return the slugs and everything they always include: waking nights also serve who needs a sleep-in."""
    offered = frozenset(slugs)
    return offered.union(*(FEATURE[slug].covers for slug in offered if slug in FEATURE))
