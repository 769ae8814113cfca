"""The gap map: the table, the same as a map, and as a file."""

from __future__ import annotations

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from placement.geography.attribution import ATTRIBUTION
from placement.reports.catalogue import HOW_TOLD, vintage
from placement.reports.gaps import gap_map
from placement.reports.waiting import LACKS
from placement.web.extensions import config
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.drawing import drawing, features
from placement.web.pages.commissioner.filters import chips, gap_form, query, question, strict_question
from placement.web.pages.commissioner.words import lacks, meant, people, run_words, unmet
from placement.web.transactions import reading


@blueprint.get("/gaps")
def gaps() -> ResponseReturnValue:
    """Show where people have no place in the city, for the filters in the address."""
    form = gap_form()
    asked = question(form)
    found = gap_map(reading(), asked)
    page = render_template(
        "commissioner/gaps.html",
        form=form,
        gaps=found,
        chips=chips(asked),
        drawing=drawing(found),
        query=query(asked),
        meant=meant(asked),
        unmet=unmet,
        people=people,
        lacks=lacks,
        run_told=run_words(found.waiting, asked.now) if found.waiting else [],
        every_lack=LACKS,
        tiles=config().tile_url,
        vintage=vintage(asked),
        credits=ATTRIBUTION,
        how_told=HOW_TOLD,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/gaps.geojson")
def gaps_geojson() -> ResponseReturnValue:
    """Answer with the same map for Leaflet."""
    return jsonify(features(gap_map(reading(), strict_question())))
