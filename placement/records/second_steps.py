"""The second step of signing in: codes of a phone (TOTP, RFC 6238), and codes on paper for when the phone is lost.

A code counts once: the interval of the last one is kept, and nothing of it or before it is taken again. One interval
of 30 seconds either way is allowed for a clock that is wrong. The secret is sealed, codes on paper are only hashes.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.records.accounts import end_all_sign_ins, locked_user, start_sign_in
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.sealing import Seal
from placement.records.users import PaperCode, SecondStep, SignIn, User

INTERVAL, SKEW = 30, 1  # seconds of a code, and how many codes before and after the present one are taken
PAPER_CODES = 10
HALF_LASTS = timedelta(minutes=10)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another


def has_second_step(session: Session, user_id: int) -> bool:
    """Return whether somebody is asked for a code when they sign in."""
    confirmed = select(SecondStep.user_id).where(SecondStep.user_id == user_id, SecondStep.confirmed_at.is_not(None))
    return session.scalar(confirmed) is not None


def members_with_step(session: Session, provider_id: int) -> frozenset[int]:
    """Return the ids of those of a provider who are asked for a code when they sign in."""
    rows = select(User.id).join(SecondStep, SecondStep.user_id == User.id)
    asked = rows.where(User.provider_id == provider_id, SecondStep.confirmed_at.is_not(None))
    return frozenset(session.scalars(asked, execution_options=EVERY_COUNCIL))


def paper_codes_left(session: Session, user_id: int) -> int:
    """Return how many codes on paper somebody has not used yet."""
    return session.scalar(select(func.count()).where(PaperCode.user_id == user_id)) or 0


def begin_second_step(session: Session, user_id: int, seal: Seal) -> None:
    """Make a secret for somebody to put into their phone. Raises OutOfStep for who has a second step already."""
    locked_user(session, user_id)
    if has_second_step(session, user_id):
        raise OutOfStep("You sign in with a second step already.")
    session.execute(delete(SecondStep).where(SecondStep.user_id == user_id))
    session.add(SecondStep(user_id=user_id, sealed=seal.close(pyotp.random_base32())))


def secret_to_set_up(session: Session, user_id: int, seal: Seal) -> str | None:
    """Return the secret that somebody is setting up; None once it is confirmed, and where there is none."""
    row = session.get(SecondStep, user_id)
    return seal.open(row.sealed) if row is not None and row.confirmed_at is None else None


def address_of(secret: str, email: str, issuer: str) -> str:
    """Return what the picture says to the phone: whose secret it is, and where it is used."""
    return pyotp.TOTP(secret, interval=INTERVAL).provisioning_uri(name=email, issuer_name=issuer)


def confirm_second_step(session: Session, user_id: int, code: str, seal: Seal, *, now: datetime) -> list[str]:
    """Ask for a code from now on, and return the codes on paper, which are told this once; every sign-in ends.

    Raises Invalid for a wrong code, and OutOfStep where nothing is being set up.
    """
    user = locked_user(session, user_id)
    row = _locked(session, user_id)
    if row is None or row.confirmed_at is not None:
        raise OutOfStep("No second step is being set up.")
    if not _is_right(row, code, seal, now=now):
        raise Invalid("This code is not right. Enter the one that your phone shows now.", field="code")
    row.confirmed_at = now
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(PAPER_CODES)
    ]
    session.execute(delete(PaperCode).where(PaperCode.user_id == user_id))
    session.add_all(PaperCode(hash=_hash(user_id, each), user_id=user_id) for each in codes)
    end_all_sign_ins(session, user_id)
    record(session, "second_step_set_up", user, by=user.actor(), now=now)
    return codes


def remove_second_step(session: Session, user_id: int, *, by: Actor, now: datetime) -> User:
    """Ask somebody for no code any more; every sign-in of theirs ends. Raises NotFound."""
    user = locked_user(session, user_id)
    gone = session.execute(delete(SecondStep).where(SecondStep.user_id == user_id))
    session.execute(delete(PaperCode).where(PaperCode.user_id == user_id))
    if gone.rowcount:  # type: ignore[attr-defined]  # the result of a DELETE counts its rows
        end_all_sign_ins(session, user_id)
        record(session, "second_step_removed", user, by=by, now=now)
    return user


def spend_code(session: Session, user_id: int, code: str, seal: Seal, *, now: datetime) -> bool:
    """Return whether a code is right, of the phone or on paper; a right one is right this once. Raises NotFound."""
    locked_user(session, user_id)  # before the row below, as everything here does: two never wait for each other
    row = _locked(session, user_id)
    if row is None or row.confirmed_at is None:
        return False
    if _is_right(row, code, seal, now=now):
        return True
    paper = delete(PaperCode).where(PaperCode.user_id == user_id, PaperCode.hash == _hash(user_id, code))
    return bool(session.execute(paper).rowcount)  # type: ignore[attr-defined]  # as above


def start_half_sign_in(session: Session, user_id: int, *, now: datetime) -> str:
    """Store that somebody has done the first step, and return a token with which only the second can be done."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_plain_hash(token),
            user_id=user_id,
            created_at=now,
            expires_at=now + HALF_LASTS,
            waits_for_code=True,
        )
    )
    return token


def half_sign_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the first step behind a token, as long as the second can be done."""
    row = session.get(SignIn, _plain_hash(token), options=[joinedload(SignIn.user)])
    is_good = row is not None and row.waits_for_code and row.expires_at > now and row.user.is_active
    return row if is_good else None


def finish_sign_in(
    session: Session, token: str, code: str, seal: Seal, *, now: datetime, longest: timedelta
) -> tuple[User, str] | None:
    """Do the second step: return who signs in and the token of the sign-in, or None for a wrong or used code."""
    half = half_sign_in(session, token, now=now)
    if half is None or not spend_code(session, half.user_id, code, seal, now=now):
        return None
    user = half.user
    gone = session.execute(delete(SignIn).where(SignIn.token_hash == half.token_hash))
    if not gone.rowcount:  # type: ignore[attr-defined]  # as above; whoever ended it was a moment earlier
        return None
    return user, start_sign_in(session, user.id, now=now, longest=longest)


def _locked(session: Session, user_id: int) -> SecondStep | None:
    return session.get(SecondStep, user_id, with_for_update=True, populate_existing=True)


def _is_right(row: SecondStep, code: str, seal: Seal, *, now: datetime) -> bool:
    """Return whether a code is one of the phone's around now and later than the last that was taken; keep it as that.

    Every interval is compared, so that the answer takes as long whichever it is.
    """
    secret, digits = seal.open(row.sealed), "".join(code.split())
    if secret is None or not (digits.isascii() and digits.isdigit()):
        return False
    totp, present = pyotp.TOTP(secret, interval=INTERVAL), int(now.timestamp()) // INTERVAL
    around = range(present - SKEW, present + SKEW + 1)
    right = [each for each in around if compare_digest(totp.generate_otp(each), digits) and each > row.last_interval]
    if right:
        row.last_interval = right[-1]
    return bool(right)


def _hash(user_id: int, code: str) -> str:
    """Return the hash of a code on paper, however its letters and dashes were typed: 79 random bits need no salt."""
    letters = "".join(each for each in code.lower() if each.isalnum())
    return hashlib.sha256(f"{user_id} {letters}".encode(errors="replace")).hexdigest()


def _plain_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
