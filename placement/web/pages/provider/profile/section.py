"""What a section of a unit's profile is to the web: its questions, and the profile that their answers make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from placement.domain.profile import PROFILE_SECTION
from placement.market.profiles import SaidProfile
from placement.web.forms.shared import SharedForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePages:
    """One section: its page of questions, filled with what is stored, and what they make of a profile."""

    slug: str
    form: Callable[[SaidProfile], SharedForm]
    changed: Callable[[SaidProfile, Any], SaidProfile]  # Any: the section's own form, whose answers hold
    lead: str = ""

    @property
    def label(self) -> str:
        """The section's name."""
        return PROFILE_SECTION[self.slug].label
