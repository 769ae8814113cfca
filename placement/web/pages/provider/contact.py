"""How brokerage reaches a service: telephone and e-mail, as the provider keeps them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.market import services as market
from placement.records.events import newest_line
from placement.records.providers import Service
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.provider import ContactForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/services/<int:service_id>/contact", methods=["GET", "POST"])
def contact(service_id: int) -> ResponseReturnValue:
    """Show how a service is reached, and change it."""
    found = market.service(reading(), service_id, actor=current_actor())
    form = _form(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                service = market.service(session, service_id, actor=current_actor())
                market.lock_service(session, service)
                form = _form(service)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, ("contact_changed",), subject=service)))
                market.set_contact(
                    session,
                    service,
                    telephone=form.telephone.data or "",
                    email=form.email.data or "",
                    by=current_actor(),
                    now=now(),
                )
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"Brokerage sees how to reach {found.name}.")
            tell(words)
            return redirect(url_for("provider.services", _anchor=f"service-{service_id}"))
    page = render_template("provider/contact.html", service=found, form=form)
    return page, 422 if form.errors else 200


def _form(service: Service) -> ContactForm:
    return ContactForm(data={"telephone": service.telephone, "email": service.email})
