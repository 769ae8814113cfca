"""Organisations that ask to join: each waits for a person's answer, and nobody has an account before it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.councils import COUNCIL
from placement.domain.errors import OutOfStep
from placement.domain.people import SYSTEM, Actor
from placement.records.events import record
from placement.records.joining import JoinRequest
from placement.records.messages import send_later
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.visibility import one


def ask_to_join(
    session: Session,
    *,
    number: str,
    organisation: str,
    name: str,
    email: str,
    telephone: str,
    council: str,
    now: datetime,
) -> None:
    """Note that an organisation asks to join; who has asked about a location and waits is noted once."""
    email = email.lower()
    waiting = select(JoinRequest.id).where(
        JoinRequest.answered_at.is_(None), JoinRequest.email == email, JoinRequest.cqc_location_id == number
    )
    if session.scalar(waiting.limit(1)):
        return
    row = JoinRequest(
        cqc_location_id=number,
        organisation=organisation,
        name=name,
        email=email,
        telephone=telephone,
        asked_at=now,
        council=council,
    )
    session.add(row)
    record(session, "join_asked", row, by=SYSTEM, now=now)


def waiting_requests(session: Session, *, at: PlaceInList = START) -> Page[JoinRequest]:
    """Return a page of who waits for an answer, the longest first."""
    rows = select(JoinRequest).where(JoinRequest.answered_at.is_(None))
    return page_of(session, rows, Key(column=JoinRequest.id), at=at)


def join_request(session: Session, request_id: int) -> JoinRequest:
    """Return what somebody has asked. Raises NotFound."""
    return one(session, select(JoinRequest).where(JoinRequest.id == request_id), "request")


def answer_request(session: Session, request_id: int, *, is_welcome: bool, by: Actor, now: datetime) -> JoinRequest:
    """Answer who asks to join; a no is told by mail, a yes by the invitation. Raises NotFound and OutOfStep."""
    row = one(session, select(JoinRequest).where(JoinRequest.id == request_id).with_for_update(), "request")
    if row.answered_at is not None:
        raise OutOfStep(f"{row.answered_by} has answered this request already.")
    row.answered_at, row.answered_by, row.is_welcome = now, by.name, is_welcome
    record(session, "join_answered", row, by=by, now=now, welcome=is_welcome)
    if not is_welcome:
        place = COUNCIL[row.council].place
        send_later(session, "join_declined", to=row.email, reference=place, now=now, council=row.council)
    return row
