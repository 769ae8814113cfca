"""Whom a unit takes, at what price, and how soon it answers: what can be said of that, and what cannot."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from placement.domain.claims import Said, contradictions
from placement.domain.errors import Invalid
from placement.domain.features import FEATURE, feature_words
from placement.domain.kinds import KIND, RECURRING
from placement.domain.likeness import SUPPORT_LEVELS
from placement.domain.limits import MOST_PLACES
from placement.domain.people import UNIT_GENDERS
from placement.records.providers import Unit

MOST_WEEKLY_PENCE = 100_000_000
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRules:
    """Whom a unit takes, at what price, and how soon it answers. Empty `kinds` stands for every kind.

    A price that depends on the person is from `weekly_pence` to `weekly_most_pence`; `support_prices` is the price for
    each level of support that has one of its own.
    `crisis_places` is how many people in a crisis it takes at a time, None standing for any number.
    """

    kinds: Collection[str] = ()
    min_age: int = 18
    max_age: int = 120
    gender: str = "any"
    gender_now: str | None = None
    weekly_pence: int | None = None
    weekly_most_pence: int | None = None
    support_prices: Mapping[str, int] = field(default_factory=dict)
    reply_hours: int = 48
    emergencies_until: str | None = None
    crisis_places: int | None = None


def rules_of(unit: Unit) -> AcceptRules:
    """Return the rules of a unit as they are stored."""
    return AcceptRules(
        kinds=unit.kinds.split(),
        min_age=unit.min_age,
        max_age=unit.max_age,
        gender=unit.gender,
        gender_now=unit.gender_now,
        weekly_pence=unit.weekly_pence,
        weekly_most_pence=unit.weekly_most_pence,
        support_prices=unit.support_prices,
        reply_hours=unit.reply_hours,
        emergencies_until=unit.emergencies_until,
        crisis_places=unit.crisis_places,
    )


def require_possible(rules: AcceptRules, said: Mapping[str, Said]) -> None:
    """Raise Invalid, naming the field, for rules and answers that no unit can have."""
    _require_answers(said)
    _require_price(rules)
    if set(rules.kinds) - set(KIND):
        raise Invalid("Choose from the kinds of referral in the list.", field="kinds")
    if rules.crisis_places is not None:
        _require_kept(rules, rules.crisis_places)
    if rules.gender not in UNIT_GENDERS:
        raise Invalid("Choose whom the unit takes.", field="gender")
    if not 0 <= rules.min_age <= rules.max_age <= 150:
        raise Invalid("Enter a youngest age that is not above the oldest.", field="max_age")
    if rules.gender_now not in (None, "women", "men"):
        raise Invalid("Choose who lives there now.", field="gender_now")
    if rules.emergencies_until and not _HOUR.fullmatch(rules.emergencies_until):
        raise Invalid("Enter a time such as 20:00, or leave it empty.", field="emergencies_until")
    if not 0 <= rules.reply_hours <= 24 * 30:
        raise Invalid("Enter between 0 and 720 hours.", field="reply_hours")


def _require_kept(rules: AcceptRules, crisis_places: int) -> None:
    """Raise Invalid unless a unit may keep places for planned breaks: one that takes none has nothing to keep."""
    if not 0 <= crisis_places <= MOST_PLACES:
        raise Invalid(f"Enter a number from 0 to {MOST_PLACES:,}, or leave it empty.", field="crisis_places")
    if rules.kinds and not RECURRING & set(rules.kinds):
        raise Invalid("Leave this empty: the unit takes no respite to keep places for.", field="crisis_places")


def _require_price(rules: AcceptRules) -> None:
    least, most = rules.weekly_pence, rules.weekly_most_pence
    for level, pence in rules.support_prices.items():
        if level not in SUPPORT_LEVELS:
            raise Invalid("Choose from the levels of support in the list.", field="weekly")
        if not 0 < pence <= MOST_WEEKLY_PENCE:
            raise Invalid("Enter a weekly price above £0, or leave it empty.", field=f"support_{level}")
    if least is not None and least <= 0:
        raise Invalid("Enter a weekly price above £0, or leave it empty.", field="weekly")
    if most is not None and least is None:
        raise Invalid("Enter the lowest price too, or leave this empty.", field="weekly_most")
    if most is not None and least is not None and most <= least:
        raise Invalid("Enter a highest price above the lowest, or leave it empty.", field="weekly_most")


def _require_answers(said: Mapping[str, Said]) -> None:
    if unknown := set(said) - set(FEATURE):
        raise Invalid(f"These are not in the list of features: {', '.join(sorted(unknown))}.", field="offers")
    for less, more in contradictions(said):
        raise Invalid(
            f"You say yes to {feature_words(more)}, which includes {feature_words(less)}: say the same of both.",
            field=f"said_{less}",
        )
