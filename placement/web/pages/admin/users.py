"""Who may sign in: the list, adding somebody, and letting somebody in no more."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.domain.people import ROLE_LABELS, Role
from placement.records.accounts import add_user, deactivate_user, reactivate_user
from placement.records.invitations import invite
from placement.reports import sign_ins
from placement.web.access import current_actor
from placement.web.forms.admin import UserForm
from placement.web.forms.binding import show_error
from placement.web.pages.admin import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.get("/users")
def users() -> ResponseReturnValue:
    """List everybody with an account."""
    return render_template(
        "admin/users.html",
        page=sign_ins.users(reading(), at=place()),
        labels=ROLE_LABELS,
        myself=current_actor().user_id,
    )


@blueprint.route("/users/new", methods=["GET", "POST"])
def new_user() -> ResponseReturnValue:
    """Ask who the person is and what they do, and add them."""
    form = UserForm()
    form.offer(sign_ins.providers(reading()))
    if form.validate_on_submit() and _added(form):
        is_invited = not form.password.data
        flash(f"{form.name.data} {'is invited by e-mail' if is_invited else 'can sign in now'}.")
        return redirect(url_for("admin.users"))
    return render_template("admin/new_user.html", form=form), 422 if form.errors else 200


@blueprint.post("/users/<int(max=999999999):user_id>/deactivate")
def deactivate(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in no more."""
    with committing() as unit:
        user = deactivate_user(unit, user_id, by=current_actor(), now=now())
    flash(f"{user.name} is signed out everywhere and cannot sign in any more.")
    return redirect(url_for("admin.users"))


@blueprint.post("/users/<int(max=999999999):user_id>/reactivate")
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in again."""
    with committing() as unit:
        user = reactivate_user(unit, user_id, by=current_actor(), now=now())
    flash(f"{user.name} can sign in again.")
    return redirect(url_for("admin.users"))


def _added(form: UserForm) -> bool:
    try:
        with committing() as unit:
            if not form.password.data:
                invite(
                    unit,
                    email=form.email.data,
                    name=form.name.data,
                    role=Role(form.role.data),
                    provider_id=form.chosen_provider,
                    by=current_actor(),
                    now=now(),
                )
                return True
            add_user(
                unit,
                email=form.email.data,
                name=form.name.data,
                role=Role(form.role.data),
                password=form.password.data,
                provider_id=form.chosen_provider,
                by=current_actor(),
                now=now(),
            )
    except Invalid as error:
        show_error(form, error)
        return False
    return True
