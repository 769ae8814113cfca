"""By what unmet need is told: what people cannot do without, their kind of stay, and the type of service they want."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from placement.domain.features import SPECIALISMS, SUPPORT
from placement.domain.kinds import KINDS
from placement.domain.services import SERVICE_TYPES
from placement.reports.cases import ReferralCase


class FacetGroup(StrEnum):
    """Under which heading a facet stands."""

    NEED = "need"
    KIND = "kind"
    TYPE = "type"


GROUP_LABELS = {
    FacetGroup.NEED: "Specialisms and support",
    FacetGroup.KIND: "Kinds of referral",
    FacetGroup.TYPE: "Types of service wanted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFacet:
    """One row: people who need all of the marks, or are of the kind, or want the type of service that is the mark."""

    slug: str
    label: str
    group: FacetGroup
    marks: frozenset[str]

    def holds(self, case: ReferralCase) -> bool:
        """Return whether somebody is counted in it."""
        return self.marks <= marks_of(self.group, case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Facets that have to do with each other by what they mean, and the sorts of people that they tell apart.

    A sort is the marks that somebody has of those of the cluster; everybody is of just one.
    """

    group: FacetGroup
    facets: tuple[NeedFacet, ...]
    sorts: tuple[frozenset[str], ...]

    @property
    def slug(self) -> str:
        """Its name."""
        return f"{self.group.value} {' '.join(facet.slug for facet in self.facets)}"

    def sort_of(self, case: ReferralCase) -> frozenset[str]:
        """Return which sort somebody is of."""
        return marks_of(self.group, case) & frozenset().union(*self.sorts)


def marks_of(group: FacetGroup, case: ReferralCase) -> frozenset[str]:
    """Return what somebody needs, their kind, or the types of service that they want."""
    return {FacetGroup.NEED: case.needs, FacetGroup.KIND: frozenset({case.kind}), FacetGroup.TYPE: case.types}[group]


def clusters(facets: Iterable[NeedFacet]) -> list[Cluster]:
    """Return facets by cluster: all kinds together, needs that stand together in a facet, and each type by itself."""
    found: list[list[NeedFacet]] = []
    kinds = [facet for facet in facets if facet.group is FacetGroup.KIND]
    for facet in (each for each in facets if each.group is not FacetGroup.KIND):
        near = [each for each in found if any(facet.group is one.group and facet.marks & one.marks for one in each)]
        found = [each for each in found if each not in near] + [[*(one for each in near for one in each), facet]]
    one_each = [kind.marks for kind in kinds]  # everybody is of a kind, and whoever reads the list knows it
    alone = [Cluster(group=FacetGroup.KIND, facets=tuple(kinds), sorts=tuple(one_each))] if kinds else []
    return alone + [
        Cluster(
            group=each[0].group, facets=tuple(each), sorts=tuple(_every(frozenset().union(*(f.marks for f in each))))
        )
        for each in found
    ]


def _every(marks: frozenset[str]) -> Iterator[frozenset[str]]:
    for size in range(len(marks) + 1):
        for some in combinations(sorted(marks), size):
            yield frozenset(some)


_PLAIN = {"nurse": "Nursing"}  # as people say it, where a form has to be more exact
# What is bought as one place though it is two needs.
_TOGETHER = (
    ("nursing_dementia", "Nursing dementia", ("nurse", "dementia")),
    ("nursing_mental_health", "Nursing mental health", ("nurse", "mental_health")),
    ("autism_and_ld", "Autism and learning disability", ("autism", "learning_disability")),
)
FACETS = (
    *(
        NeedFacet(slug=slug, label=label, group=FacetGroup.NEED, marks=frozenset(needs))
        for slug, label, needs in (
            *_TOGETHER,
            *((each.slug, _PLAIN.get(each.slug, each.label), (each.slug,)) for each in SPECIALISMS + SUPPORT),
        )
    ),
    *(
        NeedFacet(slug=kind.slug, label=kind.label, group=FacetGroup.KIND, marks=frozenset({kind.slug}))
        for kind in KINDS
    ),
    *(
        NeedFacet(slug=each.slug, label=each.label, group=FacetGroup.TYPE, marks=frozenset({each.slug}))
        for each in SERVICE_TYPES
    ),
)
FACET = {(facet.group, facet.slug): facet for facet in FACETS}
