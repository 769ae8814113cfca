"""Whom at the council a provider calls about new places."""

from __future__ import annotations

from wtforms.validators import Length

from placement.web.forms import fields, reached
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
    telephone = reached.telephone()
    email = reached.email()
    send = fields.submit("Save")
