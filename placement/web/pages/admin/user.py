"""One person who signs in: what they do, where they work, what they may, and another password."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.domain.errors import Invalid
from placement.domain.people import ROLE_LABELS, Rights, Role
from placement.records import accounts
from placement.records.events import newest_line
from placement.records.members import set_rights
from placement.records.second_steps import has_second_step, remove_second_step
from placement.records.teams import add_team, set_hand
from placement.records.users import User
from placement.reports import sign_ins
from placement.web.access import current_actor
from placement.web.forms.admin import HandForm, ResetForm, RoleForm, TeamForm
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import NothingAskedForm
from placement.web.forms.team import RightsForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now, reading

STEPS: dict[str, type[FlaskForm]] = {
    "role": RoleForm,
    "hand": HandForm,
    "password": ResetForm,
    "rights": RightsForm,
    "code": NothingAskedForm,
}

EDITS = {"role": ("role_changed",), "rights": ("rights_changed",), "hand": ("team_changed", "manager_right_changed")}


@blueprint.route("/users/<int:user_id>", methods=["GET", "POST"])
def user(user_id: int) -> ResponseReturnValue:
    """Show somebody with an account, and change one thing about them."""
    found = sign_ins.user(reading(), user_id)
    step = request.form.get("step", "") if request.method == "POST" else ""
    forms = {name: _filled(name, found, is_sent=name == step) for name in STEPS}
    form = forms.get(step)
    if form is not None and form.validate():
        try:
            with committing() as session:
                kept = accounts.locked_user(session, user_id)
                form = forms[step] = _filled(step, kept, is_sent=True)  # what is stored by now beside what was typed
                words = meet(form, other_save(newest_line(session, EDITS[step], subject=kept))) if step in EDITS else ""
                _change(session, user_id, step, form)
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"{found.name}: the change is saved.")
            tell(words)
            return redirect(url_for("admin.user", user_id=user_id))
    page = render_template(
        "admin/user.html",
        user=found,
        forms=forms,
        wrong=form,
        labels=ROLE_LABELS,
        has_step=has_second_step(reading(), user_id),
    )
    return page, 422 if form is not None else 200


@blueprint.route("/teams", methods=["GET", "POST"])
def teams() -> ResponseReturnValue:
    """List the teams of brokerage and who works in them, and add one."""
    form = TeamForm()
    if form.validate_on_submit():
        try:
            with committing() as session:
                added = add_team(session, form.name.data, by=current_actor(), now=now())
                name = added.name
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"The team {name} is added.")
            return redirect(url_for("admin.teams"))
    page = render_template("admin/teams.html", form=form, teams=sign_ins.teams(reading()))
    return page, 422 if form.errors else 200


def _filled(step: str, found: User, *, is_sent: bool) -> FlaskForm:
    now_is = {
        "role": {"role": found.role.value, "provider_id": str(found.provider_id or "")},
        "hand": {"team": str(found.team_id or ""), "is_manager": found.is_manager},
        "rights": {"rights": found.rights.value},
        "password": {},
        "code": {},
    }
    form = STEPS[step](data=now_is[step]) if is_sent else STEPS[step](formdata=None, data=now_is[step])
    if isinstance(form, RoleForm):
        form.offer(sign_ins.providers(reading()))
    if isinstance(form, HandForm):
        form.offer([team for team, _ in sign_ins.teams(reading())])
    return form


def _change(session: Any, user_id: int, step: str, form: FlaskForm) -> None:
    by = current_actor()
    match step:
        case "role":
            role = Role(form.role.data)
            accounts.change_role(session, user_id, role, provider_id=form.chosen_provider, by=by, now=now())
        case "hand":
            team = int(form.team.data) if form.team.data else None
            set_hand(session, user_id, team_id=team, is_manager=bool(form.is_manager.data), by=by, now=now())
        case "rights":
            set_rights(session, user_id, Rights(form.rights.data), by=by, now=now())
        case "code":
            remove_second_step(session, user_id, by=by, now=now())
        case "password":
            accounts.reset_password(session, user_id, form.password.data, by=by, now=now())
