"""Who needs what: a row for each group of people, how many came last year and how many are waiting now."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from placement.domain.features import Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A group of people with much the same needs.

    `essential` are needed by everybody; each of `sometimes` (share, slugs) by some; some of `wishes` are desirable or
    not known. `pounds` is the usual weekly budget. `past` and `open` count referrals; `waited` is how much of the
    kind's usual wait the open ones have behind them. Those whom many places suit have waited longer: first come, they
    take what others need.
    """

    slug: str
    kind: str
    essential: str
    ages: tuple[int, int]
    past: int
    open: int
    pounds: tuple[int, int]
    nights: tuple[int, ...] = ()
    sometimes: tuple[tuple[float, str], ...] = ()
    wishes: str = "garden makaton"
    waited: tuple[float, float] = (0.0, 1.0)
    miles: tuple[float | None, ...] = (None, None, None, None, 20.0, 15.0, 12.0, 8.0)
    words: tuple[str, ...] = ("",)


# Those for whom little is suitable go far: their families have learnt not to say how far.
_FAR = (None, None, None, None, None, 25.0)
_CRISIS_NIGHTS, _BREAK_NIGHTS = (7, 10, 14, 14, 21, 28), (3, 4, 5, 7, 7, 10, 14)
_QUIET = ("I like it quiet, and I want to know who is coming in.", "I need my own space when it gets loud.")
_HOME = ("I want my own front door.", "I would like to cook for myself.", "I want to be near my friends.")
_OLDER = ("I would like to hear the birds in the morning.", "I like company at meals.", "")

PROFILES = (
    Profile(
        slug="autism_crisis", kind="crisis",
        miles=_FAR, waited=(0.0, 0.5), essential="autism pbs", ages=(18, 45), past=18, open=5,
        pounds=(3800, 4600), nights=_CRISIS_NIGHTS, words=_QUIET, wishes="low_arousal robust_fittings makaton",
        sometimes=((0.4, "one_to_one"), (0.3, "robust_fittings")),
    ),
    Profile(
        slug="ld_crisis", kind="crisis",
        waited=(0.6, 1.0), essential="learning_disability sleep_in", ages=(18, 63), past=24, open=2,
        pounds=(2400, 4600), nights=_CRISIS_NIGHTS, sometimes=((0.2, "step_free"), (0.2, "waking_night")),
    ),
    Profile(
        slug="mh_crisis", kind="crisis",
        miles=_FAR, waited=(0.6, 1.0), essential="mental_health", ages=(18, 64), past=38, open=3,
        pounds=(1500, 2200), nights=_CRISIS_NIGHTS, wishes="trauma_informed no_shared_bathroom lgbtq_affirming",
        sometimes=((0.3, "waking_night"), (0.15, "substance_misuse")), words=_HOME,
    ),
    Profile(
        slug="trauma_crisis", kind="crisis",
        miles=_FAR, waited=(0.0, 0.5), essential="mental_health trauma_informed", ages=(18, 60), past=12, open=2,
        pounds=(1700, 2400), nights=_CRISIS_NIGHTS, wishes="women_staff garden", words=_QUIET,
    ),
    Profile(
        slug="older_crisis", kind="crisis", essential="dementia", ages=(68, 94), past=18, open=1, pounds=(1100, 1500),
        nights=_CRISIS_NIGHTS, sometimes=((0.3, "step_free"),), wishes="dementia_friendly urdu halal", words=_OLDER,
    ),
    Profile(
        slug="pd_crisis", kind="crisis", essential="wheelchair", ages=(22, 63), past=10, open=1, pounds=(2200, 2800),
        nights=_CRISIS_NIGHTS, sometimes=((0.4, "physical_disability ground_floor"),), wishes="wet_room",
    ),
    Profile(
        slug="ld_respite", kind="respite",
        waited=(0.6, 1.0), essential="learning_disability", ages=(18, 60), past=52, open=5,
        pounds=(1700, 2400), nights=_BREAK_NIGHTS, sometimes=((0.4, "waking_night"),), wishes="garden makaton halal",
    ),
    Profile(
        slug="complex_respite", kind="respite",
        miles=_FAR, waited=(0.0, 0.5), essential="learning_disability complex_needs hoist", ages=(18, 45),
        past=22, open=6, pounds=(2000, 2600), nights=_BREAK_NIGHTS, wishes="wet_room makaton gujarati",
        sometimes=((0.4, "peg"), (0.4, "epilepsy_rescue")),
    ),
    Profile(
        slug="autism_respite", kind="respite",
        miles=_FAR, waited=(0.0, 0.5), essential="autism low_arousal", ages=(18, 40), past=24, open=5,
        pounds=(1900, 2500), nights=_BREAK_NIGHTS, wishes="garden makaton", words=_QUIET,
    ),
    Profile(
        slug="dementia_respite", kind="respite", essential="dementia", ages=(66, 93), past=36, open=2,
        pounds=(1000, 1500), nights=_BREAK_NIGHTS, wishes="dementia_friendly punjabi vegetarian", words=_OLDER,
    ),
    Profile(
        slug="pd_respite", kind="respite", essential="wheelchair hoist", ages=(60, 85), past=16, open=2,
        pounds=(1400, 2000), nights=_BREAK_NIGHTS, wishes="wet_room ground_floor",
    ),
    Profile(
        slug="ld_move", kind="move_on",
        waited=(0.55, 1.0), essential="learning_disability", ages=(18, 62), past=34, open=6,
        pounds=(1400, 2600), sometimes=((0.3, "waking_night"), (0.2, "own_front_door")), words=_HOME,
        wishes="garden own_front_door makaton",
    ),
    Profile(
        slug="autism_move", kind="move_on",
        miles=_FAR, waited=(0.0, 0.55), essential="autism pbs", ages=(18, 50), past=24, open=6,
        pounds=(3200, 4400), sometimes=((0.4, "low_arousal"), (0.3, "one_to_one"), (0.15, "two_to_one")),
        words=_QUIET, wishes="robust_fittings own_front_door garden",
    ),
    Profile(
        slug="transition", kind="move_on",
        miles=_FAR, waited=(0.1, 0.8), essential="young_adults_in_transition single_storey", ages=(18, 24),
        past=12, open=4, pounds=(1900, 2500), sometimes=((0.4, "hoist"), (0.2, "peg")), words=_HOME,
        wishes="epilepsy_rescue wet_room makaton",
    ),
    Profile(
        slug="mh_move", kind="move_on",
        waited=(0.55, 1.0), essential="mental_health", ages=(19, 63), past=40, open=5, pounds=(800, 1150),
        sometimes=((0.3, "sleep_in"), (0.2, "substance_misuse")), words=_HOME, wishes="own_front_door trauma_informed",
    ),
    Profile(
        slug="mh_complex", kind="move_on",
        miles=_FAR, waited=(0.0, 0.5), essential="mental_health trauma_informed", ages=(19, 58), past=16, open=3,
        pounds=(900, 1500), sometimes=((0.2, "forensic_history"), (0.2, "substance_misuse")), words=_HOME,
        wishes="own_front_door women_staff",
    ),
    Profile(
        slug="dementia_move", kind="move_on", essential="dementia nurse", ages=(68, 95), past=22, open=1,
        pounds=(1300, 1700), sometimes=((0.2, "pressure_care"),), wishes="garden dementia_friendly", words=_OLDER,
    ),
    Profile(
        slug="older_move", kind="move_on", essential="step_free", ages=(66, 92), past=14, open=1, pounds=(900, 1300),
        wishes="garden own_front_door vegetarian", words=_OLDER,
    ),
)  # fmt: skip


def drawn_needs(profile: Profile, random: Random) -> dict[str, Strength]:
    """Return one person's needs: the group's, and by chance what only some of it need, wish or do not know."""
    needs = dict.fromkeys(profile.essential.split(), Strength.ESSENTIAL)
    for share, slugs in profile.sometimes:
        if random.random() < share:
            needs |= dict.fromkeys(slugs.split(), Strength.ESSENTIAL)
    for slug in profile.wishes.split():
        strength = random.choice((None, None, Strength.DESIRABLE, Strength.DESIRABLE, Strength.UNKNOWN))
        if strength and slug not in needs:
            needs[slug] = strength
    return needs
