"""Every measure of the strategy: the index, the pages, the files and the tests iterate over this table."""

from __future__ import annotations

from placement.reports.kpis.ascof import ASCOF
from placement.reports.kpis.embargoes import EMBARGOES
from placement.reports.kpis.fairness import FAIRNESS
from placement.reports.kpis.in_city import IN_CITY_SHARE
from placement.reports.kpis.outside import OUTSIDE
from placement.reports.kpis.prices import PRICES
from placement.reports.kpis.ratings import CQC_RATINGS
from placement.reports.kpis.requests import REQUESTS
from placement.reports.kpis.waits import WAITS

MEASURES = (IN_CITY_SHARE, WAITS, EMBARGOES, OUTSIDE, REQUESTS, CQC_RATINGS, PRICES, ASCOF, FAIRNESS)
MEASURE = {measure.slug: measure for measure in MEASURES}
