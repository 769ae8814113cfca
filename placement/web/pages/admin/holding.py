"""Holding places back: how many points a stay of each kind of referral may cost."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.planning.price_limits import costs_now
from placement.records.events import newest_line
from placement.records.prices import locked_price_limits, newest_prices, price_limits, set_price_limits
from placement.web.access import current_actor
from placement.web.forms.admin import PriceLimitForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/holding", methods=["GET", "POST"])
def holding() -> ResponseReturnValue:
    """Show what a limit would do now, and set the limits."""
    form = PriceLimitForm(data=price_limits(reading()))
    if form.validate_on_submit():
        try:
            with committing() as unit:
                form = PriceLimitForm(data=locked_price_limits(unit))  # what is stored by now beside what was typed
                words = meet(form, other_save(newest_line(unit, ("price_limit_set",))))
                changed = set_price_limits(unit, form.limits, by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        flash("The limits are saved and count from now on." if changed else "Nothing has changed.")
        tell(words)
        return redirect(url_for("admin.holding"))
    form.tell(costs_now(reading(), now=now()), price_limits(reading()))
    page = render_template("admin/holding.html", form=form, newest=newest_prices(reading(), today(now())))
    return page, 422 if form.errors else 200
