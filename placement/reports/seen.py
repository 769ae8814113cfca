"""How brokers see a provider: answers, their time and the freshness of its numbers, beside the middle of its kind.

Kind is the type of service. The middle is the median of the other providers of that type, each counting once; where
fewer than five of them have a number it is not told, because it would say something of one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.states import OfferState
from placement.market.vacancies import is_due
from placement.records.availability import newest_reports
from placement.records.offers import Offer
from placement.records.providers import Service, Unit

FEWEST_OTHERS = 5
LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """What there is of one provider for one type: minutes to each answer, how many were yes, came in time or never.

    `fresh` of its `units` have said within seven days what is free.
    """

    minutes: list[float] = field(default_factory=list)
    yes: list[bool] = field(default_factory=list)
    in_time: list[bool] = field(default_factory=list)
    fresh: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing that is looked at, as a number; None where there is nothing to count."""

    slug: str
    label: str
    unit: str
    of: Callable[[TrackRecord], float | None]
    less_is_better: bool = False


def _percent(flags: Sequence[bool]) -> float | None:
    return 100 * sum(flags) / len(flags) if flags else None


MEASURES = (
    Measure(slug="in_time", label="Requests answered in time", unit="%", of=lambda record: _percent(record.in_time)),
    Measure(
        slug="hours",
        label="Hours until an answer, in the middle",
        unit="hours",
        of=lambda record: median(record.minutes) / 60 if record.minutes else None,
        less_is_better=True,
    ),
    Measure(slug="yes", label="Answers that were yes", unit="%", of=lambda record: _percent(record.yes)),
    Measure(
        slug="fresh",
        label="Units confirmed within 7 days",
        unit="%",
        of=lambda record: _percent(record.fresh),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One measure of a provider for one type of service; `middle` None: fewer than five others have the number."""

    measure: Measure
    own: float | None
    middle: float | None

    @property
    def is_behind(self) -> bool:
        """Whether the provider does less well than the middle of its kind."""
        if self.own is None or self.middle is None:
            return False
        return self.own > self.middle if self.measure.less_is_better else self.own < self.middle


def how_seen(session: Session, provider_id: int, *, now: datetime) -> Mapping[str, Sequence[Seen]]:
    """Return what is seen of a provider, by type of service, the one with most units first; three queries."""
    records = _records(session, now)
    own = {kind: record for (provider, kind), record in records.items() if provider == provider_id}
    types = sorted(own, key=lambda kind: (-len(own[kind].fresh), kind))
    return {kind: [_seen(each, own[kind], _others(records, provider_id, kind)) for each in MEASURES] for kind in types}


def _seen(measure: Measure, own: TrackRecord, others: Iterable[TrackRecord]) -> Seen:
    known = [number for record in others if (number := measure.of(record)) is not None]
    return Seen(
        measure=measure,
        own=measure.of(own),
        middle=median(known) if len(known) >= FEWEST_OTHERS else None,
    )


def _others(records: Mapping[tuple[int, str], TrackRecord], provider_id: int, kind: str) -> list[TrackRecord]:
    return [record for (provider, of), record in records.items() if of == kind and provider != provider_id]


def _records(session: Session, now: datetime) -> dict[tuple[int, str], TrackRecord]:
    found: defaultdict[tuple[int, str], TrackRecord] = defaultdict(TrackRecord)
    reports = newest_reports(session)
    whose = select(Service.provider_id, Service.service_type)
    for provider, kind, unit in session.execute(
        whose.add_columns(Unit.id).join(Unit, Unit.service_id == Service.id).where(Service.is_listed)
    ):
        found[provider, kind].fresh.append(not is_due(reports.get(unit), now=now))
    asked = whose.add_columns(Offer.state, Offer.sent_at, Offer.answered_at, Offer.reply_by)
    asked = asked.join(Unit, Unit.service_id == Service.id).join(Offer, Offer.unit_id == Unit.id)
    for provider, kind, state, sent_at, answered_at, reply_by in session.execute(
        asked.where(Offer.sent_at > now - LOOKED_BACK, Service.is_listed)
    ):
        record = found[provider, kind]
        if sent_at and answered_at:
            record.minutes.append((answered_at - sent_at) / timedelta(minutes=1))
            record.yes.append(state is not OfferState.DECLINED)
            record.in_time.append(answered_at <= reply_by)
        elif state is OfferState.EXPIRED:
            record.in_time.append(False)
    return dict(found)
