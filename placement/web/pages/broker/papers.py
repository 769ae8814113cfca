"""What is printed of a choice: the sheet for the person, and the proof of what was offered; each as a page and as PDF.

Both are made from what was stored with the sheet, and ask nothing that may have changed since.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.brokerage.choices import reach
from placement.brokerage.choices import sheet as sheet_with
from placement.domain.choices import REGULATIONS
from placement.domain.councils import COUNCIL
from placement.domain.states import SheetState
from placement.records.choices import OptionsSheet
from placement.web.access import current_actor
from placement.web.pages.broker import blueprint
from placement.web.papers import pdf
from placement.web.transactions import reading


@blueprint.get("/sheets/<int:sheet_id>/for-person")
def sheet_for_person(sheet_id: int) -> ResponseReturnValue:
    """Show the sheet that the person and the family read, in large type."""
    return _for_person(_found(sheet_id), is_pdf=False)


@blueprint.get("/sheets/<int:sheet_id>/for-person.pdf")
def sheet_for_person_pdf(sheet_id: int) -> ResponseReturnValue:
    """Send the same sheet as PDF."""
    found = _found(sheet_id)
    return pdf(_for_person(found, is_pdf=True), name=f"options-{found.reference}-{found.id}.pdf")


@blueprint.get("/sheets/<int:sheet_id>/proof")
def proof(sheet_id: int) -> ResponseReturnValue:
    """Show what was offered, when, at which price against which budget, and what was chosen by whom."""
    return _proof(_found(sheet_id), is_pdf=False)


@blueprint.get("/sheets/<int:sheet_id>/proof.pdf")
def proof_pdf(sheet_id: int) -> ResponseReturnValue:
    """Send the same proof as PDF."""
    found = _found(sheet_id)
    return pdf(_proof(found, is_pdf=True), name=f"choice-{found.reference}-{found.id}.pdf")


def _found(sheet_id: int) -> OptionsSheet:
    return sheet_with(reading(), sheet_id, actor=current_actor())


def _for_person(found: OptionsSheet, *, is_pdf: bool) -> str:
    return render_template(
        "broker/sheet_for_person.html",
        sheet=found,
        council=COUNCIL[found.council],
        reach=reach(found.options),
        is_withdrawn=found.state is SheetState.WITHDRAWN,
        is_pdf=is_pdf,
    )


def _proof(found: OptionsSheet, *, is_pdf: bool) -> str:
    return render_template(
        "broker/proof.html",
        sheet=found,
        council=COUNCIL[found.council],
        within_reach=[each for each in found.options if each.is_within_reach],
        reach=reach(found.options),
        regulations=REGULATIONS,
        is_withdrawn=found.state is SheetState.WITHDRAWN,
        is_pdf=is_pdf,
    )
