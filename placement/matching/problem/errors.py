"""The errors raised over documents that do not say what the formats ask for."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return a text with its line breaks and control characters spelt out: no file may forge or break up a message."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


class MalformedDocument(ValueError):
    """A document breaks its format; `place` says where (`units[3].free[1]`), `reason` says how."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return one_line(f"{self.place}: {self.reason}" if self.place else self.reason)


class MalformedInstance(MalformedDocument):
    """An instance is not a sound `placement-instance/1`."""


class MalformedPlan(MalformedDocument):
    """A plan is not a sound `placement-plan/1`."""
