"""What a broker gives a provider of who a person is."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.validators import Length

from placement.brokerage.packs import MOST_CHARACTERS, Giving
from placement.records.attachments import Attachment
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm


class PackForm(TypedForm):
    """Which files, what else the provider should know, and until when."""

    files = fields.checkboxes("Which files?", [], look=Look(size="s", is_small=True))
    note = fields.area(
        "What else should the provider know? (optional)",
        [Length(max=MOST_CHARACTERS, message=f"Enter at most {MOST_CHARACTERS:,} characters")],
        "For example how the person likes to be greeted, or whom to ring on the first day",
        look=Look(size="s", rows=4),
    )
    last_day = fields.day("Last day on which it can be read", [Entered("Enter the last day")], look=SMALL)

    def offer_files(self, files: Sequence[Attachment]) -> None:
        """Fill in the files of the referral; without any, nothing is asked."""
        self.files.choices = fields.options([(str(each.id), each.name) for each in files])
        if not files:
            del self.files

    def giving(self) -> Giving:
        """Return what is given, as the action judges it."""
        chosen = self.files.data if self.files else ()
        return Giving(
            note=self.note.data or "",
            files=[int(each) for each in chosen or ()],
            last_day=self.last_day.data,
        )
