"""What a person says of their ethnic group: taken down, changed, and taken back. The trail never says what it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.errors import Invalid
from placement.domain.ethnicity import ETHNIC_GROUP
from placement.domain.people import Actor
from placement.records.events import record
from placement.records.referrals import Person


def answer_ethnicity(session: Session, person: Person, slug: str | None, *, by: Actor, now: datetime) -> None:
    """Keep a person's own answer; None takes it back. Raises Invalid for what is no answer."""
    if slug is not None and slug not in ETHNIC_GROUP:
        raise Invalid("Choose one of the answers.", field="ethnicity")
    if person.ethnicity != slug:
        person.ethnicity = slug
        record(session, "ethnicity_answered", person, by=by, now=now)
