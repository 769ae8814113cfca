"""What somebody has to do by a time: a row a kind of task. Work lists, counts and alerts read this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from placement.domain.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKind:
    """One kind of task: what it says, and the table of the record that it is about (empty: any of SUBJECTS).

    `is_once`: one record has it once at a time. `is_alert`: it tells of something, and stands out until it was seen.
    `role`: whose it is, and nobody else sees it.
    """

    slug: str
    label: str
    subject: str = ""
    is_once: bool = True
    is_alert: bool = False
    role: Role = Role.BROKER


SUBJECTS = ("referral", "person", "service", "placement", "offer")
TASKS = (
    TaskKind(slug="decide_offers", label="A provider has said yes: choose a place", subject="referral", is_alert=True),
    TaskKind(slug="answer_question", label="Answer a provider’s question", subject="offer", is_alert=True),
    TaskKind(slug="ring", label="Ring the provider: nobody there gets our e-mail", subject="offer", is_alert=True),
    TaskKind(
        slug="nobody_left", label="Nobody has said yes and nobody is left to ask", subject="referral", is_alert=True
    ),
    TaskKind(slug="complete_referral", label="Complete the referral", subject="referral"),
    TaskKind(slug="complete_missing", label="Complete what is missing", subject="referral", is_alert=True),
    TaskKind(slug="escalated", label="Escalated: decide what is to be done", subject="referral", is_alert=True),
    TaskKind(slug="new_place", label="A place in the city fits now", subject="referral", is_alert=True),
    TaskKind(slug="override", label="Decide whether it may be a place all the same", subject="referral", is_alert=True),
    TaskKind(slug="release_pack", label="Give the provider the person’s details", subject="placement"),
    TaskKind(slug="allow_nights", label="Allow nights beyond the yearly allowance", subject="referral", is_alert=True),
    TaskKind(slug="sign_off", label="Sign off a place outside the city", subject="placement", is_alert=True),
    TaskKind(slug="sent_back", label="Not signed off: decide again", subject="placement", is_alert=True),
    TaskKind(slug="notify_host", label="Notify the host council", subject="placement"),
    TaskKind(slug="review_out_of_city", label="Review a stay outside the city", subject="placement"),
    TaskKind(slug="exit_review", label="Exit review of a crisis stay", subject="placement"),
    TaskKind(
        slug="hold_over", label="A reservation ran out: choose what comes next", subject="referral", is_alert=True
    ),
    TaskKind(
        slug="not_as_planned",
        label="The provider says that it does not go as planned",
        subject="placement",
        is_alert=True,
    ),
    TaskKind(slug="review_absence", label="Review a place kept for somebody in hospital", subject="placement"),
    TaskKind(slug="find_next", label="Notice is given: find what comes next", subject="placement", is_alert=True),
    TaskKind(
        slug="ring_silent",
        label="Ring a service that has not answered four reminders",
        subject="service",
        role=Role.COMMISSIONER,
    ),
    TaskKind(slug="follow_up", label="Follow up", is_once=False),
)
TASK: Mapping[str, TaskKind] = {row.slug: row for row in TASKS}
