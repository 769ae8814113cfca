"""Who changed which number of a unit from what to what: its reports, the newest first, each beside the one before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Unit
from placement.records.vacancies import VacancyReport

NUMBERS = ("maximum", "occupied", "reserved", "accepting")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedChange:
    """One report: what it changed, as (number, before, after). `is_first`: there was none before it."""

    report: VacancyReport
    changes: tuple[tuple[str, int, int], ...]
    is_first: bool


def reported_changes(session: Session, unit: Unit, *, at: PlaceInList = START) -> Page[ReportedChange]:
    """Return a page of the reports of a unit, the newest first; one question more than a page asks."""
    rows = select(VacancyReport).where(VacancyReport.unit_id == unit.id)
    page = page_of(session, rows, Key(column=VacancyReport.id, is_descending=True), at=at)
    oldest = page.rows[-1].id if page.rows else 0
    earlier = rows.where(VacancyReport.id < oldest).order_by(VacancyReport.id.desc()).limit(1)
    before = [*page.rows[1:], session.scalars(earlier).first()]
    return page.with_rows([_change(now, was) for now, was in zip(page.rows, before, strict=False)])


def _change(now: VacancyReport, was: VacancyReport | None) -> ReportedChange:
    pairs = ((name, getattr(was or now, name), getattr(now, name)) for name in NUMBERS)
    return ReportedChange(report=now, changes=tuple(each for each in pairs if each[1] != each[2]), is_first=was is None)
