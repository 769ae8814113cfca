"""What a section of a referral is to the web: its questions, what saving them does, and its lines of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wtforms import Field

from placement.domain.people import Actor
from placement.domain.sections import SECTION
from placement.records.referrals import Referral
from placement.web.forms.shared import SharedForm

Row = tuple[str, str | list[str]] | None  # a question and its answer or answers; None where there is nothing to say


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Questions that stand together, under a heading that can be folded if they have one."""

    fields: Sequence[Field]
    heading: str = ""
    note: str = ""
    is_open: bool = True


def together(form: SharedForm) -> list[FieldGroup]:
    """Return every question of a form in one group."""
    return [FieldGroup(fields=list(form.asked))]


def nothing(_referral: Referral) -> str:
    """Say nothing before the questions."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPages:
    """One section: its page of questions, and its part of every page that shows the answers."""

    slug: str
    form: Callable[[Referral], SharedForm]  # filled with what is known
    save: Callable[[Any, Referral, Any, Actor, datetime], None]  # by the action, which judges; Any: session and form
    rows: Callable[[Referral], Sequence[Row]]
    lead: Callable[[Referral], str] = nothing
    groups: Callable[[Any], Sequence[FieldGroup]] = together
    is_wide: bool = False

    @property
    def label(self) -> str:
        """The section's name."""
        return SECTION[self.slug].label
