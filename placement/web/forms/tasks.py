"""What brokerage notes to do, and why it need not be done."""

from __future__ import annotations

from wtforms.validators import Length

from placement.brokerage.tasks import LONGEST_WORDS
from placement.domain.reasons import DISMISSALS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm


class FollowUpForm(TypedForm):
    """What to come back to, and on which day."""

    words = fields.text(
        "What is to be done?",
        [Entered("Enter what is to be done"), Length(max=LONGEST_WORDS, message="Enter at most 200 characters")],
        "For example, ring the ward about the discharge date",
        look=SMALL,
    )
    on = fields.day("On which day?", [Entered("Enter the day")], look=SMALL)


class ReferralFollowUpForm(FollowUpForm):
    """The same of a referral: about it, or about its person whatever becomes of it."""

    about = fields.radios(
        "About what?",
        [("referral", "This referral"), ("person", "The person, whichever referral it is")],
        default="referral",
        look=Look(size="s", is_small=True),
    )


class DismissForm(TypedForm):
    """Why a task need not be done."""

    reason = fields.radios(
        "Why need it not be done?",
        [(reason.slug, reason.label) for reason in DISMISSALS],
        [Entered("Choose why it need not be done")],
        look=Look(size="s", is_small=True),
    )


class DismissSomeForm(TypedForm):
    """Why the ticked tasks need not be done."""

    reason = fields.select(
        "Why need they not be done?",
        [("", "Choose"), *((reason.slug, reason.label) for reason in DISMISSALS)],
        [Entered("Choose why they need not be done")],
        look=SMALL,
    )
