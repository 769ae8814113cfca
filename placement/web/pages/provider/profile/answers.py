"""The sections about what a unit answers to needs: a page for each heading of the table of features, or two."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from placement.domain.claims import CLINICAL, Said
from placement.domain.profile import ASKED
from placement.market.profiles import SaidProfile
from placement.web.forms.profile import ANSWERS_FORM
from placement.web.forms.shared import SharedForm
from placement.web.pages.provider.profile.section import ProfilePages

LEAD = "“Ask us” keeps you in the list, below those who say yes. “No” spares you the question."
CLINICAL_LEAD = f"{LEAD} Without registration for nursing, the council verifies a clinical yes first."


def _form(profile: SaidProfile, section: str) -> SharedForm:
    return ANSWERS_FORM[section](data={f"said_{slug}": said.value for slug, said in profile.said.items()})


def _changed(profile: SaidProfile, form: Any, section: str) -> SaidProfile:
    asked = [feature.slug for feature in ASKED[section]]
    others = {slug: said for slug, said in profile.said.items() if slug not in asked}
    typed = {slug: form[f"said_{slug}"].data for slug in asked}
    return replace(profile, said=others | {slug: Said(said) for slug, said in typed.items() if said})


def _pages(section: str) -> ProfilePages:
    return ProfilePages(
        slug=section,
        form=partial(_form, section=section),
        changed=partial(_changed, section=section),
        lead=CLINICAL_LEAD if any(feature.slug in CLINICAL for feature in ASKED[section]) else LEAD,
    )


ANSWERS = tuple(_pages(section) for section in ASKED)
