from dataclasses import replace

from placement.reports.asked import Area
from placement.reports.facets import FACET, FacetGroup
from placement.reports.need_lines import NeedLine
from placement.web.pages.commissioner.need_words import sentence

LINE = NeedLine(
    facet=FACET[FacetGroup.NEED, "nursing_dementia"],
    area=Area(code="north", name="North"),
    people=20,
    last=10,
    outside=10,
    nights=410,
    monthly_pence=11_200_00,
    used=300,
    served={1: None, 2: 10, 5: 15},
)


def test_says_who_waited_what_it_cost_and_what_would_have_helped():
    assert sentence(LINE) == (
        "Nursing dementia, North: about 20 people waited about 410 nights; about 10 of them went out of the city, for "
        "about £11,200 a month. Two more places would have served about 10."
    )


def test_leaves_out_what_is_held_back():
    few = replace(LINE, area=None, outside=None, monthly_pence=None, served={1: None, 2: None, 5: None})
    assert sentence(few) == (
        "Nursing dementia, the whole city: about 20 people waited about 410 nights. "
        "One more place would have been used on about 300 nights."
    )
