"""What the council says of a provider: setting it, and saying from which day it no longer holds."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.validators import Length, Optional

from placement.domain.reasons import STANDING_CAUSES
from placement.market.standings import SET_BY_HAND
from placement.records.providers import Provider
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm

LONGEST_REASON = 500


class StandingForm(TypedForm):
    """A status of one provider. The page fills in the providers to choose from."""

    provider = fields.select("Provider", [("", "Choose a provider")], [Entered("Choose a provider")])
    status = fields.radios(
        "What holds for it?",
        [(status.value, status.label) for status in SET_BY_HAND],
        [Entered("Choose what holds for this provider")],
        "From “Paused” on nobody new is placed there. The others are shown, and a broker may go on",
        look=SMALL,
    )
    cause = fields.radios(
        "What is behind it?",
        [(reason.slug, reason.label) for reason in STANDING_CAUSES if reason.is_offered],
        [Entered("Choose what is behind it")],
        look=SMALL,
    )
    reason = fields.area(
        "In a sentence",
        [
            Entered("Say in a sentence why"),
            Length(max=LONGEST_REASON, message=f"Enter at most {LONGEST_REASON} characters"),
        ],
        "Brokers read it beside the provider’s name. Do not write anybody’s name",
        look=Look(size="s", rows=3),
    )
    start_on = fields.day("First day", [Entered("Enter the first day")], look=SMALL)
    review_on = fields.day("Looked at again on (optional)", [Optional()], look=SMALL)

    def offer(self, providers: Sequence[Provider]) -> None:
        """Let one of the providers be chosen."""
        rows = [(str(provider.id), provider.name) for provider in providers]
        self.provider.choices = fields.options([("", "Choose a provider"), *rows])


class EndStandingForm(TypedForm):
    """From which day a status no longer holds."""

    end_on = fields.day("First day on which it no longer holds", [Entered("Enter the day")])
