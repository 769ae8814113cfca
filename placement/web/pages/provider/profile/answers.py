"""The sections about what a unit answers to needs: a section for each heading of the table of features."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from placement.domain.claims import Said
from placement.domain.features import FEATURE, GROUPS, Group, features_in
from placement.market.profiles import Profile
from placement.web.forms.profile import ANSWERS_FORM
from placement.web.forms.shared import SharedForm
from placement.web.pages.provider.profile.section import ProfilePages

LEAD = (
    "“Yes” is what you can do now. “Ask us” keeps you in the list, below those who say yes. “No” spares you the "
    "question."
)
CLINICAL = f"{LEAD} Without a registration for nursing, a yes counts once the council has verified it."


def _form(profile: Profile, group: str) -> SharedForm:
    return ANSWERS_FORM[group](data={f"said_{slug}": said.value for slug, said in profile.said.items()})


def _changed(profile: Profile, form: Any, group: str) -> Profile:
    others = {slug: said for slug, said in profile.said.items() if slug not in FEATURE or FEATURE[slug].group != group}
    typed = {feature.slug: form[f"said_{feature.slug}"].data for feature in features_in(group)}
    return replace(profile, said=others | {slug: Said(said) for slug, said in typed.items() if said})


def _pages(group: Group) -> ProfilePages:
    return ProfilePages(
        slug=group.slug,
        form=partial(_form, group=group.slug),
        changed=partial(_changed, group=group.slug),
        lead=CLINICAL if group.slug in ("clinical", "support") else LEAD,
    )


ANSWERS = tuple(_pages(group) for group in GROUPS)
