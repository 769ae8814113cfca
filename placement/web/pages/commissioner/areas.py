"""One area in words: who asks there, who has no place, what is free, and which services there are."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.geography.attribution import ATTRIBUTION
from placement.records.pages import cut
from placement.reports.asked import Asked, Level
from placement.reports.catalogue import HOW_TOLD, vintage
from placement.reports.gaps import area_gap
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.filters import gap_form, query, question
from placement.web.pages.commissioner.words import meant, run_words, sentences
from placement.web.paging import place
from placement.web.transactions import reading


@blueprint.get("/areas/<code>")
def area(code: str) -> ResponseReturnValue:
    """Show one ward or locality in words; its code says which of the two it is."""
    asked = _at_level_of(code, question(gap_form()))
    row, known, offered = area_gap(reading(), asked, code)
    return render_template(
        "commissioner/area.html",
        gap=row,
        offered=cut(offered, [each.unit.id for each in offered], at=place()),
        code=code,
        sentences=sentences(row, asked, is_known=known is None or known.run_at is not None),
        run_told=run_words(known, asked.now) if known else [],
        wards=[ward for ward in asked.ward_set.wards if asked.localities.by_ward.get(ward.code) == code],
        locality=asked.localities.of(code),
        query=query(asked),
        meant=meant(asked),
        vintage=vintage(asked),
        credits=ATTRIBUTION,
        how_told=HOW_TOLD,
    )


def _at_level_of(code: str, asked: Asked) -> Asked:
    if asked.ward_set.ward(code):
        return replace(asked, level=Level.WARD)
    known = {each.slug for each in asked.localities.areas}
    return replace(asked, level=Level.LOCALITY) if code in known else asked
