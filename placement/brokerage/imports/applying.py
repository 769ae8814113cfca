"""Beginning referrals from the good rows of a file, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from placement.brokerage.answers import (
    ChoiceAnswers,
    DateAnswers,
    PlaceAnswers,
    answer_choices,
    answer_dates,
    answer_funding,
    answer_needs,
    answer_place,
)
from placement.brokerage.around import AroundAnswers, answer_around, answer_risks
from placement.brokerage.imports.columns import NONE, TYPE_COLUMNS
from placement.brokerage.imports.plan import ImportRow, ReferralImport
from placement.brokerage.people import Confirmed, PersonAnswers
from placement.brokerage.referrals import start_referral, submit_referral
from placement.domain.errors import PlacementError
from placement.domain.features import Strength
from placement.domain.people import Actor
from placement.records.referrals import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone:
    """How many referrals were begun, how many of them were submitted, and the rows that could not be after all."""

    begun: int
    submitted: int
    left_out: tuple[tuple[int, str], ...]


MOST_IN_A_UNIT = 25
"""Rows that are begun under one write lock: half a second of it."""


def in_units(plan: ReferralImport) -> list[list[ImportRow]]:
    """Return the good rows as they are begun, so many at a time. What broke off between two goes on by itself.

    A row that was begun is told as imported before when the file is looked at again: nothing is begun twice.
    """
    rows = plan.good
    return [rows[first : first + MOST_IN_A_UNIT] for first in range(0, len(rows), MOST_IN_A_UNIT)]


def together(parts: Sequence[ImportDone]) -> ImportDone:
    """Return what came of all parts."""
    return ImportDone(
        begun=sum(part.begun for part in parts),
        submitted=sum(part.submitted for part in parts),
        left_out=tuple(line for part in parts for line in part.left_out),
    )


def begin_referrals(
    session: Session, rows: Sequence[ImportRow], *, submits: bool, by: Actor, now: datetime
) -> ImportDone:
    """Begin a referral from each of some good rows; with `submits`, submit those that say enough.

    A row that the records refuse by now is left out whole, and told.
    """
    begun = submitted = 0
    left_out = []
    for row in rows:
        is_submitted = submits and row.is_complete
        try:
            with session.begin_nested():
                _begin(session, row, is_submitted=is_submitted, by=by, now=now)
        except PlacementError as error:
            left_out.append((row.number, str(error)))
        else:
            begun += 1
            submitted += is_submitted
    return ImportDone(begun=begun, submitted=submitted, left_out=tuple(left_out))


def _begin(session: Session, row: ImportRow, *, is_submitted: bool, by: Actor, now: datetime) -> None:
    said = row.said
    person = PersonAnswers(
        case_number=said["case_number"],
        name=said["name"],
        born_on=said["born_on"],
        gender=said.get("gender"),
        home=said.get("postcode"),
    )
    confirmed = Confirmed(same_as=row.person)
    referral = start_referral(session, said["kind"], person, by=by, now=now, confirmed=confirmed)
    referral.external_reference = said["reference"]
    with session.no_autoflush:  # one flush a row in place of a dozen: the answers ask nothing of what is not stored yet
        for answer in ANSWERS:
            answer(session, referral, row, by, now)
    if is_submitted:
        submit_referral(session, referral, by=by, now=now)


def _needs(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    strengths = ((strength, row.said.get(strength.value, ())) for strength in Strength)
    needs = {slug: strength for strength, slugs in strengths for slug in slugs}
    if needs or row.is_complete:
        answer_needs(session, referral, needs, by=by, now=now)


def _place(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    near = row.said.get("near_postcode")
    if near or row.is_complete:
        answer_place(session, referral, PlaceAnswers(near=near, max_miles=row.said.get("max_miles")), by=by, now=now)


def _dates(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    said = row.said
    if "earliest_on" in said:
        dates = DateAnswers(earliest_on=said["earliest_on"], latest_on=said["latest_on"], nights=said["nights"])
        answer_dates(session, referral, dates, by=by, now=now)


def _choices(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    words = row.said.get("persons_words", "")
    types = {slug: wish for name, wish in TYPE_COLUMNS.items() for slug in row.said.get(name, ())}
    alone = row.said.get("lives_alone")
    if words or types or alone is not None or row.is_complete:
        answers = ChoiceAnswers(persons_words=words, types=types, lives_alone=alone or False)
        answer_choices(session, referral, answers, by=by, now=now)


def _risks(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    if "risks" in row.said:
        risks, legal = ([slug for slug in row.said.get(name, ()) if slug != NONE] for name in ("risks", "legal_status"))
        answer_risks(session, referral, risks=risks, legal=legal, note="", by=by, now=now)


def _around(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    said = {ours: row.said[name] for name, ours in AROUND.items() if row.said.get(name)}
    if said:
        answer_around(session, referral, AroundAnswers(**said), by=by, now=now)


def _funding(session: Session, referral: Referral, row: ImportRow, by: Actor, now: datetime) -> None:
    if "funding" in row.said:
        limit = row.said.get("weekly_limit")
        answer_funding(session, referral, funding=row.said["funding"], budget_weekly_pence=limit, by=by, now=now)


AROUND = {
    "referrer_team": "team",
    "referrer_role": "role",
    "referrer_telephone": "telephone",
    "hospital": "hospital",
    "ward": "ward",
    "carer": "carer",
    "carer_until_on": "carer_until_on",
}
Answer = Callable[[Session, Referral, ImportRow, Actor, datetime], None]
ANSWERS: tuple[Answer, ...] = (_needs, _risks, _place, _dates, _choices, _funding, _around)
