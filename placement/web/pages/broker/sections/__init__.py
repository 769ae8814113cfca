"""The sections of a referral, a file each: its fields, how they are filled and saved, and its lines of answers."""

from placement.domain.sections import SECTIONS as ORDER
from placement.web.pages.broker.sections import around, choices, dates, funding, needs, person, place, risks
from placement.web.pages.broker.sections.section import SectionPages

_ALL: tuple[SectionPages, ...] = (
    person.SECTION, needs.SECTION, risks.SECTION, place.SECTION, dates.SECTION, choices.SECTION, funding.SECTION,
    around.SECTION,
)  # fmt: skip
SECTION = {each.slug: each for each in _ALL}
SECTIONS = tuple(SECTION[section.slug] for section in ORDER)

__all__ = ["SECTION", "SECTIONS", "SectionPages"]
