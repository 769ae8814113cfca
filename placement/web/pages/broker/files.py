"""The files of a referral: adding, downloading and removing them. They are brokerage's alone."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO

from flask import flash, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.attachments import attach, attachment, content_of, remove
from placement.brokerage.referrals import referral as referral_with
from placement.domain.errors import Invalid
from placement.domain.files import FILE_KIND, MEGABYTE
from placement.domain.states import ReferralState
from placement.web.access import current_actor
from placement.web.extensions import config, file_store
from placement.web.forms.binding import show_error
from placement.web.forms.files import AddFileForm
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.referrals import referral_page
from placement.web.transactions import committing, now, reading


@blueprint.post("/referrals/<int:referral_id>/files")
def add_file(referral_id: int) -> ResponseReturnValue:
    """Keep a file with a referral."""
    form = AddFileForm()
    if form.validate():
        try:
            _keep(referral_id, form)
        except Invalid as error:
            if _is_draft(referral_id):  # its page asks for what is missing and holds no other form
                flash(str(error))
                return redirect(url_for("broker.check_answers", referral_id=referral_id))
            show_error(form, error)
        else:
            flash("The file is kept.")
            return redirect(url_for("broker.referral", referral_id=referral_id, _anchor="files"))
    return referral_page(referral_id, file=form)


@blueprint.get("/files/<int:file_id>")
def download(file_id: int) -> ResponseReturnValue:
    """Send a file to be saved: no browser shows it as a page of ours."""
    found = attachment(reading(), file_id, actor=current_actor())
    content = content_of(file_store(), found)
    g.is_sandboxed = True
    return send_file(
        BytesIO(content), mimetype=FILE_KIND[found.kind].content_type, as_attachment=True, download_name=found.name
    )


@blueprint.post("/files/<int:file_id>/remove")
def remove_file(file_id: int) -> ResponseReturnValue:
    """Remove a file from a referral."""
    with committing() as session:
        found = attachment(session, file_id, actor=current_actor())
        referral_id = found.referral_id
        remove(session, found, by=current_actor(), now=now())
    flash("The file is removed.")
    return redirect(url_for("broker.referral", referral_id=referral_id, _anchor="files"))


def _is_draft(referral_id: int) -> bool:
    return referral_with(reading(), referral_id, actor=current_actor()).state is ReferralState.DRAFT


def _keep(referral_id: int, form: AddFileForm) -> None:
    with closing(form.file.data) as sent:
        content = sent.read()
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        attach(
            session,
            file_store(),
            found,
            name=form.file.data.filename or "",
            content=content,
            most_bytes=config().file_megabytes * MEGABYTE,
            by=current_actor(),
            now=now(),
        )
