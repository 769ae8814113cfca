"""Risks in structured form: what may happen, and what it may ask of a place. The words name nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One risk. `asks` are slugs of features that a place may need because of it: a hint to look at, never a need."""

    slug: str
    label: str
    asks: tuple[str, ...] = ()


RISKS = tuple(
    Risk(slug=slug, label=label, asks=tuple(asks.split()))
    for slug, label, asks in (
        ("self_harm", "Self-harm or suicide", "trauma_informed waking_night"),
        ("self_neglect", "Self-neglect", ""),
        ("harm_to_others", "Aggression or harm to others", "pbs robust_fittings"),
        ("harm_from_others", "Exploitation or abuse by others", "waking_night"),
        ("sexual_risk", "Sexual risk to others", "forensic_history one_to_one_part_day"),
        ("fire_setting", "Fire setting", "robust_fittings waking_night"),
        ("leaves_unsafely", "Leaves without support and is not safe outside", "waking_night"),
        ("damage", "Damage to property", "robust_fittings"),
        ("falls", "Falls", "ground_floor step_free"),
        ("choking", "Choking", "dysphagia"),
        ("seizures", "Seizures", "epilepsy_rescue waking_night"),
        ("substance_use", "Alcohol or drug use", "substance_misuse"),
        ("infection", "Infection that needs precautions", "no_shared_bathroom"),
        ("moving_and_handling", "Needs two people to be moved", "hoist two_to_one_community"),
    )
)
RISK = {risk.slug: risk for risk in RISKS}


def asked_by(risks: Iterable[str]) -> tuple[str, ...]:
    """Return the features that some risks may ask of a place, each once, in the order of the table."""
    asked = (slug for risk in RISKS if risk.slug in set(risks) for slug in risk.asks)
    return tuple(dict.fromkeys(asked))
