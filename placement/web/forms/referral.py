"""What kind of place a referral asks for, and why it is withdrawn; the forms of its sections stand in their files."""

from __future__ import annotations

from wtforms.validators import Length

from placement.brokerage.pen_pictures import LONGEST_PEN_PICTURE
from placement.domain.kinds import KINDS
from placement.records.searches import LONGEST
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import MEDIUM, Look
from placement.web.forms.typed_form import TypedForm

WITHDRAWALS = (
    ("not_needed", "No longer needed"),
    ("went_home", "Went home or stayed at home with support"),
    ("hospital", "Went into hospital"),
    ("died", "The person died"),
    ("duplicate", "Entered twice"),
    ("other", "Another reason"),
)


class KindForm(TypedForm):
    """What kind of place. It stands before the person, so its error is the first in the summary too."""

    kind = fields.radios(
        "What kind of place is needed?",
        [(kind.slug, kind.label) for kind in KINDS],
        [Entered("Choose what kind of place is needed")],
        hints={kind.slug: kind.hint for kind in KINDS},
        look=MEDIUM,
    )


class PenPictureForm(TypedForm):
    """A few lines on which a search begins."""

    words = fields.area(
        "What does the person need?",
        [
            Entered("Enter a few lines about what the person needs"),
            Length(max=LONGEST_PEN_PICTURE, message=f"Enter at most {LONGEST_PEN_PICTURE:,} characters"),
        ],
        "A few lines, for brokerage only. Providers do not see them",
        look=Look(size="s", rows=5),
    )


class FindForm(TypedForm):
    """What to look for among all referrals."""

    words = fields.text(
        "Find a referral",
        [Entered("Enter what to look for"), Length(max=LONGEST, message=f"Enter at most {LONGEST} characters")],
        "By reference, name, case number or service; closed and withdrawn ones too",
        look=Look(type="search", autocomplete="off", spellcheck=False),
    )


class WithdrawForm(TypedForm):
    """Why a referral ends without a place."""

    reason = fields.radios(
        "Why is it withdrawn?",
        WITHDRAWALS,
        [Entered("Choose why it is withdrawn")],
        look=Look(size="l", is_heading=True),
    )
