"""Every measure of the strategy: the index, the pages, the files and the tests iterate over this table."""

from __future__ import annotations

from placement.reports.kpis.ascof import ASCOF
from placement.reports.kpis.diversity import DIVERSITY
from placement.reports.kpis.embargoes import EMBARGOES
from placement.reports.kpis.fairness import FAIRNESS
from placement.reports.kpis.in_city import IN_CITY_SHARE
from placement.reports.kpis.outside import OUTSIDE
from placement.reports.kpis.prices import PRICES
from placement.reports.kpis.ratings import CQC_RATINGS
from placement.reports.kpis.requests import REQUESTS
from placement.reports.kpis.waits import WAITS

MEASURES = (IN_CITY_SHARE, WAITS, EMBARGOES, OUTSIDE, REQUESTS, CQC_RATINGS, PRICES, ASCOF, DIVERSITY, FAIRNESS)
NOT_HELD = (
    "Step-down, 2:1 to 1:1 to shared: the support level is on the referral and no review of it is recorded.",
    "Complaints: nothing is recorded of them.",
    "What providers think of working with the council: nobody asks them here yet.",
    "The council’s own rating of a provider’s risk: what it has decided stands under embargoes and contracts.",
    "ASCOF 2A and 2D, and the denominators of 2B, 2C and 2E.",
    "What the matcher would have done for each group of people: a replay tells it for kinds of need, not here.",
)
"""What the strategy asks for and nothing here can tell, said plainly on the index of measures."""
MEASURE = {measure.slug: measure for measure in MEASURES}
