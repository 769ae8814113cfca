"""The market position pack: what a council can publish of needs, supply, quality and gaps, as tables.

Counts of people in it are those of `reports.city_needs` and `reports.place_values`, protected there; how many asked in
all is protected here against what is told of those without a place. Places, services and ratings are no people. How
many places are free is left out: beside all places it would say how many people live in a service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.domain.services import RATINGS, SERVICE_TYPES, rating_label
from placement.domain.states import ReferralState
from placement.market.contacts import council_contact
from placement.records.contacts import CouncilContact
from placement.records.referrals import Referral
from placement.records.valuations import Valuation, newest_valuation
from placement.reports.asked import Asked, Level
from placement.reports.city_needs import told_of, unmet_people
from placement.reports.facets import GROUP_LABELS, FacetGroup
from placement.reports.need_lines import CityNeeds, NeedLine
from placement.reports.place_values import ValueLine, value_lines
from placement.reports.quarters import quarters
from placement.reports.small_numbers import MARK, Figures, Key, Told, protected
from placement.reports.supply import Supply, supply
from placement.sheets.sheet import Cell

WORST = 15
"""Lines of needs by locality: more is a file."""
PEOPLE = "People without a place"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTable:
    """One table: the section that it stands in, its caption, and rows of which the first cell is a name.

    `drawn`: the number of the column that is drawn as bars beside it; None for no drawing.
    """

    section: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    drawn: int | None = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionPack:
    """The whole pack: as of which day and over which year, its tables, and what to have more and less of.

    `asked`: how many people asked for a place in the year, protected. `values`: the answer that `more` was read from.
    `less`: types of service that too few people without a place had wanted to be counted.
    """

    day: date
    year: Period
    asked: Told
    without: Told
    demand: tuple[PackTable, ...]
    supply: tuple[PackTable, ...]
    quality: PackTable
    gaps: PackTable
    values: Valuation | None
    more: Sequence[ValueLine]
    less: tuple[str, ...]
    contact: CouncilContact | None

    @property
    def tables(self) -> tuple[PackTable, ...]:
        """Every table in the order of the pack."""
        return *self.demand, *self.supply, self.quality, self.gaps


def position_pack(session: Session, asked: Asked) -> PositionPack:
    """Return the pack for the council and the wards that are asked about; two dozen queries at most."""
    asked = replace(asked, level=Level.LOCALITY)
    spans = quarters(today(asked.now))
    people = unmet_people(session, asked, spans.year)
    needs = told_of(people, asked)
    offered = [each for each in supply(session, asked) if each.service.authority == asked.ward_set.authority]
    everybody = needs.lines[None, None]
    values = newest_valuation(session, spans.year) or newest_valuation(session, spans.last)
    lines = value_lines(values, asked.areas()) if values else []
    return PositionPack(
        day=today(asked.now),
        year=spans.year,
        asked=_asked(session, asked, spans.year, len(people), everybody.people),
        without=everybody.people,
        demand=tuple(_demand(needs)),
        supply=(_by_ward(offered, asked), _by_type(offered)),
        quality=_quality(offered),
        gaps=_gaps(needs),
        values=values,
        more=[line for line in lines if any(gain.helps for gain in line.gains)],
        less=tuple(_less(needs, offered)),
        contact=council_contact(session),
    )


def _asked(session: Session, asked: Asked, year: Period, without: int, told: Told) -> Told:
    """Return how many people asked; held back where it, or what is told beside it, would give a few of them away."""
    day = timedelta(days=1)
    first, last = (datetime.combine(each, time(), tzinfo=UTC) for each in (year.start - day, (year.end or year.start)))
    rows = select(Referral.person_id, func.max(Referral.submitted_at)).where(
        Referral.council == asked.ward_set.authority,
        Referral.state != ReferralState.DRAFT,
        Referral.submitted_at >= first,
        Referral.submitted_at < last + day,
    )
    known = session.execute(rows.group_by(Referral.person_id))
    everybody = sum(year.holds(today(at)) for _, at in known if at)
    whole, part, rest = ("asked",), ("without",), ("met",)
    counts: dict[Key, int] = {whole: max(everybody, without), part: without, rest: max(0, everybody - without)}
    found = protected(Figures(counts=counts, sums=((whole, (part, rest)),), hidden={rest}))
    return found[whole] if found[part] == told else None


def _demand(needs: CityNeeds) -> Iterable[PackTable]:
    for group in FacetGroup:
        lines = [needs.lines[facet, None] for facet in needs.facets(group)]
        yield _people_table("Demand", f"{PEOPLE}, by {GROUP_LABELS[group].lower()}", lines, _facet_name)
    areas = [needs.lines[None, area.code] for area in needs.areas]
    yield _people_table("Demand", f"{PEOPLE}, by where they live", areas, _area_name)


def _people_table(section: str, caption: str, lines: Iterable[NeedLine], name: Callable[[NeedLine], str]) -> PackTable:
    rows = tuple((name(line), _told(line.people), _told(line.last), _told(line.outside), line.nights) for line in lines)
    head = ("", PEOPLE, "Of them in the last quarter", "Of them placed outside", "Nights waited")
    return PackTable(section=section, caption=caption, head=head, rows=rows)


def _gaps(needs: CityNeeds) -> PackTable:
    facets = needs.facets(FacetGroup.NEED)
    rows = tuple(
        (
            f"{_facet_name(line)}, {_area_name(line)}",
            _told(line.people),
            line.nights,
            _told(line.outside),
            None if line.monthly_pence is None else line.monthly_pence // 100,
        )
        for line in needs.worst(facets)[:WORST]
    )
    head = ("", PEOPLE, "Nights waited", "Of them placed outside", "Places outside, £ a month")
    return PackTable(section="Gaps", caption="Needs by locality, the most people first", head=head, rows=rows)


def _by_ward(offered: Sequence[Supply], asked: Asked) -> PackTable:
    by_ward = replace(asked, level=Level.WARD)
    of = [(by_ward.area_of(each.service.ward_code, each.service.authority), each) for each in offered]
    rows = tuple(
        (area.name, *_size([each for code, each in of if code == area.code]))
        for area in by_ward.areas()
        if by_ward.ward_set.ward(area.code) or any(code == area.code for code, _ in of)
    )
    head = ("Ward", "Places", "Services")
    return PackTable(section="Supply", caption="Services and places by ward", head=head, rows=rows)


def _by_type(offered: Sequence[Supply]) -> PackTable:
    rows = tuple(
        (kind.label, *_size([each for each in offered if each.service.service_type == kind.slug]))
        for kind in SERVICE_TYPES
    )
    return PackTable(
        section="Supply", caption="Services and places by type of service", head=("Type", "Places", "Services"),
        rows=tuple(row for row in rows if row[2]),
    )  # fmt: skip


def _size(offered: Sequence[Supply]) -> tuple[int, int]:
    return sum(each.unit.capacity for each in offered), len({each.service.id for each in offered})


def _quality(offered: Sequence[Supply]) -> PackTable:
    rated = Counter({each.service.id: each.service for each in offered}.values())
    found = Counter(service.quality for service in rated)
    grades: list[int | None] = [*reversed(range(len(RATINGS))), None]
    rows = tuple((rating_label(grade), found[grade]) for grade in grades)
    return PackTable(section="Quality", caption="Services by CQC rating", head=("Rating", "Services"), rows=rows)


def _less(needs: CityNeeds, offered: Sequence[Supply]) -> Iterable[str]:
    """Yield the types that the city has and that have no row among those wanted in vain, where others have one.

    That too few for a row wanted one is told by the rows already. Where no type has one, records do not say enough.
    """
    wanted = {facet.slug for facet in needs.facets(FacetGroup.TYPE)}
    there = {each.service.service_type for each in offered}
    return (each.label for each in SERVICE_TYPES if wanted and each.slug in there - wanted)


def _facet_name(line: NeedLine) -> str:
    return line.facet.label if line.facet else "Everybody"


def _area_name(line: NeedLine) -> str:
    return line.area.name if line.area else "Whole city"


def _told(count: Told) -> Cell:
    return MARK if count is None else count
