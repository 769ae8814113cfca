"""What a run says of one person, and what a broker decides about it: hold the place, reject it, take that back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid, NotFound
from placement.domain.holds import usual_hold
from placement.planning import deciding
from placement.planning import runs as planning
from placement.planning.run_table import RunRow, person_of, swap_words
from placement.records.runs import Proposal
from placement.web.access import current_actor
from placement.web.formatting import moment
from placement.web.forms.binding import show_error
from placement.web.forms.deciding import PlaceHoldForm, RuleOutForm
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.runs import newer_than, table_args
from placement.web.transactions import committing, now, reading


@blueprint.get("/runs/<int:run_id>/people/<int:referral_id>")
def run_person(run_id: int, referral_id: int) -> ResponseReturnValue:
    """Show what a run proposes for one person, who else wanted the place, or why there is none."""
    return _page(run_id, referral_id)


@blueprint.post("/runs/<int:run_id>/people/<int:referral_id>/hold")
def hold_proposal(run_id: int, referral_id: int) -> ResponseReturnValue:
    """Decide later: nobody else is given the place until then."""
    form = PlaceHoldForm()

    def hold(session: Any, proposal: Proposal) -> str:
        length = form.length.data
        held = deciding.hold_proposal(session, proposal, length=length, by=current_actor(), now=now())
        return f"{held.unit.service.name} is held for {held.referral.reference} until {moment(held.held_until)}."

    return _decided(run_id, referral_id, hold, form=form)


@blueprint.post("/runs/<int:run_id>/people/<int:referral_id>/reject")
def reject_proposal(run_id: int, referral_id: int) -> ResponseReturnValue:
    """Rule the place out for this person, with the reason."""
    form = RuleOutForm()

    def reject(session: Any, proposal: Proposal) -> str:
        said = {"reason": form.reason.data, "note": form.note.data or ""}
        deciding.reject_proposal(session, proposal, **said, by=current_actor(), now=now())
        return f"{proposal.unit.service.name} is not proposed for {proposal.referral.reference} any more."

    return _decided(run_id, referral_id, reject, form=form)


@blueprint.post("/runs/<int:run_id>/people/<int:referral_id>/reopen")
def reopen_proposal(run_id: int, referral_id: int) -> ResponseReturnValue:
    """Take a hold or a rejection back."""

    def reopen(session: Any, proposal: Proposal) -> str:
        deciding.reopen_proposal(session, proposal, by=current_actor(), now=now())
        return f"The proposal for {proposal.referral.reference} is to be decided again."

    return _decided(run_id, referral_id, reopen)


def row_href(run_id: int, referral_id: int, args: Mapping[str, Any]) -> str:
    """Return where a person's row stands in the table of a run."""
    return url_for("broker.run", run_id=run_id, _anchor=f"person-{referral_id}", **args)


def _decided(
    run_id: int, referral_id: int, do: Callable[[Any, Proposal], str], *, form: TypedForm | None = None
) -> ResponseReturnValue:
    if form is not None and not form.validate():
        return _page(run_id, referral_id, form)
    try:
        with committing() as session:
            told = do(session, _row(session, run_id, referral_id, proposed=True).proposal)  # type: ignore[arg-type]
    except Invalid as error:
        if form is None:
            raise
        show_error(form, error)
        return _page(run_id, referral_id, form)
    flash(told)
    return redirect(row_href(run_id, referral_id, table_args()))


def _row(session: Any, run_id: int, referral_id: int, *, proposed: bool = False) -> RunRow:
    found = planning.run(session, run_id, actor=current_actor())
    row = person_of(session, found, referral_id, actor=current_actor())
    if proposed and row.proposal is None:
        raise NotFound("There is no such proposal.")
    return row


def _page(run_id: int, referral_id: int, form: TypedForm | None = None) -> ResponseReturnValue:
    run = planning.run(reading(), run_id, actor=current_actor())
    row = _row(reading(), run_id, referral_id)
    forms: dict[str, Any] = {
        "hold": PlaceHoldForm(formdata=None, data={"length": usual_hold(row.referral.kind)}),
        "rule_out": RuleOutForm(formdata=None),
    }
    if form is not None:
        forms["hold" if isinstance(form, PlaceHoldForm) else "rule_out"] = form
    page = render_template(
        "broker/run_person.html",
        run=run,
        row=row,
        rivals=[(each.referral, swap_words(each.changes)) for each in row.proposal.rivals] if row.proposal else [],
        newest=newer_than(run),
        args=table_args(),
        back=row_href(run_id, referral_id, table_args()),
        error_form=form,
        **forms,
    )
    return page, 422 if form is not None else 200
