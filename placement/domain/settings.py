"""Numbers that an administrator sets: a row a setting, with what it is until somebody has set it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
)
SETTING: Mapping[str, Tunable] = {row.slug: row for row in SETTINGS}
