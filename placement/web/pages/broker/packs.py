"""Giving a provider the details of the person that it takes, and taking them back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import packs
from placement.brokerage import placements as brokerage
from placement.brokerage.attachments import attachments_of
from placement.brokerage.identified import identified
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.packs import PackForm
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/placements/<int:placement_id>/details", methods=["GET", "POST"])
def details(placement_id: int) -> ResponseReturnValue:
    """Show what a provider would read of a person, and give it."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    form = PackForm(data={"last_day": packs.usual_last_day(reading(), found, now=now())})
    form.offer_files(attachments_of(reading(), found.referral))
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = brokerage.placement(session, placement_id, actor=current_actor())
                packs.give_pack(session, kept, form.giving(), by=current_actor(), now=now())
            flash("The provider can read the person’s details, and has been told.")
            return redirect(url_for("broker.details", placement_id=placement_id))
        except Invalid as error:
            show_error(form, error)
    return _details_page(placement_id, form)


@blueprint.post("/placements/<int:placement_id>/details/take-back")
def take_details_back(placement_id: int) -> ResponseReturnValue:
    """Let the provider read the details no longer."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        packs.take_pack_back(session, found, by=current_actor(), now=now())
    flash("The provider can read the person’s details no longer. What it has written down or saved it keeps.")
    return redirect(url_for("broker.details", placement_id=placement_id))


def _details_page(placement_id: int, form: PackForm) -> ResponseReturnValue:
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    page = render_template(
        "broker/details.html",
        form=form,
        placement=found,
        who=identified(found, day=today(now())),
        pack=packs.pack_of(reading(), found),
        openings=packs.openings_of(reading(), found),
    )
    return page, 422 if form.errors else 200
