"""Referrer, hospital and carer: who asks, where the person waits, who cares for them now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms.validators import Length, Optional

from placement.brokerage.around import ASKED_WITH, AroundAnswers, answer_around
from placement.domain.carers import CARER, CARERS
from placement.domain.kinds import KIND
from placement.domain.people import Actor
from placement.records.referrals import Referral
from placement.web.formatting import day
from placement.web.forms import fields
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.shared import SharedForm
from placement.web.pages.broker.sections.section import Row, SectionPages

NOT_SAID = ("", "Not recorded")
LEAD = "Providers see none of this. Leave out what you do not know."


class AroundForm(SharedForm):
    """Who refers, which ward, which carer."""

    bonds = (("carer", "carer_until_on"),)

    team = fields.text(
        "Team that refers (optional)",
        [Length(max=120, message="Enter at most 120 characters")],
        "For example, Hospital social work team",
        look=SMALL,
    )
    role = fields.text(
        "Role of the referrer (optional)",
        [Length(max=80, message="Enter at most 80 characters")],
        "For example, social worker",
        look=SMALL,
    )
    telephone = fields.text(
        "Telephone of the referrer (optional)",
        [Length(max=30, message="Enter at most 30 characters")],
        "For brokerage only",
        look=Look(size="s", width=20, type="tel", autocomplete="off", spellcheck=False),
    )
    hospital = fields.text(
        "Hospital where the person waits (optional)",
        [Length(max=120, message="Enter at most 120 characters")],
        look=SMALL,
    )
    ward = fields.text(
        "Ward in the hospital (optional)",
        [Length(max=80, message="Enter at most 80 characters")],
        look=Look(size="s", width=20),
    )
    carer = fields.radios(
        "Who cares for the person now?",
        [*((row.slug, row.label) for row in CARERS), NOT_SAID],
        hint="A name is not needed",
        default="",
        look=SMALL,
    )
    carer_until_on = fields.day(
        "Until when can the carer go on? (optional)", [Optional()], "Leave it empty if there is no end", look=SMALL
    )

    def answers(self) -> AroundAnswers:
        """Return what was answered; what this kind of referral is not asked says nothing."""
        said = {name: self[name].data for name in AroundAnswers.__dataclass_fields__ if name in self}
        return AroundAnswers(**{name: value for name, value in said.items() if value})


def form(referral: Referral) -> AroundForm:
    """Return the questions of the referral's kind, with what is known."""
    row = referral.around
    known = {name: getattr(row, name) or "" for name in AroundAnswers.__dataclass_fields__} if row else {}
    known["carer_until_on"] = row.carer_until_on if row else None
    asked = AroundForm(data=known)
    for part, names in ASKED_WITH.items():
        if part not in KIND[referral.kind].asks:
            for name in names:
                del asked[name]
    return asked


def save(session: Any, referral: Referral, form: AroundForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_around(session, referral, form.answers(), by=by, now=now)


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    row = referral.around
    if row is None:
        return [("Referrer", "Not recorded")]
    return [
        ("Referrer", ", ".join(filter(None, (row.team, row.role))) or "Not recorded"),
        ("Telephone of the referrer", row.telephone) if row.telephone else None,
        ("Waits in", ", ".join(filter(None, (row.hospital, row.ward)))) if row.hospital or row.ward else None,
        ("Carer", CARER[row.carer].label) if row.carer in CARER else None,
        ("The carer can go on until", day(row.carer_until_on)) if row.carer_until_on else None,
    ]


SECTION = SectionPages(slug="around", form=form, save=save, rows=rows, lead=lambda _referral: LEAD)
