"""Options for a person, what was chosen from them and by whom, and taking a sheet back."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField
from wtforms.validators import Length, Optional

from placement.brokerage.choices import AllTheSame, WhatWasChosen
from placement.domain.choices import CHOOSERS, GIVEN_ANYWAY, NONE_CHOSEN, TAKEN_BACK, WAYS_TO_CHOOSE
from placement.domain.reasons import Reason
from placement.records.choices import OptionsSheet
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.hidden import first_id
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm

NONE = "none"
ASIDE = Look(size="s", is_small=True)


def _rows(reasons: Sequence[Reason]) -> list[tuple[str, str]]:
    return [(reason.slug, reason.label) for reason in reasons]


class OptionsForm(TypedForm):
    """Which places a person is offered, and why these if none of them is within reach. The page fills in the places."""

    units = fields.checkboxes("Places to offer", (), [Entered("Choose at least one place for the sheet")], look=ASIDE)
    reason = fields.radios(
        "If no place on the sheet is available and within the budget: why are they given all the same?",
        _rows(GIVEN_ANYWAY),
        [Optional()],
        look=ASIDE,
    )
    note = fields.area(
        "Say more (optional)",
        [Length(max=500, message="Enter at most 500 characters")],
        "Kept with the sheet, and printed on the proof",
        look=Look(size="s", rows=2),
    )

    def offer(self, units: Sequence[tuple[str, str]]) -> None:
        """Fill in what can be offered: ids and names."""
        self.units.choices = fields.options(units)

    def chosen(self) -> list[int]:
        """Return the ids of the units that are ticked."""
        return [int(value) for value in self.units.data or () if value.isdecimal()]

    def all_the_same(self) -> AllTheSame:
        """Return why they are given even if none is within reach."""
        return AllTheSame(reason=self.reason.data or None, note=self.note.data or "")


class RecordChoiceForm(TypedForm):
    """What was chosen, who chose, how and when. `seen` is how many choices of this sheet the page showed."""

    seen = HiddenField()
    option = fields.radios("What was chosen?", (), [Entered("Choose what was chosen")], look=SMALL)
    none_reason = fields.radios("If none of them: why?", _rows(NONE_CHOSEN), [Optional()], look=ASIDE)
    chooser = fields.radios(
        "Who chose?", [(each.slug, each.label) for each in CHOOSERS], [Entered("Choose who chose")], look=SMALL
    )
    chosen_by = fields.text(
        "If not the person alone: who else?",
        [Length(max=160, message="Enter at most 160 characters")],
        ". ".join(each.hint for each in CHOOSERS if each.hint),
        look=SMALL,
    )
    way = fields.radios(
        "How was it decided?", _rows(WAYS_TO_CHOOSE), [Entered("Choose how it was decided")], look=SMALL
    )
    chosen_on = fields.day("When was it decided?", [Entered("Enter the day on which it was decided")], look=SMALL)
    words = fields.area(
        "In the person’s own words (optional)",
        [Length(max=1000, message="Enter at most 1,000 characters")],
        look=Look(size="s", rows=3),
    )

    def offer(self, sheet: OptionsSheet) -> None:
        """Fill in what can be chosen from a sheet: each place by its position, or none of them."""
        places = [(str(each.position), f"{each.position}. {each.service_name}") for each in sheet.options]
        self.option.choices = fields.options([*places, (NONE, "None of them")])

    def choice(self) -> WhatWasChosen:
        """Return what was chosen, as the action judges it."""
        return WhatWasChosen(
            position=None if self.option.data == NONE else first_id(self.option.data),
            none_reason=self.none_reason.data or None,
            chooser=self.chooser.data,
            chosen_by=self.chosen_by.data or "",
            way=self.way.data,
            words=self.words.data or "",
            chosen_on=self.chosen_on.data,
        )


class TakeBackForm(TypedForm):
    """Why a sheet is withdrawn."""

    reason = fields.radios(
        "Why is this sheet withdrawn?",
        _rows(TAKEN_BACK),
        [Entered("Choose why it is withdrawn")],
        look=Look(size="l", is_heading=True),
    )
