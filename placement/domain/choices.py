"""Choosing a place: who chose and how, why none was taken, why options were given or taken back. All coded.

Care and Support and After-care (Choice of Accommodation) Regulations 2014, and the Care and Support Statutory Guidance,
annex A: at least one option that is available and affordable within the personal budget must have been offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from placement.domain.reasons import Reason

REGULATIONS = "Care and Support and After-care (Choice of Accommodation) Regulations 2014"
MOST_OPTIONS = 12
"""Of one sheet: more is no choice that anybody can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Who chose. `asks` is what must be told besides, `hint` an example of it; empty where nothing is."""

    slug: str
    label: str
    asks: str = ""
    hint: str = ""


CHOOSERS = (
    Chooser(slug="person", label="The person"),
    Chooser(
        slug="advocate",
        label="The person, with an advocate",
        asks="Enter the advocate’s name and organisation",
        hint="For an advocate: name and organisation",
    ),
    Chooser(
        slug="best_interest",
        label="A best-interest decision for the person",
        asks="Enter who decided in the person’s best interest, and in what role",
        hint="For a best-interest decision: who decided, and in what role",
    ),
    Chooser(
        slug="family",
        label="Family or somebody else with the authority to decide",
        asks="Enter who decided, and what gives them the authority",
        hint="For family: who decided, and what gives them the authority, for example a power of attorney",
    ),
)
CHOOSER: Mapping[str, Chooser] = {chooser.slug: chooser for chooser in CHOOSERS}

WAYS_TO_CHOOSE = (
    Reason(slug="visit", label="After a visit to the place"),
    Reason(slug="meeting", label="At a meeting"),
    Reason(slug="telephone", label="By telephone or video call"),
    Reason(slug="writing", label="In writing"),
    Reason(slug="other_way", label="In another way"),
)
WAY_TO_CHOOSE = {way.slug: way for way in WAYS_TO_CHOOSE}

NONE_CHOSEN = (
    Reason(slug="too_far", label="Too far away"),
    Reason(slug="top_up", label="The top-up is too high"),
    Reason(slug="does_not_suit", label="They do not suit the person"),
    Reason(slug="not_available", label="None can be had when it is needed"),
    Reason(slug="wants_another", label="The person wants a place that is not on the sheet"),
    Reason(slug="stays_put", label="The person wants to stay where they are"),
    Reason(slug="other_no", label="Another reason"),
)
NO_TO_ALL = {reason.slug: reason for reason in NONE_CHOSEN}

GIVEN_ANYWAY = (
    Reason(slug="still_looking", label="No such place has been found yet, and the search for one goes on"),
    Reason(slug="budget_not_set", label="The personal budget, or a price, is not known yet"),
    Reason(slug="asked_for", label="The person or their family asked to see these places"),
    Reason(slug="in_addition", label="Such a place was offered before, on another sheet"),
    Reason(slug="pays_alone", label="The person pays for their own care"),
    Reason(slug="no_time", label="There is no time to wait for one"),
)
"""Why a sheet is given on which no place is both available and within the personal budget."""
GIVEN_ALL_THE_SAME = {reason.slug: reason for reason in GIVEN_ANYWAY}

TAKEN_BACK = (
    Reason(slug="given_by_mistake", label="It was given by mistake"),
    Reason(slug="wrong_person", label="It is about another person"),
    Reason(slug="out_of_date", label="Places or prices have changed since"),
    Reason(slug="replaced", label="Another sheet takes its place"),
)
WHY_TAKEN_BACK = {reason.slug: reason for reason in TAKEN_BACK}
