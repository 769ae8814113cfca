"""The sections about whom a unit takes: its name, kinds of referral, ages and gender, notice, price."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from placement.domain.kinds import KIND
from placement.domain.likeness import SUPPORT_LABELS
from placement.market.profiles import SaidProfile
from placement.web.forms.profile import GENDERS, AnsweringForm, KindsForm, NameForm, PeopleForm, PriceForm
from placement.web.forms.shared import SharedForm
from placement.web.pages.provider.profile.section import ProfilePages


def _name(profile: SaidProfile) -> SharedForm:
    return NameForm(data={"name": profile.name})


def _named(profile: SaidProfile, form: Any) -> SaidProfile:
    return replace(profile, name=form.name.data)


def _kinds(profile: SaidProfile) -> SharedForm:
    kinds = sorted(profile.rules.kinds) or sorted(KIND)
    return KindsForm(data={"kinds": kinds, "crisis_places": profile.rules.crisis_places})


def _with_kinds(profile: SaidProfile, form: Any) -> SaidProfile:
    every = set(form.kinds.data) >= set(KIND)
    kinds = () if every else tuple(form.kinds.data)
    return replace(profile, rules=replace(profile.rules, kinds=kinds, crisis_places=form.crisis_places.data))


def _people(profile: SaidProfile) -> SharedForm:
    rules = profile.rules
    gender = f"same-{rules.gender_now}" if rules.gender == "same" and rules.gender_now else rules.gender
    return PeopleForm(data={"min_age": rules.min_age, "max_age": rules.max_age, "gender": gender})


def _with_people(profile: SaidProfile, form: Any) -> SaidProfile:
    gender, gender_now = GENDERS[form.gender.data][1]
    rules = replace(
        profile.rules,
        min_age=form.min_age.data, max_age=form.max_age.data, gender=gender, gender_now=gender_now,
    )  # fmt: skip
    return replace(profile, rules=rules)


def _answering(profile: SaidProfile) -> SharedForm:
    rules = profile.rules
    return AnsweringForm(data={"reply_hours": rules.reply_hours, "emergencies_until": rules.emergencies_until or ""})


def _with_answering(profile: SaidProfile, form: Any) -> SaidProfile:
    rules = replace(
        profile.rules,
        reply_hours=form.reply_hours.data,
        emergencies_until=form.emergencies_until.data or None,
    )
    return replace(profile, rules=rules)


def _price(profile: SaidProfile) -> SharedForm:
    rules = profile.rules
    levels = {f"support_{level}": rules.support_prices.get(level) for level in SUPPORT_LABELS}
    return PriceForm(data={"weekly": rules.weekly_pence, "weekly_most": rules.weekly_most_pence, **levels})


def _priced(profile: SaidProfile, form: Any) -> SaidProfile:
    typed = {level: form[f"support_{level}"].data for level in SUPPORT_LABELS}
    rules = replace(
        profile.rules,
        weekly_pence=form.weekly.data,
        weekly_most_pence=form.weekly_most.data,
        support_prices={level: pence for level, pence in typed.items() if pence is not None},
    )
    return replace(profile, rules=rules)


RULES = (
    ProfilePages(
        slug="name", form=_name, changed=_named, lead="A unit is a group of places that are alike: a wing, a floor."
    ),
    ProfilePages(slug="kinds", form=_kinds, changed=_with_kinds),
    ProfilePages(slug="people", form=_people, changed=_with_people),
    ProfilePages(slug="answering", form=_answering, changed=_with_answering),
    ProfilePages(slug="price", form=_price, changed=_priced),
)
