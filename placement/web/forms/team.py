"""Inviting somebody to sign in for an organisation, what they may do there, and taking an invitation up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.validators import Length, ValidationError

from placement.domain.contacts import LONGEST_EMAIL, is_email
from placement.domain.people import RIGHTS_HINTS, RIGHTS_LABELS, Rights
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm


def rights_field() -> Any:
    """Return the question what somebody may do, a hint to each answer."""
    return fields.radios(
        "What may the person do?",
        [
            (each.value, f"{RIGHTS_LABELS[each]}: {RIGHTS_HINTS[each][0].lower()}{RIGHTS_HINTS[each][1:]}")
            for each in Rights
        ],
        [Entered("Choose what the person may do")],
        look=Look(size="s"),
    )


class FirstForm(TypedForm):
    """Who is the first of an organisation to be invited: its lead."""

    name = fields.text(
        "Full name", [Entered("Enter the person’s name"), Length(max=120)], look=Look(autocomplete="off")
    )
    email = fields.text(
        "E-mail address",
        [Entered("Enter an e-mail address"), Length(max=LONGEST_EMAIL)],
        hint="The person’s own at work, not one that several read: whoever opens the invitation signs in by it.",
        look=Look(type="email", autocomplete="off", spellcheck=False),
    )

    def validate_email(self, field: Any) -> None:
        """Refuse what cannot be an address."""
        if not is_email(field.data):
            raise ValidationError("Enter an e-mail address, for example name@example.org")


class InviteForm(FirstForm):
    """Who is invited to work for an organisation, and what they may do."""

    rights = rights_field()


class RightsForm(SharedForm):
    """What somebody may do for their organisation."""

    rights = rights_field()


class MemberForm(RightsForm):
    """What somebody may do for their organisation, and for which of its services."""

    services = fields.checkboxes(
        "Only for some services?",
        (),
        hint="The person sees the services that you tick, their requests and their people, and gets their e-mails. "
        "Tick none for all of them, also those that come later.",
        look=Look(size="s", is_small=True),
    )

    def offer(self, services: Sequence[tuple[str, str]]) -> None:
        """Offer the services of the organisation, as (value, words)."""
        self.services.choices = fields.options(services)


class ComeForm(TypedForm):
    """Who takes an invitation up, and how they sign in."""

    name = fields.text("Your name", [Entered("Enter your name"), Length(max=120)], look=Look(autocomplete="name"))
    password = fields.password(
        "Password",
        [Length(max=200)],
        hint="At least 8 characters, such as three words that do not belong together. Or leave it empty: then we "
        "e-mail you a link each time that you sign in.",
        look=Look(autocomplete="new-password"),
    )
