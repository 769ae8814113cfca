"""Whom at the council a provider calls about new places."""

from __future__ import annotations

from wtforms.validators import Length

from placement.domain.contacts import LONGEST_EMAIL, LONGEST_TELEPHONE
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm

LONGEST_TEAM = 120


class CouncilContactForm(SharedForm):
    """A team and how it is reached."""

    team = fields.text(
        "Which team?",
        [
            Entered("Enter the name of a team"),
            Length(max=LONGEST_TEAM, message=f"Enter at most {LONGEST_TEAM} characters"),
        ],
        hint="A team stays when somebody leaves: give no name of a person.",
        look=Look(autocomplete="off"),
    )
    telephone = fields.text(
        "Telephone number (optional)",
        [Length(max=LONGEST_TELEPHONE, message=f"Enter at most {LONGEST_TELEPHONE} characters")],
        look=Look(width=20, type="tel", autocomplete="off"),
    )
    email = fields.text(
        "E-mail address (optional)",
        [Length(max=LONGEST_EMAIL, message=f"Enter at most {LONGEST_EMAIL} characters")],
        hint="A shared letterbox is better than one person’s.",
        look=Look(type="email", autocomplete="off", spellcheck=False),
    )
    send = fields.submit("Save")
