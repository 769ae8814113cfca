"""What the council says of a claim: verified or not confirmed, and why."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import Length

from placement.domain.claims import VERDICT_LABELS
from placement.market.claims import LONGEST_NOTE
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm


class ClaimForm(TypedForm):
    """One ruling. `seen` is the number of the newest one that its page showed."""

    verdict = fields.radios(
        "Can this service do it?",
        [(verdict.value, label) for verdict, label in VERDICT_LABELS.items()],
        [Entered("Choose whether this is verified")],
        look=Look(size="s", is_small=True),
    )
    note = fields.area(
        "What you have seen, or what is missing",
        [
            Entered("Say what you have seen, or what is missing"),
            Length(max=LONGEST_NOTE, message=f"Enter at most {LONGEST_NOTE} characters"),
        ],
        "The provider reads this. Do not write anybody’s name",
        look=Look(size="s", rows=3),
    )
    seen = HiddenField()
