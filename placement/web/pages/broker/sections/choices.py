"""Choices and compatibility: the person's own words; types of service; services to avoid; people to keep apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms.validators import Length, ValidationError

from placement.brokerage.answers import ChoiceAnswers, answer_choices
from placement.brokerage.company import may_read_company
from placement.domain.features import label_of
from placement.domain.people import Actor
from placement.domain.services import SERVICE_TYPES, TYPE_WISHES, TypeWish
from placement.market.services import services
from placement.records.referrals import Referral
from placement.web.access import current_actor
from placement.web.forms import fields
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.shared import SharedForm
from placement.web.pages.broker.sections.section import FieldGroup, Row, SectionPages, together
from placement.web.standings import named
from placement.web.transactions import reading

STRENGTHS = (("", "No matter"), *((wish.value, label) for wish, label in TYPE_WISHES.items()))
ALONE = "Must live alone: in a place for one person"
TYPES = "Types of service (optional)"
OF_TYPES = "“Only this” and “Ruled out” rule services out. “Would like” ranks them"


def _types() -> dict[str, Any]:
    return {f"type_{row.slug}": fields.choice(row.label, STRENGTHS) for row in SERVICE_TYPES}


@fields.having(_types)
class ChoicesForm(SharedForm):
    """In the person's own words; types of service; services to avoid; people to keep apart."""

    bonds = (("avoid_1", "avoid_2", "avoid_3"),)
    persons_words = fields.area(
        "What does the person want? (optional)",
        [Length(max=4000, message="Enter at most 4,000 characters")],
        "In their own words where you can. Providers do not see this",
        look=Look(size="s", rows=4),
    )
    avoid_1 = fields.select("Services to avoid (optional)", [], validate_choice=False, look=SMALL)
    avoid_2 = fields.select("Another service to avoid", [], validate_choice=False)
    avoid_3 = fields.select("Another service to avoid", [], validate_choice=False)
    lives_alone = fields.checkbox(ALONE)
    apart = fields.text(
        "Must not live in the same service as (optional)",
        [Length(max=200, message="Enter at most 200 characters")],
        "Case numbers, with commas between them",
        look=Look(size="s", spellcheck=False),
    )

    def offer(self, services: Sequence[tuple[str, str]]) -> None:
        """Fill the lists of services."""
        for field in (self.avoid_1, self.avoid_2, self.avoid_3):
            field.choices = fields.options([("", "None"), *services])

    def validate_avoid_1(self, field: Any) -> None:
        """A service comes from the list: anything else was not offered."""
        offered = {choice.value for choice in field.choices}
        for each in (self.avoid_1, self.avoid_2, self.avoid_3):
            if (each.data or "") not in offered:
                raise ValidationError("Choose a service from the list")

    def answers(self) -> ChoiceAnswers:
        """Return what was answered."""
        chosen = {field.data for field in (self.avoid_1, self.avoid_2, self.avoid_3) if field.data}
        numbers = None  # who may not read them leaves them as they are
        if self.apart is not None:
            numbers = [number.strip() for number in (self.apart.data or "").split(",") if number.strip()]
        wishes = {row.slug: self[f"type_{row.slug}"].data for row in SERVICE_TYPES}
        return ChoiceAnswers(
            persons_words=self.persons_words.data or "",
            avoided_service_ids=sorted(int(each) for each in chosen),
            apart_case_numbers=numbers,
            lives_alone=bool(self.lives_alone.data),
            types={slug: TypeWish(wish) for slug, wish in wishes.items() if wish},
        )


def form(referral: Referral) -> ChoicesForm:
    """Return the questions with what is known, and the services to choose from."""
    avoided = {f"avoid_{i}": str(each.id) for i, each in enumerate(referral.avoided[:3], start=1)}
    apart = ", ".join(person.case_number for person in referral.apart)
    types = {f"type_{slug}": wish.value for slug, wish in referral.type_wishes.items()}
    known = {"persons_words": referral.persons_words, "lives_alone": referral.lives_alone, "apart": apart}
    asked = ChoicesForm(data={**known, **avoided, **types})
    if not may_read_company(referral, current_actor()):
        del asked.apart
    asked.offer([(str(each.id), named(each)) for each in services(reading(), actor=current_actor())])
    return asked


def save(session: Any, referral: Referral, form: ChoicesForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_choices(session, referral, form.answers(), by=by, now=now)


def groups(form: ChoicesForm) -> list[FieldGroup]:
    """Return the types of service folded away under a heading where none is chosen, after the other questions."""
    types = [form[f"type_{row.slug}"] for row in SERVICE_TYPES]
    (rest,) = together(form)
    others = [field for field in rest.fields if field not in types]
    chosen = sum(bool(field.data) for field in types)
    return [
        FieldGroup(fields=others),
        FieldGroup(
            fields=types,
            heading=TYPES,
            note=f"{chosen} chosen. {OF_TYPES}" if chosen else OF_TYPES,
            is_open=bool(chosen or form.errors),
        ),
    ]


def _said_of_types(referral: Referral) -> list[Row]:
    wishes = referral.type_wishes
    said = ((label, [label_of(slug) for slug in wishes if wishes[slug] is wish]) for wish, label in TYPE_WISHES.items())
    return [(f"Type of service: {label.lower()}", types) for label, types in said if types]


def _kept_apart(referral: Referral) -> str:
    """Return the case numbers to whoever has the referral, and to everybody else only how many there are."""
    if may_read_company(referral, current_actor()):
        return ", ".join(person.case_number for person in referral.apart)
    count = "1 person" if len(referral.apart) == 1 else f"{len(referral.apart)} people"
    return f"{count}, named to whoever has this referral, their team and managers"


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    avoided = ", ".join(named(service) for service in referral.avoided)
    return [
        ("In their words", referral.persons_words or "Nothing recorded"),
        *_said_of_types(referral),
        ("Company", ALONE) if referral.lives_alone else None,
        ("Avoid", avoided) if avoided else None,
        ("Keep apart from", _kept_apart(referral)) if referral.apart else None,
    ]


SECTION = SectionPages(slug="choices", form=form, save=save, rows=rows, groups=groups)
