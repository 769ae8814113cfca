"""Team and sign-in: who signs in for the organisation, what each may do, whom to invite, and who leaves."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.domain.people import RIGHTS_LABELS, Rights
from placement.market.services import services
from placement.records import invitations, members
from placement.records.events import newest_line
from placement.records.second_steps import members_with_step
from placement.records.users import User
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.team import InviteForm, MemberForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading

CHANGES = ("rights_changed", "member_limited")


@blueprint.get("/team")
def team() -> ResponseReturnValue:
    """List who signs in for the organisation, and who is invited."""
    found = members.members(reading(), _own())
    return render_template(
        "provider/team.html",
        members=found,
        limits=members.limits(reading(), found),
        invited=invitations.open_invitations(reading(), _own()),
        with_step=members_with_step(reading(), _own()),
        labels=RIGHTS_LABELS,
        now=now(),
    )


@blueprint.route("/team/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Ask whom to invite, and invite them."""
    members.require_lead(current_actor())
    form = InviteForm(data={"rights": Rights.EDITOR.value})
    if form.validate_on_submit():
        try:
            with committing() as session:
                invitations.invite(
                    session,
                    email=form.email.data,
                    name=form.name.data,
                    provider_id=_own(),
                    rights=Rights(form.rights.data),
                    by=current_actor(),
                    now=now(),
                )
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"An invitation to {form.email.data} is on its way.")
            return redirect(url_for("provider.team"))
    return render_template("provider/invite.html", form=form), 422 if form.errors else 200


@blueprint.post("/team/invitations/<int:invitation_id>/again")
def invite_again(invitation_id: int) -> ResponseReturnValue:
    """Write another link to somebody who has not come yet."""
    with committing() as session:
        row = invitations.invitation(session, invitation_id, by=current_actor())
        invitations.invite_again(session, row, by=current_actor(), now=now())
        email = row.email
    flash(f"Another link is on its way to {email}. The one before opens nothing any more.")
    return redirect(url_for("provider.team"))


@blueprint.post("/team/invitations/<int:invitation_id>/withdraw")
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Let somebody not come who is invited."""
    with committing() as session:
        row = invitations.invitation(session, invitation_id, by=current_actor())
        invitations.withdraw_invitation(session, row, by=current_actor(), now=now())
        email = row.email
    flash(f"The invitation to {email} opens nothing any more.")
    return redirect(url_for("provider.team"))


@blueprint.route("/team/<int:member_id>", methods=["GET", "POST"])
def member(member_id: int) -> ResponseReturnValue:
    """Show what somebody may do, and change it."""
    found = members.member(reading(), member_id, by=current_actor())
    members.require_lead(current_actor())
    form = _member_form(reading(), found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = members.member(session, member_id, by=current_actor())
                form = _member_form(session, kept)  # what is stored by now beside what was typed
                words = meet(form, other_save(newest_line(session, CHANGES, subject=kept)))
                members.set_rights(session, member_id, Rights(form.rights.data), by=current_actor(), now=now())
                chosen = [int(each) for each in form.services.data or ()]
                members.limit_member(session, member_id, chosen, by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"{found.name}: the change is saved.")
            tell(words)
            return redirect(url_for("provider.team"))
    page = render_template("provider/member.html", member=found, form=form, myself=current_actor().user_id)
    return page, 422 if form.errors else 200


@blueprint.post("/team/<int:member_id>/remove")
def remove_member(member_id: int) -> ResponseReturnValue:
    """Let somebody who leaves sign in no more."""
    with committing() as session:
        gone = members.remove_member(session, member_id, by=current_actor(), now=now())
    flash(f"{gone.name} is signed out everywhere and cannot sign in any more. What they have begun stays.")
    return redirect(url_for("provider.team"))


def _member_form(session: Any, found: User) -> MemberForm:
    own = services(session, actor=current_actor())
    limit = members.limits(session, [found]).get(found.id, [])
    form = MemberForm(data={"rights": found.rights.value, "services": [str(each) for each in limit]})
    form.offer([(str(each.id), each.name) for each in own])
    return form


def _own() -> int:
    provider_id = current_actor().provider_id
    assert provider_id is not None  # the blueprint's guard lets nobody else in
    return provider_id
