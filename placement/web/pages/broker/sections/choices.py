"""Choices and compatibility: the person's own words; services to avoid; people to keep apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms.validators import Length, ValidationError

from placement.brokerage.answers import ChoiceAnswers, answer_choices
from placement.domain.people import Actor
from placement.market.services import services
from placement.records.referrals import Referral
from placement.web.access import current_actor
from placement.web.forms import fields
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.broker.sections.section import Row, SectionPages
from placement.web.standings import named
from placement.web.transactions import reading


class ChoicesForm(TypedForm):
    """In the person's own words; services to avoid; people to keep apart."""

    persons_words = fields.area(
        "What does the person want? (optional)",
        [Length(max=4000, message="Enter at most 4,000 characters")],
        "In their own words where you can. Providers do not see this",
        look=Look(size="s", rows=4),
    )
    avoid_1 = fields.select("Services to avoid (optional)", [], validate_choice=False, look=SMALL)
    avoid_2 = fields.select("Another service to avoid", [], validate_choice=False)
    avoid_3 = fields.select("Another service to avoid", [], validate_choice=False)
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
        numbers = [number.strip() for number in (self.apart.data or "").split(",") if number.strip()]
        return ChoiceAnswers(
            persons_words=self.persons_words.data or "",
            avoided_service_ids=sorted(int(each) for each in chosen),
            apart_case_numbers=numbers,
        )


def form(referral: Referral) -> ChoicesForm:
    """Return the questions with what is known, and the services to choose from."""
    avoided = {f"avoid_{i}": str(each.id) for i, each in enumerate(referral.avoided[:3], start=1)}
    apart = ", ".join(person.case_number for person in referral.apart)
    asked = ChoicesForm(data={"persons_words": referral.persons_words, "apart": apart, **avoided})
    asked.offer([(str(each.id), named(each)) for each in services(reading(), actor=current_actor())])
    return asked


def save(session: Any, referral: Referral, form: ChoicesForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_choices(session, referral, form.answers(), by=by, now=now)


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    avoided = ", ".join(named(service) for service in referral.avoided)
    apart = ", ".join(person.case_number for person in referral.apart)
    return [
        ("In their words", referral.persons_words or "Nothing recorded"),
        ("Avoid", avoided) if avoided else None,
        ("Keep apart from", apart) if apart else None,
    ]


SECTION = SectionPages(slug="choices", form=form, save=save, rows=rows)
