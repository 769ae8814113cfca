"""Fairness: shares, medians and intervals of each group, against plain SQL."""

from __future__ import annotations

from statistics import median

from sqlalchemy import text

from placement.domain.features import Strength
from placement.domain.people import Gender
from placement.records.referrals import ReferralNeed
from placement.reports.kpis.fairness import fairness_tables
from placement.reports.small_numbers import rounded
from tests.builders import a_person
from tests.reports.kpis.test_stays import held
from tests.reports.kpis.worlds import a_year, asked_for, cells_of, placed, units_of

PLACED = text("""
    SELECT e.gender, p.is_in_city, p.miles, EXISTS (
        SELECT 1 FROM referral_need n WHERE n.referral_id = p.referral_id AND n.slug = 'autism'
          AND n.strength = 'essential') AS autism
    FROM placement p JOIN person e ON e.id = p.person_id
    WHERE p.state IN ('confirmed', 'active', 'away', 'notice', 'ended')
      AND p.start_on >= :first AND p.start_on < :last
      AND NOT EXISTS (
        SELECT 1 FROM placement q WHERE q.person_id = p.person_id AND q.start_on >= :first AND q.start_on < :last
          AND q.state IN ('confirmed', 'active', 'away', 'notice', 'ended')
          AND (q.start_on > p.start_on OR q.start_on = p.start_on AND q.id > p.id))
""")


def told(store):
    with store.reading() as session:
        return {table.caption: cells_of(table) for table in fairness_tables(session, asked_for())}


def test_who_was_placed_where_is_what_sql_counts(store):
    with store.writing() as session:
        a_year(session, 5, people=140)
    with store.reading() as session:
        year = asked_for().year
        rows = session.execute(PLACED, {"first": year.start.isoformat(), "last": year.end.isoformat()}).all()
    cells = told(store)["People placed, by gender"]

    for gender, label in ((Gender.WOMAN, "Woman"), (Gender.MAN, "Man"), (None, "Not recorded")):
        those = [row for row in rows if row.gender == (gender.value if gender else None)]
        assert held(cells[label, "People placed"], len(those))
        if cells[label, "People placed"]:
            assert cells[label, "Miles, median"] == round(median(row.miles for row in those))
    assert held(cells["All", "People placed"], len(rows))


def test_shares_and_intervals_are_of_the_counts_that_are_told(store):
    with store.writing() as session:
        inside, _, _, outside = units_of(session)
        for number in range(46):
            person = a_person(session, gender=Gender.WOMAN if number % 2 else Gender.MAN)
            placed(
                session,
                inside if number < 30 else outside,
                days_ago=100,
                out=None if number < 30 else "cost",
                person=person,
            )
    cells = told(store)["People placed, by gender"]

    assert (cells["All", "People placed"], cells["All", "In-city share"]) == (rounded(46), 67)
    assert cells["All", "Share, interval"] == "52% to 79%", "30 of 45"
    assert cells["Woman", "People placed"] == 25
    assert cells["Woman", "Miles, interval"] == "3 to 12"


def test_a_need_has_a_row_where_enough_people_have_it(store):
    with store.writing() as session:
        unit = units_of(session)[0]
        for needs, people in ((("autism",), 30), (("dementia",), 6), ((), 20)):
            for _ in range(people):
                stay = placed(session, unit, days_ago=100)
                stay.referral.needs = _needs(*needs)
    tables = told(store)
    cells = tables["People placed, by need"]

    assert {label for label, _ in cells} == {"Autism"}
    assert cells["Autism", "People placed"] == 30
    assert tables["People for whom a place was found, by need"]["Autism", "Days waited, median"] == 2


def _needs(*slugs):
    return [ReferralNeed(slug=slug, strength=Strength.ESSENTIAL) for slug in slugs]
