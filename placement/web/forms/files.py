"""Choosing a file to be kept with a referral."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput

from placement.domain.files import ALLOWED
from placement.web.forms.typed_form import TypedForm


class AddFileForm(TypedForm):
    """One file."""

    file = FileField(
        "Add a file",
        [FileRequired("Choose a file")],
        description=f"{ALLOWED}. Providers do not see it unless you give it to them",
        widget=GovFileInput(),
    )
