"""The second and third step: look at what the register knows, say what is missing, and invite the first person."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.people import RIGHTS_LABELS, Rights
from placement.market import services as market
from placement.market.onboarding import FoundLocation, add_first_unit, found_service, is_unnamed, name_provider
from placement.records.events import newest_line
from placement.records.invitations import invite as send_invitation
from placement.records.invitations import open_invitations
from placement.records.join_requests import answer_request, join_request
from placement.records.members import members
from placement.reports.sign_ins import provider as provider_with_id
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.onboarding import MissingForm
from placement.web.forms.team import FirstForm
from placement.web.meeting import BothChanged, both_page, meet, other_save
from placement.web.pages.onboarding import blueprint
from placement.web.pages.onboarding.finding import asked, step
from placement.web.transactions import committing, now, reading


@blueprint.route("/services/<int:service_id>", methods=["GET", "POST"])
def confirm(service_id: int) -> ResponseReturnValue:
    """Show a location as the register has it, and ask for what is missing."""
    found = _found(service_id)
    form = _form(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                service = market.service(session, service_id, actor=current_actor())
                market.lock_service(session, service)
                kept = found_service(session, service, on=today(now()))
                form = _form(kept)  # what is stored by now stands in it beside what was typed
                meet(form, other_save(newest_line(session, ("contact_changed",), subject=service)))
                telephone, email = form.telephone.data or "", form.email.data or ""
                market.set_contact(session, service, telephone=telephone, email=email, by=current_actor(), now=now())
                if form.organisation:
                    name_provider(session, kept.provider, form.organisation.data, by=current_actor(), now=now())
                if form.places:
                    add_first_unit(session, service, form.places.data, by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(step("onboarding.invite", provider_id=found.provider.id))
    return render_template("onboarding/confirm.html", found=found, form=form), 422 if form.errors else 200


@blueprint.route("/providers/<int:provider_id>/invite", methods=["GET", "POST"])
def invite(provider_id: int) -> ResponseReturnValue:
    """Invite the organisation's lead, who invites everybody else."""
    provider, number = provider_with_id(reading(), provider_id), asked()
    request = join_request(reading(), number) if number else None
    form = FirstForm(data={"name": request.name, "email": request.email} if request else None)
    if form.validate_on_submit():
        try:
            with committing() as session:
                send_invitation(
                    session,
                    email=form.email.data,
                    name=form.name.data,
                    provider_id=provider_id,
                    rights=Rights.LEAD,
                    by=current_actor(),
                    now=now(),
                )
                if number:
                    answer_request(session, number, is_welcome=True, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"An invitation to {form.email.data} is on its way. {provider.name} can begin.")
            return redirect(url_for("onboarding.find"))
    page = render_template(
        "onboarding/invite.html",
        provider=provider,
        form=form,
        members=members(reading(), provider_id),
        invited=open_invitations(reading(), provider_id),
        labels=RIGHTS_LABELS,
    )
    return page, 422 if form.errors else 200


def _found(service_id: int) -> FoundLocation:
    return found_service(reading(), market.service(reading(), service_id, actor=current_actor()), on=today(now()))


def _form(found: FoundLocation) -> MissingForm:
    service = found.service
    form = MissingForm(data={"telephone": service.telephone, "email": service.email, "places": service.cqc_beds})
    if not is_unnamed(found.provider):
        del form.organisation
    if service.units:
        del form.places
    return form
