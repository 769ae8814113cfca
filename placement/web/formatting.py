"""Dates, money, miles and state words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from flask import Flask

from placement.domain.carers import CARER
from placement.domain.choices import CHOOSER, GIVEN_ANYWAY, NONE_CHOSEN, TAKEN_BACK, WAYS_TO_CHOOSE
from placement.domain.claims import VERDICT_LABELS, ClaimVerdict
from placement.domain.clocks import LONDON, today
from placement.domain.contacts import dialled
from placement.domain.features import feature_words, label_of
from placement.domain.funding import FUNDING
from placement.domain.kinds import KIND
from placement.domain.legal import LEGAL_STATUS
from placement.domain.messages import about, failure_words
from placement.domain.people import GENDER_LABELS, Gender
from placement.domain.protected import kept_words
from placement.domain.reasons import (
    CLOSURES,
    CONCERNS,
    DECLINES,
    ENDINGS,
    ESCALATIONS,
    OUT_OF_CITY,
    SETTLINGS,
    STANDING_CAUSES,
)
from placement.domain.risks import RISK
from placement.domain.sections import QUESTION, SECTION
from placement.domain.series import StayWindow
from placement.domain.services import SERVICE_TYPE, rating_label
from placement.domain.states import State
from placement.domain.staying import HOLDS, LONGER, NOTICES, RELEASES, TRANSFERS
from placement.domain.tasks import TASK
from placement.domain.text import amount
from placement.domain.unit_words import accepts_until
from placement.geography.ward_cover import percent
from placement.market.vacancies import is_due
from placement.records.vacancies import VacancyReport

MINUTE, HOUR, DAY = 60, 3600, 86400


def day(value: date | None) -> str:
    """Return “3 December 2026”."""
    return f"{value.day} {value:%B %Y}" if value else ""


def short_day(value: date | None) -> str:
    """Return “Thu 3 Dec”."""
    return f"{value:%a} {value.day} {value:%b}" if value else ""


def moment(value: datetime | None) -> str:
    """Return “3 December 2026 at 4:05pm”, London time."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{day(local.date())} at {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def span(length: timedelta) -> str:
    """Return the length in its largest whole unit: minutes, hours (to 48) or days."""
    seconds = int(abs(length).total_seconds())
    if seconds < HOUR:
        return amount(seconds // MINUTE, "minute")
    if seconds < 2 * DAY:
        return amount(seconds // HOUR, "hour")
    return amount(seconds // DAY, "day")


def ago(value: datetime | None, now: datetime) -> str:
    """Return “40 minutes ago”, “just now” or “never”."""
    if value is None:
        return "never"
    past = now - value
    return "just now" if past < timedelta(minutes=1) else f"{span(past)} ago"


def since(value: datetime, now: datetime) -> str:
    """Return “2:10pm” of the same day, “Tuesday” within a week, else “3 December 2026”; London days."""
    local, days = value.astimezone(LONDON), (today(now) - today(value)).days
    if days == 0:
        return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
    return f"{local:%A}" if days < 7 else day(local.date())


def day_ago(value: datetime, now: datetime) -> str:
    """Return “today”, “yesterday” or “3 days ago”; London days."""
    days = (today(now) - today(value)).days
    return ("today", "yesterday")[days] if 0 <= days < 2 else f"{amount(days, 'day')} ago"


def is_old(report: VacancyReport, now: datetime) -> bool:
    """Return whether numbers are so old that they should be confirmed."""
    return is_due(report, now=now)


def countdown(value: datetime | None, now: datetime) -> str:
    """Return “2 hours left”, “3 days over” or “due now”."""
    if value is None:
        return ""
    if abs(value - now) < timedelta(minutes=1):
        return "due now"
    return f"{span(value - now)} {'left' if value >= now else 'over'}"


def pounds(pence: int | None) -> str:
    """Return “£1,850” or “£1,850.50”; a price that is not known is said to be so."""
    if pence is None:
        return "not known"
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


class Priced(Protocol):
    """What has a price a week, of which the upper end is stated where it depends on the person."""

    @property
    def weekly_pence(self) -> int | None: ...

    @property
    def weekly_most_pence(self) -> int | None: ...

    @property
    def support_prices(self) -> Mapping[str, int]: ...


def price_words(of: Priced, support: str | None = None) -> str:
    """Return the price of a unit: “£1,850”, “£1,200 to £1,850”, or that it is not known.

    For a level of `support` that has a price of its own, it is that.
    """
    if support is not None and (own := of.support_prices.get(support)) is not None:
        return pounds(own)
    least, most = pounds(of.weekly_pence), of.weekly_most_pence
    return f"{least} to {pounds(most)}" if most else least


def miles(value: float | None) -> str:
    """Return “1.2 miles”."""
    return "distance not known" if value is None else f"{value:.1f} mile{'' if f'{value:.1f}' == '1.0' else 's'}"


def stay(start: date, end: date | None) -> str:
    """Return “3 December 2026, 14 nights” or “from 3 December 2026, no end date”."""
    return f"{day(start)}, {amount((end - start).days, 'night')}" if end else f"from {day(start)}, no end date"


def stay_window(window: StayWindow) -> str:
    """Return “Fri 3 Jul 2026, 2 nights”, or “between Fri 3 Jul and Fri 10 Jul 2026, 2 nights”."""
    last = f"{short_day(window.latest_on)} {window.latest_on.year}"
    nights = amount(window.nights, "night")
    if window.earliest_on == window.latest_on:
        return f"{last}, {nights}"
    first = short_day(window.earliest_on)
    if window.earliest_on.year != window.latest_on.year:
        first = f"{first} {window.earliest_on.year}"
    return f"beginning between {first} and {last}, {nights}"


def state_label(state: State) -> str:
    """Return the words of a state."""
    return state.label


def kind_label(slug: str) -> str:
    """Return the words of a referral kind."""
    return KIND[slug].label


def service_type_label(slug: str) -> str:
    """Return the words of a service type."""
    return SERVICE_TYPE[slug].label if slug in SERVICE_TYPE else slug.replace("_", " ")


def kind_colour(slug: str) -> str:
    """Return the colour of a referral kind's tag."""
    return KIND[slug].colour if slug in KIND else "grey"


def gender_label(gender: Gender | None) -> str:
    """Return the words of a person's gender."""
    return GENDER_LABELS[gender] if gender else "Not recorded"


def reason_label(slug: str | None, of: str = "") -> str:
    """Return the words of a coded reason of one table, by the table's name in REASON_TABLES.

    Tables share slugs that mean different things: without a table, what the first of them that knows it says.
    """
    tables = [REASON_TABLES[of]] if of else list(REASON_TABLES.values())
    return next((row.label for table in tables for row in table if row.slug == slug), slug or "Not recorded")


def verdict_label(verdict: ClaimVerdict) -> str:
    """Return the words of what the council says of a claim."""
    return VERDICT_LABELS[verdict]


def event_reason(slug: str, event: str) -> str:
    """Return the words of the reason that an event has in the trail."""
    return reason_label(slug, REASONS_OF.get(event, ""))


def task_label(slug: str) -> str:
    """Return the words of a kind of task."""
    return TASK[slug].label


def chooser_label(slug: str) -> str:
    """Return the words for who chose a place."""
    return CHOOSER[slug].label if slug in CHOOSER else slug.replace("_", " ")


def size_words(count: int) -> str:
    """Return “12 KB” or “1.3 MB”; what is smaller is 1 KB."""
    return f"{count / 1024**2:.1f} MB" if count >= 1024**2 else f"{max(1, round(count / 1024))} KB"


def question_label(slug: str) -> str:
    """Return the words of a question that somebody may find missing."""
    return QUESTION[slug].label if slug in QUESTION else slug


def risk_label(slug: str) -> str:
    """Return the words of a risk."""
    return RISK[slug].label if slug in RISK else slug.replace("_", " ")


def legal_label(slug: str) -> str:
    """Return the words of what is so by law."""
    return LEGAL_STATUS[slug].label if slug in LEGAL_STATUS else slug.replace("_", " ")


def objective_label(slug: str) -> str:
    """Return the words of one of the engine's objectives."""
    return OBJECTIVE_WORDS.get(slug, slug.replace("_", " "))


def section_label(slug: str) -> str:
    """Return the label of a referral's page of questions."""
    return SECTION[slug].label if slug in SECTION else slug


def answer_words(value: Any, name: str) -> str:
    """Return an answer of a referral as its trail keeps it, in words."""
    if value is None:
        return "not set"
    if name.endswith("_on"):
        return day(date.fromisoformat(value))
    if name.endswith("_pence"):
        return pounds(value)
    if name.endswith("_miles"):
        return f"{value:g} miles"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        said = (f"{label_of(slug)} ({strength.replace('_', ' ')})" for slug, strength in value.items())
        return ", ".join(said) or "none"
    if isinstance(value, list):
        return ", ".join(LISTED[name](slug) for slug in value) or "none"
    if name in ANSWERS and value in ANSWERS[name]:
        return str(ANSWERS[name][value].label)
    return reason_label(value) if isinstance(value, str) else str(value)


LISTED = {"risks": risk_label, "legal": legal_label}
ANSWERS: Mapping[str, Mapping[str, Any]] = {"funding": FUNDING, "carer": CARER}
OBJECTIVE_WORDS = {
    "in_city": "Placed in the city",
    "placed": "Placed anywhere",
    "fit": "Fit",
    "cost": "Weekly cost",
    "tie": "Order of equals",
}
REASON_TABLES: Mapping[str, Sequence[Any]] = {
    "decline": DECLINES,
    "ending": ENDINGS,
    "out_of_city": OUT_OF_CITY,
    "closure": CLOSURES,
    "concern": CONCERNS,
    "settling": SETTLINGS,
    "given_anyway": GIVEN_ANYWAY,
    "none_chosen": NONE_CHOSEN,
    "taken_back": TAKEN_BACK,
    "way": WAYS_TO_CHOOSE,
    "release": RELEASES,
    "hold": HOLDS,
    "notice": NOTICES,
    "longer": LONGER,
    "transfer": TRANSFERS,
    "escalation": ESCALATIONS,
    "standing": STANDING_CAUSES,
}
REASONS_OF: Mapping[str, str] = {
    "place_released": "release",
    "hold_extended": "hold",
    "stay_dates_changed": "longer",
    "transfer_planned": "transfer",
    "person_left": "ending",
    "referral_escalated": "escalation",
    "place_declined": "decline",
}
"""Event → the table that its reason is of."""

FILTERS = (
    size_words, reason_label, event_reason, task_label, question_label, risk_label, legal_label, objective_label,
    chooser_label, section_label, answer_words,
    price_words, day, short_day, stay_window, moment, amount, percent, span, ago, day_ago, is_old, since, countdown,
    pounds, miles,
    state_label, kind_label, service_type_label, kind_colour, label_of, feature_words,
    rating_label, failure_words, dialled, kept_words, accepts_until, verdict_label,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Make every formatter a template filter of the same name."""
    for function in FILTERS:
        app.add_template_filter(function)
    app.add_template_global(stay)
    app.add_template_global(about, "message_about")
