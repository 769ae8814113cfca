"""Who asks to join: what they typed beside what the register has, a yes that goes on to the steps, and a no."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.market.onboarding import service_of_location
from placement.records.join_requests import answer_request, join_request
from placement.web.access import current_actor
from placement.web.pages.onboarding import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.get("/requests/<int:request_id>")
def joining(request_id: int) -> ResponseReturnValue:
    """Show what somebody has asked."""
    asked = join_request(reading(), request_id)
    known = service_of_location(reading(), asked.cqc_location_id)
    return render_template("onboarding/joining.html", asked=asked, known=known)


@blueprint.post("/requests/<int:request_id>/decline")
def decline(request_id: int) -> ResponseReturnValue:
    """Say no; who asked is told by mail."""
    with committing() as session:
        asked = answer_request(session, request_id, is_welcome=False, by=current_actor(), now=now())
        name = asked.name
    flash(f"{name} is told by e-mail that this cannot be taken up.")
    return redirect(url_for("onboarding.find"))
