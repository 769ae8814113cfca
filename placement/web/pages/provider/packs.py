"""Reading who a person is, once brokerage has given the details: each opening is noted by name."""

from __future__ import annotations

from io import BytesIO

from flask import g, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import packs
from placement.brokerage import placements as brokerage
from placement.brokerage.attachments import content_of
from placement.brokerage.identified import identified
from placement.domain.clocks import today
from placement.domain.files import FILE_KIND
from placement.web.access import current_actor
from placement.web.extensions import file_store
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.people import person_row
from placement.web.transactions import committing, now, reading


@blueprint.get("/placements/<int:placement_id>/person")
def person(placement_id: int) -> ResponseReturnValue:
    """Show who comes, or lives there, to somebody who has just opened it; to anybody else, what opening it means."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    opened = packs.opened_pack(reading(), found, by=current_actor(), now=now())
    return render_template(
        "provider/person.html",
        person=person_row(found),
        can_be_read=packs.readable_pack(reading(), found, now=now()) is not None,
        pack=opened,
        who=identified(found, day=today(now())) if opened else None,
    )


@blueprint.post("/placements/<int:placement_id>/person")
def open_person(placement_id: int) -> ResponseReturnValue:
    """Open the details of a person, which is noted."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        packs.open_pack(session, found, by=current_actor(), now=now())
    return redirect(url_for("provider.person", placement_id=placement_id))


@blueprint.post("/person-files/<int:given_file_id>")
def save_file(given_file_id: int) -> ResponseReturnValue:
    """Send a file of the details that are open, which is noted."""
    with committing() as session:
        file = packs.save_file(session, given_file_id, by=current_actor(), now=now())
        content, kind, name = content_of(file_store(), file), file.kind, file.name
    g.is_sandboxed = True
    sent = FILE_KIND[kind].content_type
    return send_file(BytesIO(content), mimetype=sent, as_attachment=True, download_name=name)
