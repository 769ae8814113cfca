"""What is asked of a stay while it lasts: why released, held or transferred, away in hospital, notice."""

from __future__ import annotations

from wtforms.validators import Optional

from placement.domain.staying import HELD_FOR, HOLDS, NOTICES, PROVIDERS_NOTICES, RELEASED_BY_HAND, TRANSFERS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL
from placement.web.forms.typed_form import TypedForm


class ReleaseForm(TypedForm):
    """Why a place is given back."""

    reason = fields.radios(
        "Why is the place released?",
        [(reason.slug, reason.label) for reason in RELEASED_BY_HAND],
        [Entered("Choose why the place is released")],
        look=SMALL,
    )


class HoldForm(TypedForm):
    """For how much longer a place is held, and why."""

    longer = fields.radios(
        "For how much longer?",
        [(row.slug, row.label) for row in HELD_FOR],
        [Entered("Choose for how much longer")],
        look=SMALL,
    )
    reason = fields.radios(
        "Why is it held for longer?",
        [(reason.slug, reason.label) for reason in HOLDS],
        [Entered("Choose why the place is held for longer")],
        look=SMALL,
    )


class AwayForm(TypedForm):
    """Since when somebody is in hospital, and when they are expected back."""

    since = fields.day("When did the person go into hospital?", [Entered("Enter the day")], look=SMALL)
    back_on = fields.day(
        "When are they expected back? (optional)", [Optional()], "Leave this empty if it is not known", look=SMALL
    )


class NoticeForm(TypedForm):
    """Who gave notice, and which night is the last."""

    giver = fields.radios(
        "Who gave notice?",
        [(row.slug, row.label) for row in NOTICES],
        [Entered("Choose who gave notice")],
        look=SMALL,
    )
    last_night = fields.day("Which night is the last?", [Entered("Enter the last night")], look=SMALL)


class ProvidersNoticeForm(NoticeForm):
    """The same, of those for whom a provider speaks."""

    giver = fields.radios(
        "Who gave notice?",
        [(row.slug, row.label) for row in PROVIDERS_NOTICES],
        [Entered("Choose who gave notice")],
        look=SMALL,
    )


class SwapForm(TypedForm):
    """With whom. The page fills in the stays."""

    other = fields.radios("Which stay?", (), [Entered("Choose with which stay to swap")], look=SMALL)


class TransferForm(TypedForm):
    """To which unit, from which day on, and why. The page fills in the units."""

    unit = fields.radios("Where to?", (), [Entered("Choose where to")], look=SMALL)
    start_on = fields.day("First night there", [Entered("Enter the first night there")], look=SMALL)
    reason = fields.radios(
        "Why does the person move?",
        [(reason.slug, reason.label) for reason in TRANSFERS],
        [Entered("Choose why the person is to move")],
        look=SMALL,
    )
