"""Dates and urgency: from when, for how long, and what makes the dates matter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import Length, Optional

from placement.brokerage.answers import DateAnswers, answer_dates
from placement.brokerage.series import pattern_of
from placement.domain.clocks import today
from placement.domain.kinds import KIND, Kind
from placement.domain.people import Actor
from placement.domain.series import TAKES
from placement.domain.text import amount
from placement.records.referrals import Referral
from placement.web.formatting import day, stay_window
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import MEDIUM, SMALL, Look
from placement.web.forms.recurring import LISTED, ONCE, PATTERN, RecurringDatesForm, listed_again
from placement.web.forms.shared import SharedForm
from placement.web.pages.broker.sections.section import FieldGroup, Row, SectionPages, together
from placement.web.transactions import now as now_here

NUMBER = Look(size="s", width=4)
FIRST = ("often", "earliest_on", "latest_on", "nights")
PATTERNS = ("every", "unit", "weekday", "until_on")
LISTS = ("listed",)
LAST = ("take", "urgency_note")


def _urgency() -> Any:
    return fields.area(
        "What makes the dates matter? (optional)",
        [Length(max=2000, message="Enter at most 2,000 characters")],
        "Providers do not see this",
        look=Look(size="s", rows=3),
    )


class _Dates(SharedForm):
    def tell(self, kind: Kind) -> None:
        """Say beside the number of nights what the kind allows."""
        longest = f"{kind.must_end_why}. At most {kind.max_nights} nights"
        self.nights.description = longest if kind.must_end else "Leave empty for a stay without an end date"


class CrisisDatesForm(_Dates):
    """Tonight or tomorrow, for how many nights."""

    start = fields.radios(
        "When does the person need the place?", [("today", "Tonight"), ("tomorrow", "Tomorrow")], look=MEDIUM
    )
    nights = fields.number("How many nights?", [Entered("Enter how many nights")], look=NUMBER)
    urgency_note = _urgency()

    def answers(self, day: date) -> DateAnswers:
        """Return the window: from the first night, and at the latest the night after."""
        first = day + timedelta(days=self.start.data == "tomorrow")
        return DateAnswers(
            earliest_on=first,
            latest_on=first + timedelta(days=self.start.data != "tomorrow"),
            nights=self.nights.data,
            urgency_note=self.urgency_note.data or "",
        )


class WindowDatesForm(_Dates):
    """A window in which the stay begins, and how long it lasts."""

    bonds = (("earliest_on", "latest_on"),)

    earliest_on = fields.day("First possible start", [Entered("Enter the first possible start")], look=SMALL)
    latest_on = fields.day("Latest possible start", [Entered("Enter the latest possible start")], look=SMALL)
    nights = fields.number("How many nights?", [Optional()], look=NUMBER)
    urgency_note = _urgency()

    def answers(self, _day: date) -> DateAnswers:
        """Return the window and the length; no length is open-ended."""
        return DateAnswers(
            earliest_on=self.earliest_on.data,
            latest_on=self.latest_on.data,
            nights=self.nights.data,
            urgency_note=self.urgency_note.data or "",
        )


DatesForm = CrisisDatesForm | WindowDatesForm | RecurringDatesForm


def form(referral: Referral) -> DatesForm:
    """Return the questions of the referral's kind, with what is known or what the kind suggests."""
    kind, day_of_asking = KIND[referral.kind], today(now_here())
    first = referral.earliest_on or day_of_asking
    known = {
        "nights": referral.nights or kind.default_nights,
        "urgency_note": referral.urgency_note,
        "start": "tomorrow" if first > day_of_asking else "today",
        "earliest_on": first,
        "latest_on": referral.latest_on or first + timedelta(days=kind.window_days),
    }
    if kind.may_recur:
        return RecurringDatesForm(data=known | _recurring(referral))
    asked = WindowDatesForm(data=known) if kind.has_window else CrisisDatesForm(data=known)
    asked.tell(kind)
    return asked


def _recurring(referral: Referral) -> dict[str, Any]:
    """Return what is known of how often; nothing of a referral for one stay."""
    pattern, series = pattern_of(referral), referral.series if referral.is_recurring else None
    if series is None:
        return {"often": ONCE}
    if pattern is None:
        return {"often": LISTED, "take": series.take, "listed": listed_again(referral.windows)}
    return {
        "often": PATTERN,
        "take": series.take,
        "every": pattern.every,
        "unit": pattern.unit,
        "weekday": str(pattern.weekday),
        "until_on": pattern.until_on,
        "latest_on": None,
    }


def groups(form: FlaskForm) -> list[FieldGroup]:
    """Return what only several stays need folded away under a heading, where respite is needed once."""
    if not isinstance(form, RecurringDatesForm):
        return together(form)
    parts = [("", FIRST), ("For a pattern", PATTERNS), ("For dates that you list", LISTS), ("", LAST)]
    opens = {PATTERNS: form.often.data == PATTERN, LISTS: form.often.data == LISTED}
    return [
        FieldGroup(
            fields=[form[name] for name in names],
            heading=heading,
            is_open=opens.get(names, True) or any(form[name].errors for name in names),
        )
        for heading, names in parts
    ]


def save(session: Any, referral: Referral, form: DatesForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_dates(session, referral, form.answers(today(now)), by=by, now=now)


def lead(referral: Referral) -> str:
    """Return the question over a window; without one, the first field asks it."""
    kind = KIND[referral.kind]
    if kind.may_recur:
        return f"{kind.must_end_why}. A stay is at most {kind.max_nights} nights."
    return kind.start_label if kind.has_window else ""


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    if referral.is_recurring:
        return _series_rows(referral)
    first, last = day(referral.earliest_on), day(referral.latest_on)
    return [
        ("Start", first if first == last else f"{first} to {last}"),
        ("Length", amount(referral.nights, "night") if referral.nights else "No end date"),
        ("Why it matters", referral.urgency_note) if referral.urgency_note else None,
    ]


def _series_rows(referral: Referral) -> list[Row]:
    """Return the stays one by one, so that whoever submits them sees every date."""
    pattern = pattern_of(referral)
    return [
        ("How often", f"{amount(len(referral.windows), 'stay')}, {pattern.words if pattern else 'as listed'}"),
        ("Stays", [stay_window(each) for each in referral.windows]),
        ("If not every stay can be had", dict(TAKES)[referral.series.take] if referral.series else ""),
        ("Why it matters", referral.urgency_note) if referral.urgency_note else None,
    ]


SECTION = SectionPages(slug="dates", form=form, save=save, rows=rows, lead=lead, groups=groups)
