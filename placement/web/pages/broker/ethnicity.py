"""What a person says of their ethnic group: asked once, by whoever speaks with them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import referrals
from placement.brokerage.ethnicity import answer_ethnicity
from placement.records.events import newest_line
from placement.records.referrals import Person
from placement.web.access import current_actor
from placement.web.forms.ethnicity import EthnicityForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/referrals/<int:referral_id>/ethnic-group", methods=["GET", "POST"])
def ethnicity(referral_id: int) -> ResponseReturnValue:
    """Show the person's own answer, and change it."""
    found = referrals.referral(reading(), referral_id, actor=current_actor())
    form = _form(found.person)
    if form.validate_on_submit():
        try:
            with committing() as session:
                person = referrals.referral(session, referral_id, actor=current_actor()).person
                session.refresh(person, with_for_update=True)
                form = _form(person)
                words = meet(form, other_save(newest_line(session, ("ethnicity_answered",), subject=person)))
                answer_ethnicity(session, person, form.ethnicity.data or None, by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        flash("The answer is kept. Providers do not see it, and no match reads it.")
        tell(words)
        return redirect(url_for("broker.referral", referral_id=referral_id))
    return render_template("broker/ethnicity.html", form=form, referral=found), 422 if form.errors else 200


def _form(person: Person) -> EthnicityForm:
    return EthnicityForm(data={"ethnicity": person.ethnicity or ""})
