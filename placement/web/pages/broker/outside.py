"""Places outside the city: signing them off, telling the host council, and the list of those who wait to come back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import outside
from placement.brokerage import placements as brokerage
from placement.brokerage.ways_back import look_for_way_back
from placement.brokerage.ways_back import return_list as return_list_of
from placement.domain.errors import Invalid
from placement.geography.authorities import SOCIAL_CARE_AUTHORITY, authority_name
from placement.records.settings import number
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.placement import SendBackForm
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.route("/placements/<int:placement_id>/sign-off", methods=["GET", "POST"])
def sign_off(placement_id: int) -> ResponseReturnValue:
    """Show what a manager is to sign off, and sign it off."""
    form = SendBackForm(formdata=None)
    if form.is_submitted():
        with committing() as session:
            found = brokerage.placement(session, placement_id, actor=current_actor())
            outside.sign_off(session, found, by=current_actor(), now=now())
        flash("The place is signed off.")
        return redirect(url_for("broker.placement", placement_id=placement_id))
    return _sign_off_page(placement_id, form)


@blueprint.post("/placements/<int:placement_id>/send-back")
def send_back(placement_id: int) -> ResponseReturnValue:
    """Do not sign a place off, and say why."""
    form = SendBackForm()
    if form.validate():
        try:
            with committing() as session:
                found = brokerage.placement(session, placement_id, actor=current_actor())
                outside.send_back(session, found, form.words.data, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("Brokerage is told why, and decides again.")
            return redirect(url_for("broker.placement", placement_id=placement_id))
    return _sign_off_page(placement_id, form)


@blueprint.route("/placements/<int:placement_id>/host-council", methods=["GET", "POST"])
def host_council(placement_id: int) -> ResponseReturnValue:
    """Show the letter to the council in whose area the place lies, and note that it has gone."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    form = SendBackForm(formdata=None)
    if form.is_submitted():
        with committing() as session:
            kept = brokerage.placement(session, placement_id, actor=current_actor())
            outside.host_notified(session, kept, by=current_actor(), now=now())
        flash("It is noted that the host council has been told.")
        return redirect(url_for("broker.placement", placement_id=placement_id))
    authority = found.unit.service.authority
    host = SOCIAL_CARE_AUTHORITY.get(authority, authority)
    name = "Warwickshire" if host != authority else authority_name(host)
    return render_template("broker/host_council.html", placement=found, host=name)


@blueprint.get("/return-list")
def return_list() -> ResponseReturnValue:
    """Show everybody who lives outside the city and did not choose to."""
    page = return_list_of(reading(), at=place(), actor=current_actor())
    return render_template("broker/return_list.html", page=page, hours=number(reading(), "first_refusal_hours"))


@blueprint.post("/placements/<int:placement_id>/way-back")
def way_back(placement_id: int) -> ResponseReturnValue:
    """Refer somebody back to the city."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        back = look_for_way_back(session, found, by=current_actor(), now=now())
        referral_id, reference = back.id, back.reference
    flash(f"{reference} looks for a way back. It is in every match run from now on.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


def _sign_off_page(placement_id: int, form: SendBackForm) -> ResponseReturnValue:
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    may = any(each.id == current_actor().user_id for each in outside.managers(reading()))
    page = render_template("broker/sign_off.html", placement=found, form=form, may=may)
    return page, 422 if form.errors else 200
