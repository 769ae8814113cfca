"""What the product writes to people: a row a message. A message has a reference, a time and a link, and no names.

Its words have no place for anything about a person: who reads somebody's mail learns that a request exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """One kind of message. `{reference}`, `{until}` (a moment in words) and `{link}` are all that it can name."""

    slug: str
    subject: str
    words: str


MESSAGES = (
    MessageKind(
        slug="offer_sent",
        subject="{reference}: could you take somebody?",
        words="Brokerage asks whether you could take somebody. Please answer by {until}.\n\n"
        "Read and answer, without an account:\n{link}\n\n"
        "The link opens the request once. The request is also on your to-do list.",
    ),
    MessageKind(
        slug="offer_chased",
        subject="{reference}: half of your time to answer is over",
        words="You have not answered yet. Please answer by {until}.\n\n{link}\n\n"
        "This link takes the place of the one before.",
    ),
    MessageKind(
        slug="question_answered",
        subject="{reference}: brokerage has answered your question",
        words="Read the answer and answer the request by {until}:\n{link}",
    ),
    MessageKind(
        slug="offer_chosen",
        subject="{reference}: brokerage has chosen your place",
        words="Thank you. What happens next stands on your to-do list:\n{link}",
    ),
    MessageKind(
        slug="offer_not_chosen",
        subject="{reference}: another place was chosen",
        words="Thank you for your time. You need do nothing more.",
    ),
    MessageKind(
        slug="offer_withdrawn",
        subject="{reference}: the request is withdrawn",
        words="Thank you for your time. You need do nothing more.",
    ),
    MessageKind(
        slug="offer_answered",
        subject="{reference}: a provider has answered",
        words="Read the answer:\n{link}",
    ),
)
MESSAGE: Mapping[str, MessageKind] = {row.slug: row for row in MESSAGES}
