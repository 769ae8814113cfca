"""What a location says that no column keeps and a person may want to know. Each remark is a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from placement.domain.services import rating_label
from placement.market.imports.cqc.judgement import judgement_for
from placement.market.imports.cqc.rows import OVERALL, CqcLocation
from placement.market.imports.facts import is_for_children_only

CARE_HOMES = frozenset({"residential", "nursing"})
UNRATED = "not rated"  # the CQC's plain words for nothing at all; any others say why


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence about a location with a type of service, or nothing. `on_news`: only where its rating is news."""

    say: Callable[[CqcLocation, str], str]
    on_news: bool = False


def _dormant(location: CqcLocation, slug: str) -> str:
    return "It is dormant: registered, and nobody is served there, so it is not listed" if location.is_dormant else ""


def _care_home(location: CqcLocation, slug: str) -> str:
    types = CARE_HOMES & set(location.service_types)
    if location.is_care_home is None or not location.service_types or location.is_care_home == bool(types):
        return ""
    if location.is_care_home:
        return "The file says that it is a care home, and none of its service types is one"
    return "The file says that it is no care home, and its service types say that it is"


def _other_types_only(location: CqcLocation, slug: str) -> str:
    if location.service_types or not location.other_service_types:
        return ""
    return f"It is registered only for what has no part here: {'; '.join(location.other_service_types)}"


def _other_types_too(location: CqcLocation, slug: str) -> str:
    if not (location.service_types and location.other_service_types):
        return ""
    return f"It is registered, too, for what has no part here: {'; '.join(location.other_service_types)}"


def _other_sector(location: CqcLocation, slug: str) -> str:
    return "The file counts it to another sector than adult social care" if location.is_social_care is False else ""


def _children(location: CqcLocation, slug: str) -> str:
    return "It is registered for children only" if is_for_children_only(location) else ""


def _others_rating(location: CqcLocation, slug: str) -> str:
    found = judgement_for(location, slug)
    return f"{found.rule.sentence} stands for it" if found and found.rule.slug == "lowest" else ""


def _inherited(location: CqcLocation, slug: str) -> str:
    found = judgement_for(location, slug)
    is_inherited = found is not None and found.rating.is_inherited
    return "Its rating is inherited from an earlier registration" if is_inherited else ""


def _unrated(location: CqcLocation, slug: str) -> str:
    if judgement_for(location, slug):
        return ""
    words = {each.words for each in location.ratings if each.domain == OVERALL and each.quality is None}
    told = sorted(each for each in words if each.casefold() != UNRATED)
    return f"The CQC gives no rating: {'; '.join(told)}" if told else ""


def _lower_parts(location: CqcLocation, slug: str) -> str:
    found = judgement_for(location, slug)
    if found is None or found.rating.quality is None:
        return ""
    group, overall = found.rating.service_group, found.rating.quality
    parts = (each for each in location.ratings if each.service_group == group and each.domain != OVERALL)
    lower = sorted((each.quality, each.domain) for each in parts if each.quality is not None and each.quality < overall)
    told = ", ".join(f"{rating_label(quality)} for {domain.replace('_', '-')}" for quality, domain in lower)
    return f"Rated lower in parts than as a whole: {told}" if told else ""


REMARKS = (
    Remark(say=_dormant),
    Remark(say=_care_home),
    Remark(say=_other_types_only),
    Remark(say=_other_sector),
    Remark(say=_children),
    Remark(say=_other_types_too, on_news=True),
    Remark(say=_others_rating, on_news=True),
    Remark(say=_inherited, on_news=True),
    Remark(say=_unrated, on_news=True),
    Remark(say=_lower_parts, on_news=True),
)


def remarks_on(location: CqcLocation, slug: str, *, is_news: bool) -> Iterator[str]:
    """Yield what to say of a location; `is_news` tells whether the service or its rating is new."""
    said = (remark.say(location, slug) for remark in REMARKS if is_news or not remark.on_news)
    yield from filter(None, said)
