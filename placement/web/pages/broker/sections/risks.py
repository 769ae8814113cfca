"""Risks and legal status: what may happen, and what is so by law, as words of two tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms.validators import Length

from placement.brokerage.around import answer_risks
from placement.domain.features import label_of
from placement.domain.legal import LEGAL_STATUS, LEGAL_STATUSES
from placement.domain.people import Actor
from placement.domain.risks import RISK, RISKS, asked_by
from placement.records.referrals import Referral
from placement.web.forms import fields
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm
from placement.web.pages.broker.sections.section import Row, SectionPages

COLUMNS = Look(size="s", is_small=True, in_columns=True)
LEAD = "A provider that is asked reads the boxes that you tick. It does not read your note."


class RisksForm(SharedForm):
    """Risks, legal status, and a note."""

    risks = fields.checkboxes("Risks (optional)", [(risk.slug, risk.label) for risk in RISKS], look=COLUMNS)
    legal = fields.checkboxes(
        "Legal status (optional)",
        [(row.slug, row.label) for row in LEGAL_STATUSES],
        look=Look(size="s", is_small=True),
    )
    note = fields.area(
        "What else should a broker know about the risks? (optional)",
        [Length(max=4000, message="Enter at most 4,000 characters")],
        "Providers do not see this",
        look=Look(size="s", rows=4),
    )


def form(referral: Referral) -> RisksForm:
    """Return the questions with what is known."""
    note = referral.dangers.note if referral.dangers else ""
    return RisksForm(data={"risks": referral.risks, "legal": referral.legal, "note": note})


def save(session: Any, referral: Referral, form: RisksForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    risks, legal = form.risks.data or (), form.legal.data or ()
    answer_risks(session, referral, risks=risks, legal=legal, note=form.note.data or "", by=by, now=now)


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words, and what the risks may ask of a place that is not among the needs."""
    note = referral.dangers.note if referral.dangers else ""
    named = {need.slug for need in referral.needs}
    ask = [label_of(slug) for slug in asked_by(referral.risks) if slug not in named]
    return [
        ("Risks", [RISK[slug].label for slug in referral.risks] or "None recorded"),
        ("These often need, and no need says so", ask) if ask else None,
        ("Legal status", [LEGAL_STATUS[slug].label for slug in referral.legal] or "None recorded"),
        ("Note about the risks", note) if note else None,
    ]


SECTION = SectionPages(slug="risks", form=form, save=save, rows=rows, lead=lambda _referral: LEAD)
