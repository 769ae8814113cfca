"""Who changed which number of a unit: one page for provider, broker and commissioner, of the units they may see."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.market.history import reported_changes
from placement.market.services import unit as unit_with
from placement.web.access import current_actor
from placement.web.forms.vacancies import NUMBERS
from placement.web.paging import place
from placement.web.transactions import reading


def history_page(template: str, unit_id: int) -> ResponseReturnValue:
    """Show what was reported of a unit, by whom, and from what to what."""
    found = unit_with(reading(), unit_id, actor=current_actor())
    page = reported_changes(reading(), found, at=place())
    return render_template(template, unit=found, page=page, labels=NUMBERS)
