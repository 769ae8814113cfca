"""How somebody is reached, as every form asks it: a telephone number and an e-mail address; either may be empty."""

from __future__ import annotations

from typing import Any

from wtforms.validators import Length

from placement.domain.contacts import LONGEST_EMAIL, LONGEST_TELEPHONE
from placement.web.forms import fields
from placement.web.forms.looks import Look


def telephone(label: str = "Telephone number (optional)") -> Any:
    """Return the question for a telephone number."""
    longest = Length(max=LONGEST_TELEPHONE, message=f"Enter at most {LONGEST_TELEPHONE} characters")
    return fields.text(label, [longest], look=Look(width=20, type="tel", autocomplete="off"))


def email() -> Any:
    """Return the question for the e-mail address of a service or a team."""
    longest = Length(max=LONGEST_EMAIL, message=f"Enter at most {LONGEST_EMAIL} characters")
    look = Look(type="email", autocomplete="off", spellcheck=False)
    return fields.text(
        "E-mail address (optional)", [longest], hint="A shared letterbox is better than one person’s.", look=look
    )
