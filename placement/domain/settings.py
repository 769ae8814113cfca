"""Numbers that an administrator sets: a row a setting, with what it is until somebody has set it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from placement.domain.ethnicity import BROAD, NOT_SAID
from placement.domain.services import SERVICE_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunable:
    """One number. `usual` counts until somebody sets another, between `least` and `most`; all are working defaults."""

    slug: str
    label: str
    hint: str
    unit: str
    usual: int
    least: int
    most: int


FEES_OF = ("residential", "nursing", "supported_living", "shared_lives", "extra_care")
"""Types of service whose average fee in the region an administrator can give, for measures to stand beside it."""


def region_fee(service_type: str) -> str:
    """Return the setting that holds a type's average fee in the region, in pounds a week; 0: not held."""
    return f"region_fee_{service_type}"


def census_share(broad: str) -> str:
    """Return the setting that holds how many of a hundred people in the city are of an ethnic group; 0: not held."""
    return f"census_{broad}"


COMPARED = (
    *(
        Tunable(
            slug=region_fee(slug),
            label=f"{SERVICE_TYPE[slug].label}: what does it cost a week on average in the West Midlands?",
            hint="Commissioners read it beside what people’s places cost. 0: not known.",
            unit="pounds",
            usual=0,
            least=0,
            most=20_000,
        )
        for slug in FEES_OF
    ),
    *(
        Tunable(
            slug=census_share(slug),
            label=f"{label}: how many of a hundred people in the city, by the Census?",
            hint="Commissioners read it beside the people placed. 0: not known.",
            unit="%",
            usual=0,
            least=0,
            most=100,
        )
        for slug, label in BROAD.items()
        if slug != NOT_SAID
    ),
)
"""Figures from elsewhere to compare with. None is given here: whoever enters one has its source."""
SETTINGS = (
    Tunable(
        slug="absence_review_days",
        label="After how many days is a place reviewed that is kept for somebody in hospital?",
        hint="Brokerage gets a task then.",
        unit="days",
        usual=14,
        least=1,
        most=365,
    ),
    Tunable(
        slug="most_held_days",
        label="For how many days can a place be held at most before the provider has confirmed it?",
        hint="After that it is for somebody who can come.",
        unit="days",
        usual=14,
        least=1,
        most=90,
    ),
    Tunable(
        slug="first_refusal_hours",
        label="For how many hours is a place that opens held for somebody on the return list?",
        hint="Nobody else is proposed it meanwhile. 0 holds nothing: brokerage is only told.",
        unit="hours",
        usual=24,
        least=0,
        most=336,
    ),
    Tunable(
        slug="complete_hours",
        label="Within how many hours is a referral completed that was submitted on a pen picture?",
        hint="Brokerage gets a task with what is not asked yet.",
        unit="hours",
        usual=24,
        least=1,
        most=168,
    ),
    Tunable(
        slug="pack_days",
        label="For how many days can a provider read the details of somebody who comes to it?",
        hint="Counted from the first night, unless brokerage sets another last day.",
        unit="days",
        usual=14,
        least=1,
        most=365,
    ),
    Tunable(
        slug="chance_of_yes",
        label="With what chance should somebody say yes in time, when providers are asked?",
        hint="The fewest providers are suggested that reach it. A higher chance asks more of them at once.",
        unit="%",
        usual=90,
        least=50,
        most=99,
    ),
    Tunable(
        slug="respite_nights",
        label="How many nights of respite may a person have in a year?",
        hint="The year begins on 1 April. A manager can allow one person more.",
        unit="nights",
        usual=42,
        least=1,
        most=366,
    ),
    Tunable(
        slug="respite_notice_days",
        label="How many days before a respite stay can it be cancelled without its nights being counted?",
        hint="What the person cancels later than that counts in their allowance once the provider has confirmed it.",
        unit="days",
        usual=7,
        least=0,
        most=60,
    ),
    Tunable(
        slug="quiet_from_hour",
        label="From which hour in the evening is nobody written to about what can wait?",
        hint="Reminders and daily e-mails wait for the morning. Requests for a place do not. 20 is 8pm.",
        unit="o’clock",
        usual=20,
        least=0,
        most=23,
    ),
    Tunable(
        slug="quiet_until_hour",
        label="Until which hour in the morning?",
        hint="The same hour as above: they go out at any time.",
        unit="o’clock",
        usual=7,
        least=0,
        most=23,
    ),
    *COMPARED,
)
SETTING: Mapping[str, Tunable] = {row.slug: row for row in SETTINGS}
