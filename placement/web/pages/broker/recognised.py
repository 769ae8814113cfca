"""Somebody on record may be the person who is typed: both are shown side by side, and a broker says who it is."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.brokerage.drafts import open_beside
from placement.brokerage.people import Confirmed, people_by_id
from placement.domain.errors import Recognised
from placement.domain.text import code, plain
from placement.records.referrals import Person
from placement.web.access import current_actor
from placement.web.formatting import day, gender_label
from placement.web.forms.hidden import first_id, ids
from placement.web.forms.marks import MARKS, SHOWN_AGAIN
from placement.web.transactions import reading

SAME, OTHER = "same_as", "other_than"
NOT_KEPT = {*MARKS, SAME, OTHER}  # the form's own, and the answers to the question that is asked here
Compared = tuple[str, str, str, bool]  # a question, what is on record, what was typed, whether that changes it


def confirmed() -> Confirmed:
    """Return what the broker has said of people on record, as this page's buttons send it."""
    return Confirmed(same_as=first_id(request.form.get(SAME)), other_than=frozenset(ids(request.form.get(OTHER))))


def ask(form: FlaskForm, error: Recognised, *, title: str) -> ResponseReturnValue:
    """Answer with the question: nothing has been stored, and what was typed is carried in the page."""
    found = people_by_id(reading(), [error.known] if error.known else list(error.alike))
    beside = open_beside(reading(), [person.id for person in found], actor=current_actor())
    page = render_template(
        "broker/recognised.html",
        title=title,
        beside=beside,
        is_known=error.known is not None,
        people=[(person, _compared(person, form)) for person in found],
        kept=[(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT],
        others=" ".join(map(str, error.alike)),
        again=SHOWN_AGAIN,
    )
    return page, error.status


def _compared(person: Person, form: FlaskForm) -> list[Compared]:
    answers = form.answers()
    rows = [
        ("Case number", person.case_number, code(answers.case_number)),
        ("Full name", person.name, plain(answers.name)),
        ("Date of birth", day(person.born_on), day(answers.born_on)),
        ("Gender", gender_label(person.gender), gender_label(answers.gender)),
        ("Home postcode", person.postcode or NO_HOME, answers.home.postcode if answers.home else NO_HOME),
    ]
    unsaid = "Gender" if answers.gender is None else ""
    return [(label, stored, typed, stored != typed and label != unsaid) for label, stored, typed in rows]


NO_HOME = "No fixed address"
