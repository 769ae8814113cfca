"""Signing in by a link that is e-mailed. Nobody learns here whether an address has an account.

Looking at the link's page changes nothing, so that whoever looks at mail before its reader does not use it up.
"""

from __future__ import annotations

from contextlib import suppress

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import NotFound, TooManyTries
from placement.records.sign_in_links import LASTS, MOST_LINKS, owner_of_link, use_sign_in_link, write_sign_in_link
from placement.records.tries import count_try
from placement.web.extensions import store
from placement.web.forms.account import LinkForm
from placement.web.forms.confirming import NothingAskedForm
from placement.web.pages.account import blueprint
from placement.web.signing_in import arrive, counted, safe_next, welcome
from placement.web.transactions import committing, now, reading

MOST_COUNTED = 2**30  # no limit: the limits are counted apart, and kept when the unit is not
WANTED = "wanted"  # in the signed session: the page that somebody wanted who has to sign in first


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
def link() -> ResponseReturnValue:
    """Ask where to send a link, and send it to whoever has an account."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("account/link.html", form=form), 422 if form.errors else 200
    counted(f"link to {form.email.data}")
    is_welcome = _may_be_written_to(form.email.data)
    with committing() as unit:
        # Something is written for everybody: a unit that writes nothing would answer sooner, and so tell.
        count_try(unit, f"asks for {form.email.data}", most=MOST_COUNTED, now=now())
        if is_welcome:
            write_sign_in_link(unit, form.email.data, now=now())
    session[WANTED] = safe_next(request.args.get("next"))
    return redirect(url_for("account.link_sent"))


@blueprint.get("/sign-in/link/sent")
def link_sent() -> ResponseReturnValue:
    """Say what happens next, the same to everybody."""
    return render_template("account/link_sent.html", minutes=int(LASTS.total_seconds() // 60))


@blueprint.route("/sign-in/link/<secret>", methods=["GET", "POST"])
def by_link(secret: str) -> ResponseReturnValue:
    """Show whom a link signs in, and sign them in."""
    form = NothingAskedForm()
    wanted = session.get(WANTED)
    try:
        if not form.validate_on_submit():
            return render_template("account/by_link.html", owner=owner_of_link(reading(), secret, now=now()))
        with committing() as unit:
            entrance = arrive(unit, use_sign_in_link(unit, secret, now=now()))
    except NotFound:
        return render_template("account/link_over.html"), 404
    return welcome(entrance, wanted)


def _may_be_written_to(email: str) -> bool:
    """Count a link to an address. Past the limit none is written, and the last one goes on being good."""
    with suppress(TooManyTries), store().writing() as counting:
        count_try(counting, f"links to {email.strip().lower()}", most=MOST_LINKS, within=LASTS, now=now())
        return True
    return False
