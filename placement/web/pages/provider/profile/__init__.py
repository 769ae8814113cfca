"""The sections of a unit's profile, in the order of the table."""

from placement.domain.profile import PROFILE
from placement.web.pages.provider.profile.answers import ANSWERS
from placement.web.pages.provider.profile.rules import RULES
from placement.web.pages.provider.profile.section import ProfilePages

PAGES = {each.slug: each for each in (*RULES, *ANSWERS)}
SECTIONS = tuple(PAGES[section.slug] for section in PROFILE)

__all__ = ["PAGES", "SECTIONS", "ProfilePages"]
