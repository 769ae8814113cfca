"""Importing from a file: referrals, and vacancy numbers."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import HiddenField

from placement.sheets.formats import ALLOWED_SHEETS
from placement.sheets.limits import MEGABYTE, MOST_BYTES, MOST_ROWS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
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


class NumbersFileForm(TypedForm):
    """A file of vacancy numbers."""

    file = FileField(
        f"{ALLOWED_SHEETS} file",
        [FileRequired("Choose a file")],
        description=f"At most {MOST_BYTES // MEGABYTE} MB and {MOST_ROWS:,} rows. Nothing is saved until you have seen "
        "what it changes",
        widget=GovFileInput(),
    )


class ConfirmNumbersForm(TypedForm):
    """That the numbers of a file are to be stored as they were shown, and whether the others are right as well."""

    mark = HiddenField()
    same = fields.checkbox("The numbers that do not change are right as well", look=Look(is_small=True))
