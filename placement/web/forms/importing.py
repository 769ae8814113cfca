"""Importing referrals: the file, and what becomes of its rows."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput

from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL
from placement.web.forms.typed_form import TypedForm


class ImportFileForm(TypedForm):
    """A file of referrals."""

    file = FileField(
        "Excel (.xlsx), OpenDocument (.ods), CSV or JSON file",
        [FileRequired("Choose a file")],
        description="At most 5,000 rows. Nothing is kept until you have looked at it and confirmed",
        widget=GovFileInput(),
    )


class ConfirmImportForm(TypedForm):
    """Drafts, or submitted where a row says enough."""

    what = fields.radios(
        "What should become of the rows without problems?",
        [
            ("drafts", "Drafts, to be finished one by one"),
            ("submitted", "Submitted where they say enough"),
        ],
        [Entered("Choose what should become of the rows")],
        look=SMALL,
    )
