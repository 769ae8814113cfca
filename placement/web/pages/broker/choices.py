"""The person's choice: options to give, a sheet as it was given, what was chosen, and taking a sheet back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import choices as brokerage
from placement.brokerage.choices import reach
from placement.brokerage.referrals import referral as referral_with
from placement.domain.choices import CHOOSER
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.states import OPEN, SheetState
from placement.planning.choices import PossibleOption, chosen_options, possible_options
from placement.records.events import timeline
from placement.records.pages import ROWS
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.choices import OptionsForm, RecordChoiceForm, TakeBackForm
from placement.web.forms.hidden import first_id
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.series import to_series
from placement.web.transactions import committing, now, reading

SHOWN = 12
"""How many places are shown before somebody asks for more; then it is a page of them."""


@blueprint.route("/referrals/<int:referral_id>/options", methods=["GET", "POST"])
def options(referral_id: int) -> ResponseReturnValue:
    """Choose which places the person is offered, and keep the sheet as it stands at this moment."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    if away := to_series(found):
        return away
    possible = possible_options(reading(), found, now=now())
    form = OptionsForm() if request.method == "POST" else OptionsForm(formdata=None, data=_ticked(possible))
    form.offer([(str(each.facts.unit_id), each.facts.service_name) for each in possible])
    if form.validate_on_submit():
        given = chosen_options(possible, form.chosen())
        try:
            with committing() as session:
                again = referral_with(session, referral_id, actor=current_actor())
                why = form.all_the_same()
                sheet = brokerage.give_options(session, again, given, all_the_same=why, by=current_actor(), now=now())
                session.flush()
                sheet_id = sheet.id
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The sheet is kept as it stands now. Give it to the person, on paper or on a screen.")
            return redirect(url_for("broker.sheet", sheet_id=sheet_id))
    page = render_template(
        "broker/options.html", form=form, referral=found, is_open=found.state in OPEN, **_shown(possible, form)
    )
    return page, 422 if form.errors else 200


def _ticked(possible: Sequence[PossibleOption]) -> dict[str, Any]:
    """Return the boxes that are ticked at first: what is suggested, and the unit that is named in the address."""
    wanted = first_id(request.args.get("unit"))
    return {"units": [str(each.facts.unit_id) for each in possible if each.is_suggested or each.unit.id == wanted]}


def _shown(possible: Sequence[PossibleOption], form: OptionsForm) -> dict[str, Any]:
    """Return which places the page shows: the first ones and what is ticked, or all; and what none of them is."""
    first, ticked = ROWS if request.args.get("all") == "1" else SHOWN, set(form.chosen())
    rows = [each for place, each in enumerate(possible) if place < first or each.unit.id in ticked]
    facts = [each.facts for each in possible]
    more = min(len(possible), ROWS) if first == SHOWN and len(possible) > len(rows) else 0
    return {"rows": rows, "total": len(possible), "more": more, "reach": reach(facts)} | {
        "within_reach": sum(each.is_within_reach for each in facts)
    }


@blueprint.get("/sheets/<int:sheet_id>")
def sheet(sheet_id: int) -> ResponseReturnValue:
    """Show one sheet: what was given, whether that meets the regulations, and what was chosen."""
    found = brokerage.sheet(reading(), sheet_id, actor=current_actor())
    return render_template(
        "broker/sheet.html",
        sheet=found,
        reach=reach(found.options),
        is_standing=found.state is not SheetState.WITHDRAWN,
        lines=timeline(reading(), found, actor=current_actor()),
    )


@blueprint.route("/sheets/<int:sheet_id>/choice", methods=["GET", "POST"])
def record_choice(sheet_id: int) -> ResponseReturnValue:
    """Write down what was chosen from a sheet, by whom and how."""
    found = brokerage.sheet(reading(), sheet_id, actor=current_actor())
    form = RecordChoiceForm(data={"seen": len(found.choices), "chosen_on": today(now())})
    form.offer(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept, seen = brokerage.sheet(session, sheet_id, actor=current_actor()), first_id(form.seen.data) or 0
                choice = brokerage.record_choice(session, kept, form.choice(), seen=seen, by=current_actor(), now=now())
                who, is_place = CHOOSER[choice.chooser].label, choice.position is not None
                referral_id = kept.referral_id
        except Invalid as error:
            show_error(form, error)
        else:
            chose = "The choice is recorded" if is_place else "It is recorded that none of the places was chosen"
            flash(f"{chose}: {who[0].lower()}{who[1:]}.")
            return redirect(url_for("broker.referral", referral_id=referral_id))
    return render_template("broker/record_choice.html", form=form, sheet=found), 422 if form.errors else 200


@blueprint.route("/sheets/<int:sheet_id>/withdraw", methods=["GET", "POST"])
def withdraw_sheet(sheet_id: int) -> ResponseReturnValue:
    """Take a sheet back, with a reason; it stays on record."""
    found = brokerage.sheet(reading(), sheet_id, actor=current_actor())
    form = TakeBackForm()
    if form.validate_on_submit():
        with committing() as session:
            kept = brokerage.sheet(session, sheet_id, actor=current_actor())
            brokerage.withdraw_sheet(session, kept, reason=form.reason.data, by=current_actor(), now=now())
        flash("The sheet is withdrawn. It stays on record, and nothing chosen from it counts.")
        return redirect(url_for("broker.sheet", sheet_id=sheet_id))
    return render_template("broker/withdraw_sheet.html", form=form, sheet=found), 422 if form.errors else 200
