"""What the city needs next, for whoever could open, change or convert places; and how a provider is seen."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from placement.market.contacts import council_contact, councils_of_provider
from placement.reports.asked import Asked, Level
from placement.reports.city_needs import city_needs
from placement.reports.facets import GROUP_LABELS, FacetGroup
from placement.reports.quarters import span_words
from placement.reports.seen import FEWEST_OTHERS, how_seen
from placement.web.access import current_actor
from placement.web.gazetteer import gazetteer
from placement.web.pages.provider import blueprint
from placement.web.transactions import now, reading, work_for


@blueprint.get("/needs")
def needs() -> ResponseReturnValue:
    """Show for whom there was no place, what one more would have been used for, whom to call, and how we are seen.

    Each council that can place people with the provider has needs of its own: `council` in the address says which.
    """
    provider_id = current_actor().provider_id
    if provider_id is None:
        abort(404)
    seen = how_seen(reading(), provider_id, now=now())
    councils = councils_of_provider(reading(), provider_id)
    chosen = next((each for each in councils if each.code == request.args.get("council")), councils[0])
    work_for(chosen.code)  # the rest of this page is about one council
    places = gazetteer()
    asked = Asked(now=now(), ward_set=places.ward_set, localities=places.localities, level=Level.LOCALITY)
    return render_template(
        "provider/needs.html",
        needs=city_needs(reading(), asked),
        groups=[(GROUP_LABELS[group], group) for group in FacetGroup],
        span_words=span_words,
        seen=seen,
        councils=councils,
        chosen=chosen,
        fewest_others=FEWEST_OTHERS,
        contact=council_contact(reading()),
        is_assumed=places.localities.is_assumed,
    )
