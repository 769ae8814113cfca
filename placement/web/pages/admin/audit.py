"""The audit trail: who did what to which record, when."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.reports.audit_trail import audit_trail
from placement.web.forms.admin import AuditForm
from placement.web.pages.admin import blueprint
from placement.web.paging import place
from placement.web.transactions import reading


@blueprint.get("/audit")
def audit() -> ResponseReturnValue:
    """Show a page of lines, newest first, for the filters in the address."""
    form = AuditForm(request.args, data={"subject": ""})
    form.validate()
    filters = {name: value for name, value in _answers(form).items() if value not in ("", None)}
    page = audit_trail(
        reading(),
        subject=filters.get("subject", ""),
        subject_id=filters.get("number"),
        words=filters.get("words", ""),
        at=place(),
    )
    shown = render_template("admin/audit.html", form=form, page=page, filters=filters)
    return shown, 422 if form.errors else 200


def _answers(form: AuditForm) -> dict[str, Any]:
    """Return what was asked and can be."""
    answers = {"subject": form.subject.data, "number": form.number.data, "words": form.words.data or ""}
    return {name: value for name, value in answers.items() if not form[name].errors}
