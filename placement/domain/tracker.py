"""The national Capacity Tracker: its ten bed categories, what its extracts call things, and when it wants its numbers.

No public template or list of values was found (looked for on 26 November 2026), so there is no format to claim: these
are words seen in extracts, and a council's administrator says which others mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from placement.domain.clocks import is_working_day

BED_CATEGORIES: Mapping[str, str] = {
    "dementia_nursing": "Dementia nursing",
    "dementia_residential": "Dementia residential",
    "general_nursing": "General nursing",
    "general_residential": "General residential",
    "learning_disability_nursing": "Learning disability nursing",
    "learning_disability_residential": "Learning disability residential",
    "mental_health_nursing": "Mental health nursing",
    "mental_health_residential": "Mental health residential",
    "transitional": "Transitional",
    "ypd_young_physically_disabled": "Young physically disabled",
}
"""By their codes, as extracts name them."""
COUNTED_NATIONALLY = frozenset({"residential", "nursing", "respite_unit"})
"""Types of service that are care homes, of which the tracker asks for beds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerWords:
    """What extracts call one thing: `usual` counts until an administrator has said otherwise."""

    slug: str
    label: str
    hint: str
    usual: tuple[str, ...]


HEADINGS = (
    TrackerWords(slug="cqc_id", label="CQC location ID", hint="Needed.", usual=("cqcid", "cqc location id")),
    TrackerWords(
        slug="category",
        label="Bed category",
        hint="Of an extract with a row for each category. One with columns for each category has none.",
        usual=("bed type", "bed category", "care category", "category"),
    ),
    TrackerWords(slug="maximum", label="Maximum capacity", hint="Needed.", usual=("maxcapacity", "maximum capacity")),
    TrackerWords(slug="occupied", label="Used beds", hint="Needed.", usual=("usedbeds", "occupied beds")),
    TrackerWords(slug="vacancies", label="Vacancies", hint="Needed.", usual=("declaredvacancies", "vacancies")),
    TrackerWords(
        slug="reserved",
        label="Reserved beds",
        hint="Without such a column, the reserved places that are known here stay as they are.",
        usual=("reservedbeds", "reserved"),
    ),
    TrackerWords(
        slug="closed",
        label="Beds that nobody can be admitted to",
        hint="Empty beds that are closed, for repair or for want of staff.",
        usual=("nonadmittablebeds", "closedbeds"),
    ),
    TrackerWords(
        slug="admissions",
        label="Whether the home is open to admissions",
        hint="One of this and the next is needed.",
        usual=("isacceptingadmissions",),
    ),
    TrackerWords(slug="status", label="Admission status", hint="", usual=("admissionstatus",)),
    TrackerWords(
        slug="updated_utc",
        label="When it was updated, in UTC",
        hint="A row from before the newest numbers here is left out.",
        usual=("lastupdatedutc",),
    ),
    TrackerWords(
        slug="updated_local", label="When it was updated, in British time", hint="", usual=("lastupdatedbst",)
    ),
)
ACCEPTING = TrackerWords(
    slug="accepting_words",
    label="Words that mean: open to admissions",
    hint="Whatever is in neither list is not known: such a row is shown as it was sent, and not saved.",
    usual=("open", "yes", "true", "accepting", "1"),
)
NOT_ACCEPTING = TrackerWords(
    slug="closed_words", label="Words that mean: closed", hint="", usual=("closed", "no", "false", "not accepting", "0")
)
INCLUDED = TrackerWords(
    slug="included",
    label="What do the vacancies include?",
    hint="It is taken off them: vacant and accepting is what is left.",
    usual=("reserved", "closed"),
)
COLUMN_MAP = (*HEADINGS, ACCEPTING, NOT_ACCEPTING, INCLUDED)
NEEDED = ("cqc_id", "maximum", "occupied", "vacancies")
FIRST_DAY, LAST_DAY = 8, 14


@dataclass(frozen=True, slots=True)
class NationalWindow:
    """The days of a month on which the tracker wants its numbers: from the first to the last, both counted."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return self.first <= day <= self.last


def national_window(day: date) -> NationalWindow:
    """Return the window of a day's month: the 8th to the 14th, or to the next working day after it."""
    last = day.replace(day=LAST_DAY)
    while not is_working_day(last):
        last += timedelta(days=1)
    return NationalWindow(day.replace(day=FIRST_DAY), last)
