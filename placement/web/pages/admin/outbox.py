"""Messages: what waits, what has gone out, and what could not be sent."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.states import MessageState
from placement.records import outbox as records
from placement.web.access import current_actor
from placement.web.pages.admin import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.get("/outbox")
def outbox() -> ResponseReturnValue:
    """Show the messages in one state; at first those that could not be sent, if there are any."""
    counts = records.message_counts(reading())
    first = MessageState.PARKED if counts[MessageState.PARKED] else MessageState.WAITING
    state = next((each for each in MessageState if each.value == request.args.get("show")), first)
    page = records.messages_page(reading(), state, at=place())
    return render_template("admin/outbox.html", page=page, state=state, counts=counts)


@blueprint.post("/outbox/<int:message_id>/again")
def send_again(message_id: int) -> ResponseReturnValue:
    """Let a parked message be sent again."""
    with committing() as session:
        records.try_again(session, records.message(session, message_id), by=current_actor(), now=now())
    flash("The message waits to be sent again.")
    return redirect(url_for("admin.outbox"))


@blueprint.post("/outbox/<int:message_id>/drop")
def drop_message(message_id: int) -> ResponseReturnValue:
    """Do not send a message any more."""
    with committing() as session:
        records.drop(session, records.message(session, message_id), by=current_actor(), now=now())
    flash("The message is dropped.")
    return redirect(url_for("admin.outbox"))
