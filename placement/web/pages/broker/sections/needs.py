"""Needs and equipment: how much each need weighs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm

from placement.brokerage.answers import answer_needs
from placement.domain.features import FEATURES, GROUPS, Strength, features_in, label_of
from placement.domain.people import Actor
from placement.records.referrals import Referral
from placement.web.forms import fields
from placement.web.forms.shared import SharedForm
from placement.web.pages.broker.sections.section import FieldGroup, Row, SectionPages

STRENGTHS = (("", "Not needed"), ("essential", "Essential"), ("desirable", "Desirable"), ("unknown", "Not known"))
OPEN_AT_FIRST = 2  # groups; the others open where something in them is chosen
LEAD = (
    "An essential need rules services out. A desirable one ranks them. “Not known” never rules anything out: it "
    "becomes a question to ask."
)


def _fields() -> dict[str, Any]:
    return {f"need_{feature.slug}": fields.choice(feature.label, STRENGTHS) for feature in FEATURES}


@fields.having(_fields)
class NeedsForm(SharedForm):
    """Every need of the table, a row of choices each."""

    def answers(self) -> dict[str, Strength]:
        """Return the strength of each need that has one."""
        given = {feature.slug: self[f"need_{feature.slug}"].data for feature in FEATURES}
        return {slug: Strength(strength) for slug, strength in given.items() if strength}


def form(referral: Referral) -> NeedsForm:
    """Return the questions with what is known."""
    return NeedsForm(data={f"need_{need.slug}": need.strength.value for need in referral.needs})


def save(session: Any, referral: Referral, form: NeedsForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_needs(session, referral, form.answers(), by=by, now=now)


def groups(form: FlaskForm) -> list[FieldGroup]:
    """Return the needs of each group of the table, folded away where none is chosen."""
    return [_group(form, slug, label, place) for place, (slug, label) in enumerate((g.slug, g.label) for g in GROUPS)]


def _group(form: FlaskForm, slug: str, label: str, place: int) -> FieldGroup:
    asked = [form[f"need_{feature.slug}"] for feature in features_in(slug)]
    chosen = sum(bool(field.data) for field in asked)
    is_open = place < OPEN_AT_FIRST or bool(chosen or form.errors)
    return FieldGroup(fields=asked, heading=label, note=f"{chosen} chosen" if chosen else "", is_open=is_open)


def rows(referral: Referral) -> list[Row]:
    """Return the needs of each strength."""
    strengths = ((strength, [label_of(slug) for slug in referral.slugs(strength)]) for strength in Strength)
    said: list[Row] = [(dict(STRENGTHS)[strength.value], labels) for strength, labels in strengths if labels]
    return said or [("Needs", "None recorded")]


SECTION = SectionPages(
    slug="needs", form=form, save=save, rows=rows, lead=lambda _referral: LEAD, groups=groups, is_wide=True
)
