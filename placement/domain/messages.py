"""What the product writes to people: a row a message. A message has a reference, a time and a link, and no names.

Its words have no place for anything about a person: who reads somebody's mail learns that a request exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """One kind of message. `{reference}`, `{until}` (a moment in words) and `{link}` are all that it can name.

    One that `is_by_day` waits through a council's quiet hours, also when a mail server had refused it in the evening;
    nothing else to the address waits for it meanwhile.
    """

    slug: str
    subject: str
    words: str
    is_by_day: bool = False


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
        slug="request_changed",
        subject="{reference}: what is asked for has changed",
        words="Brokerage has changed what the person needs. Read what, and say if your answer is another one now:\n"
        "{link}",
    ),
    MessageKind(
        slug="update_link",
        subject="{reference}: your new link to update your vacancies",
        words="Update your vacancies, without an account:\n{link}\n\n"
        "The link can be used once, until {until}. It takes the place of the one before.",
    ),
    MessageKind(
        slug="offer_answered",
        subject="{reference}: a provider has answered",
        words="Read the answer:\n{link}",
    ),
    MessageKind(
        slug="place_reserved",
        subject="{reference}: a place is reserved with you",
        words="Brokerage has reserved a place with you. What happens next, and by when, stands here:\n{link}",
    ),
    MessageKind(
        slug="place_released",
        subject="{reference}: a place is free again",
        words="A place that was reserved with you is not needed any more:\n{link}\n\nYou need do nothing more.",
    ),
    MessageKind(
        slug="stay_changed",
        subject="{reference}: the dates of a stay have changed",
        words="Brokerage has changed the dates of a stay with you. Read which:\n{link}",
    ),
    MessageKind(
        slug="stay_swapped",
        subject="{reference}: somebody else is to come to you",
        words="Brokerage has swapped two stays. In place of the person whom you expected, or on other nights, this "
        "person is to come to you. Read who and when, and say whether you can take them:\n{link}",
    ),
    MessageKind(
        slug="pack_given",
        subject="{reference}: you can read the person’s details",
        words="Brokerage has given you the details of the person whom you have agreed to take. Sign in to read them:\n"
        "{link}",
    ),
    MessageKind(
        slug="hold_extended",
        subject="{reference}: the place is held for longer",
        words="Brokerage holds the place with you for longer. Read until when:\n{link}",
    ),
    MessageKind(
        slug="stay_news",
        subject="{reference}: news of a stay",
        words="Something has changed about a stay. Read what:\n{link}",
    ),
    MessageKind(
        slug="place_confirmed",
        subject="{reference}: the provider has confirmed the place",
        words="The place is confirmed:\n{link}",
    ),
    MessageKind(
        slug="place_lost",
        subject="{reference}: the place has gone",
        words="The reserved place is not to be had any more, and the referral is searched for again:\n{link}",
    ),
    MessageKind(
        slug="stay_to_look_into",
        subject="{reference}: a stay to look into",
        words="Something about a stay needs somebody at brokerage. Read what:\n{link}",
    ),
    MessageKind(
        slug="vacancies_due",
        is_by_day=True,
        subject="Are your vacancies still right? {reference} to confirm",
        words="Your newest numbers are old, or in doubt. Confirm them or change them, without an account:\n{link}\n\n"
        "The link works once, for a week, and takes the place of the one before. You have this e-mail once a day at "
        "most; to turn it off or choose its time, sign in and open Your e-mails.",
    ),
    MessageKind(
        slug="vacancies_due_nationally",
        is_by_day=True,
        subject="Are your vacancies still right? {reference} to confirm",
        words="Your newest numbers are old, or in doubt. Confirm them or change them, without an account:\n{link}\n\n"
        "The link works once, for a week, and takes the place of the one before.\n\n"
        "Also due nationally: your homes’ numbers are to be entered in the Capacity Tracker by {until}. Sign in and "
        "open Your services to copy them.\n\n"
        "You have this e-mail once a day at most; to turn it off or choose its time, sign in and open Your e-mails.",
    ),
    MessageKind(
        slug="reminders_stopped",
        is_by_day=True,
        subject="{reference} without an answer to four reminders",
        words="Reminders about their vacancies have stopped. See which services these are, and whom to ring:\n{link}",
    ),
    MessageKind(
        slug="tasks_due",
        is_by_day=True,
        subject="Due today: {reference}",
        words="Yours, and those that nobody has taken, due today or overdue:\n{link}",
    ),
    MessageKind(
        slug="invitation",
        subject="{reference}: an invitation to Find a place",
        words="You are invited to Find a place, where the council and those who provide care and support find places "
        "together. Open this page and say how you want to sign in, until {until}:\n\n{link}\n\n"
        "The link works once. If you do not know why you get this, do nothing.",
    ),
    MessageKind(
        slug="join_declined",
        subject="{reference}: you asked to join Find a place",
        words="The council has looked at what you sent and cannot take it up as it is. If you think that this is a "
        "mistake, ring the council’s commissioning team.",
    ),
    MessageKind(
        slug="sign_in_link",
        subject="{reference}: your link to sign in",
        words="Open this page and press its button to sign in. The link works once, until {until}:\n\n{link}\n\n"
        "If you did not ask for it, do nothing: without the link nobody signs in.",
    ),
)
MESSAGE: Mapping[str, MessageKind] = {row.slug: row for row in MESSAGES}
BY_DAY = frozenset(row.slug for row in MESSAGES if row.is_by_day)

# The first word of a code → what it says to an administrator. After it stands the server's number, or our fault's name.
FAILURES: Mapping[str, str] = {
    "recipient": "the address was refused",
    "mail": "the mail was refused",
    "sender": "the mail server refuses our sender or password",
    "address": "the mail server cannot write to this address",
    "unreachable": "the mail server cannot be reached",
    "cut": "the connection ended in the middle",
    "notify": "GOV.UK Notify does not take our mail",
    "unwritable": "it cannot be made into a mail",
    "abandoned": "every worker that took it ended before it was sent",
    "fault": "a fault of ours",
}


def failure_words(code: str | None) -> str:
    """Return why a message was not sent, in words, with the code for whoever looks after the mail server."""
    if not code:
        return ""
    known = FAILURES.get(code.split("_")[0])
    return f"{known} ({code})" if known else code


def about(slug: str, reference: str) -> str:
    """Return what a message is about, as its subject says; of a kind that has left the table, the reference."""
    return MESSAGE[slug].subject.format(reference=reference) if slug in MESSAGE else reference


# Event (of `events`) → the message that whoever is told of it gets. `records/telling.py` writes it with the event.
TELLINGS: Mapping[str, str] = {
    "place_reserved": "place_reserved",
    "place_released": "place_released",
    "stay_will_move_on": "stay_changed",
    "stay_goes_on": "stay_changed",
    "stay_dates_changed": "stay_changed",
    "stay_swapped": "stay_swapped",
    "place_confirmed": "place_confirmed",
    "referral_declined": "place_lost",
    "referral_lost_place": "place_lost",
    "stay_cannot_go_on": "stay_to_look_into",
    "stay_put_at_risk": "stay_to_look_into",
    "person_still_there": "stay_to_look_into",
    "not_as_planned": "stay_to_look_into",
    "hold_extended": "hold_extended",
    "pack_given": "pack_given",
    "arrival_taken_back": "stay_news",
    "departure_taken_back": "stay_news",
    "departure_taken_back_away": "stay_news",
    "departure_taken_back_on_notice": "stay_news",
    "person_went_away": "stay_news",
    "person_came_back": "stay_news",
    "went_away_on_notice": "stay_news",
    "came_back_on_notice": "stay_news",
    "notice_given": "stay_news",
    "notice_taken_back": "stay_news",
    "notice_taken_back_away": "stay_news",
}
# Written by what makes the event, because the link is a key of its own or several events share one message.
WRITTEN_APART = frozenset(
    {
        "offer_sent", "offer_chased", "offer_not_chosen", "offer_withdrawn",
        "question_asked", "question_answered", "interest_shown", "place_offered", "offer_declined",
        "service_reminded",
    }
)  # fmt: skip
# Told on pages and lists alone, and why nobody is written to.
NOT_WRITTEN: Mapping[str, str] = {
    "offer_chosen": "the place that is reserved with it is told",
    "offer_expired": "it is a task once nobody is left who could say yes",
    "person_arrived": "it is what was to happen",
    "person_left": "it is what was to happen",
    "standing_set": "it stands beside the provider's name, and is nobody's in particular",
    "standing_ended": "it no longer stands beside the provider's name",
    "service_unlisted_by_cqc": "an import tells it of all services at once",
    "service_dormant_by_cqc": "an import tells it of all services at once",
}
