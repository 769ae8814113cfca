"""Every way in which the product says no. `web/errors.py` turns the base class into a page; nothing else does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


class PlacementError(Exception):
    """The product cannot do what was asked; the message says why and `advice` says what to do about it."""

    status = 400
    advice = "Check what you entered and try again."


class NotFound(PlacementError):
    """There is no such record, or this person may not know that there is one."""

    status = 404
    advice = "Check the address, or go back to where you were."


class NotAllowed(PlacementError):
    """This person may see the record, but may not do this to it."""

    status = 403
    advice = "Ask an administrator if you think you should be able to do this."


class Invalid(PlacementError):
    """What was sent breaks a rule of the trade. `field` names the question that it answers, where there is one."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Question:
    """Something to confirm before it is done. The `key` names just this fact: another fact is another question."""

    key: str
    text: str


class ToConfirm(Invalid):
    """What was sent can be done, and is unusual enough to ask about first. Nothing has been stored."""

    advice = "Check what is asked. If it is right, confirm it; if not, change what you entered."

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(" ".join(question.text for question in questions))
        self.questions = tuple(questions)


def require_confirmed(questions: Sequence[Question], confirmed: Collection[str]) -> None:
    """Raise ToConfirm, with every question, unless each of them has been confirmed."""
    if any(question.key not in confirmed for question in questions):
        raise ToConfirm(questions)


class Recognised(PlacementError):
    """Somebody on record has this case number, or may be the same person: a human says who it is.

    `known` is the id of the person with the case number, or None; `alike` are the ids of people with another number.
    """

    status = 409
    advice = "Say whether it is the same person."

    def __init__(self, *, known: int | None = None, alike: tuple[int, ...] = ()) -> None:
        super().__init__("This person may be on record already.")
        self.known, self.alike = known, alike


class OutOfStep(PlacementError):
    """The record is not in a state from which this can be done."""

    status = 409
    advice = "Go back and look at where it stands now."


class EditedMeanwhile(OutOfStep):
    """Somebody else changed the record after this page was opened."""

    advice = "Look at what it says now, then make your change again."


class SentAlready(OutOfStep):
    """The same form has been sent and done before: its sender is answered as the first time."""


class NoLongerVacant(OutOfStep):
    """The place was taken while somebody was deciding."""

    advice = "Choose one of the next best places. What you wrote has been kept."


class AlreadyPlaced(OutOfStep):
    """The person already has a place on some of these nights."""

    advice = "End the other placement, or choose dates that do not overlap it."


class NoPdf(PlacementError):
    """The libraries that PDF files are made with are not on this machine."""

    status = 503
    advice = (
        "Go back, open the page itself and print it from your browser: it is the same sheet. Whoever runs this site "
        "installs Pango (on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
        "fonts-liberation) and starts it again."
    )


class TooManyTries(PlacementError):
    """Something was tried too often; `seconds` until the next try, `advice` what else can be done."""

    status = 429

    def __init__(self, message: str, *, seconds: int, advice: str = "") -> None:
        super().__init__(message)
        self.seconds = seconds
        minutes = max(1, -(-seconds // 60))
        wait = f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes <= 90 else f"{-(-minutes // 60)} hours"
        self.advice = f"Wait {wait}, then try again. {advice}".strip()


class UnusableFile(Invalid):
    """A file as a whole cannot be read."""

    advice = "Save the file again in one of the listed formats, then try once more."
