"""Funding and price: who pays, and how much at most."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms.validators import Optional

from placement.brokerage.answers import answer_funding
from placement.domain.funding import FUNDING, FUNDINGS
from placement.domain.people import Actor
from placement.records.referrals import Referral
from placement.web.formatting import pounds
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import MEDIUM, SMALL
from placement.web.forms.shared import SharedForm
from placement.web.pages.broker.sections.section import Row, SectionPages


class FundingForm(SharedForm):
    """Who pays, and how much at most."""

    funding = fields.radios(
        "Who pays?",
        [(funding.slug, funding.label) for funding in FUNDINGS],
        [Entered("Choose who pays")],
        look=MEDIUM,
    )
    budget = fields.pounds(
        "Most that may be paid a week (optional)",
        [Optional()],
        "In pounds. A service without a price is not proposed where there is a limit",
        look=SMALL,
    )


def form(referral: Referral) -> FundingForm:
    """Return the questions with what is known."""
    return FundingForm(data={"funding": referral.funding, "budget": referral.budget_weekly_pence})


def save(session: Any, referral: Referral, form: FundingForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_funding(session, referral, funding=form.funding.data, budget_weekly_pence=form.budget.data, by=by, now=now)


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    budget = referral.budget_weekly_pence
    return [
        ("Who pays", FUNDING[referral.funding].label if referral.funding else "Not answered"),
        ("Weekly limit", pounds(budget) if budget else "No limit recorded"),
    ]


SECTION = SectionPages(slug="funding", form=form, save=save, rows=rows)
