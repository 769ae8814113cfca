"""The sheet and the proof on paper: as they were given, whatever has become of everything since; as page and as PDF."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from placement.brokerage.choices import AllTheSame
from placement.brokerage.placements import release
from placement.domain import choices, features, services
from placement.domain.choices import MOST_OPTIONS
from placement.domain.people import SYSTEM
from placement.records.placements import Placement
from placement.records.providers import Provider, Service, Unit, UnitFeature
from placement.records.referrals import Person, Referral
from placement.records.sections import PlaceSection
from placement.web import papers
from tests.brokerage.sheets import a_given_sheet, an_option
from tests.builders import a_referral, night
from tests.conftest import NOW, ROOT
from tests.exploring import tried
from tests.web.pages.broker.test_choices import choose, give, priced
from tests.web.pages.broker.test_matches import TONIGHT, text
from tests.web.pages.broker.test_offers import an_offer

PAGES = ("for-person", "proof")
TEXTS = (Provider.name, Service.name, Service.address, Service.postcode, Unit.name, Person.name, Person.case_number)


def printed(broker, sheet):
    """Return the sheet and the proof, each as page and as PDF."""
    pages = [broker.get(f"{sheet}/{page}") for page in PAGES]
    files = [broker.get(f"{sheet}/{page}.pdf") for page in PAGES]
    assert {answer.status_code for answer in (*pages, *files)} == {200}
    return [answer.get_data() for answer in (*pages, *files)]


def change_everything(store):
    """Give every record that a sheet was made from other words and numbers, and close the services."""
    with store.writing() as session:
        for column in TEXTS:
            for row in session.scalars(select(column.class_)).all():
                setattr(row, column.key, f"{row.id}Z")
        for unit in session.scalars(select(Unit)).all():
            unit.weekly_pence, unit.features = 99_900, [UnitFeature(slug="garden")]
            unit.service.quality, unit.service.rated_on, unit.service.service_type = 0, night(-1), "nursing"
            unit.service.lat, unit.service.lon, unit.service.authority = 50.0, 0.0, "E07000223"
            unit.service.is_listed, unit.service.deregistered_on = False, night(-1)
        for referral in session.scalars(select(Referral)).all():
            referral.budget_weekly_pence, referral.near_postcode, referral.needs = 100, "B91 3QZ", []
            referral.place = PlaceSection(near_who="Somebody else")


def test_the_proof_is_the_same_years_later_whatever_has_become_of_prices_names_and_services(
    broker, market, funded, store, clock
):  # fmt: skip
    priced(store, market.far, 157_550)
    offer_id = an_offer(store, market)
    sheet = give(broker, funded, market.good, market.near, market.far, market.outside)
    choose(broker, sheet, option="2", words="Near my mother.", chooser="advocate", chosen_by="A. Speaker, Voices")
    before = printed(broker, sheet)
    assert "Near House" in before[1].decode()
    broker.post(f"{funded}/accept/{market.near}", TONIGHT)
    with store.writing() as session:
        assert offer_id
        release(session, session.scalars(select(Placement)).one(), reason="not_needed", by=SYSTEM, now=NOW)
    change_everything(store)
    clock.now += timedelta(days=365 * 6)
    broker.sign_in("broker@example.org")

    assert printed(broker, sheet) == before
    proof = text(broker.get(f"{sheet}/proof"))
    for said in (
        "Canary Personson, case CANARY1", "Personal budget £1,500 a week", "Yes. Available and within the personal",
        "2. Near House", "The person, with an advocate: A. Speaker, Voices", "Near my mother.", "£75.50 a week",
        "Recorded 23 November 2026", "Outstanding", "from her mother", "outside Coventry",
    ):  # fmt: skip
        assert said in proof, said


def test_words_that_leave_our_own_tables_stay_on_the_sheet(broker, market, funded, store, monkeypatch):
    """What a feature, a rating or a kind of service is called is kept with the sheet, and not looked up again."""
    sheet = give(broker, funded, market.near)
    before = printed(broker, sheet)
    monkeypatch.setattr(features, "FEATURE", {})
    monkeypatch.setattr(services, "SERVICE_TYPE", {})
    monkeypatch.setattr(services, "RATINGS", ("?",) * 4)
    assert printed(broker, sheet) == before


def test_a_coded_answer_that_has_left_the_tables_is_shown_as_it_is_stored(
    broker, market, funded, store, monkeypatch
):  # fmt: skip
    sheet = give(broker, funded, market.near)
    choose(broker, sheet, chooser="advocate", chosen_by="A. Speaker")
    monkeypatch.delitem(choices.CHOOSER, "advocate")
    assert "Who chose advocate: A. Speaker" in text(broker.get(f"{sheet}/proof"))


@pytest.mark.parametrize("page", PAGES)
def test_a_pdf_is_tagged_titled_and_named_without_a_person(broker, market, funded, page):
    sheet = give(broker, funded, market.near, market.good)
    answer = broker.get(f"{sheet}/{page}.pdf")
    content = answer.get_data()

    assert answer.mimetype == "application/pdf"
    assert content.startswith(b"%PDF-1.7")
    assert answer.headers["Cache-Control"] == "no-store"
    name = re.search(r'inline; filename="([\w-]+\.pdf)"', answer.headers["Content-Disposition"]).group(1)
    assert re.fullmatch(r"(options|choice)-R\d+-1\.pdf", name)
    from weasyprint import HTML  # its own reader of pages says how many there are

    html = broker.get(f"{sheet}/{page}").get_data(as_text=True)
    assert HTML(string=html).render().metadata.title.endswith("Coventry City Council")


def test_large_type_is_eighteen_points_and_the_menu_is_not_printed():
    css = (ROOT / "static" / "paper.css").read_text()
    assert re.search(r"\.paper \{[^}]*font: 18pt/", css)
    assert re.search(r"@media print \{\s*\.paper__nav \{ display: none; \}", css)
    assert "@page" in css


def test_a_machine_without_pango_says_so_and_what_to_install(broker, market, funded, monkeypatch):
    sheet = give(broker, funded, market.near)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = broker.get(f"{sheet}/for-person.pdf")

    assert answer.status_code == 503
    page = text(answer)
    assert "This machine cannot make PDF files." in page
    assert "print it from your browser" in page
    assert "apt-get install libpango-1.0-0" in page
    assert broker.get(f"{sheet}/for-person").status_code == 200


def test_a_library_that_is_missing_is_an_error_of_ours_and_prints_nothing():
    """As where Pango is not installed: WeasyPrint's own import fails with OSError and prints advice."""
    code = (
        "import cffi\n"
        "def refuse(*_): raise OSError('cannot load library')\n"
        "cffi.FFI.dlopen = refuse\n"
        "from placement.domain.errors import NoPdf\n"
        "from placement.web.papers import pdf\n"
        "try: pdf('<p>', name='a.pdf')\n"
        "except NoPdf as error: print('told:', error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "told: This machine cannot make PDF files.\n"
    assert ran.stderr == ""


def test_nothing_is_fetched_for_a_pdf_from_network_or_disk(app, caplog):
    page = (
        '<html lang="en"><head><title>T</title><link rel="stylesheet" href="http://example.org/a.css"></head>'
        '<body><img src="http://example.org/a.png" alt="a"><img src="file:///etc/hostname" alt="b"></body></html>'
    )
    with app.app_context():
        answer = papers.pdf(page, name="a.pdf")
    assert answer.get_data().startswith(b"%PDF")
    assert caplog.records == []


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)


@given(name=WORDS, conditions=WORDS, count=st.integers(1, MOST_OPTIONS), pence=st.none() | st.integers(1, 10**8))
@tried(8, suppress_health_check=list(HealthCheck))
def test_any_words_and_any_number_of_places_print(broker, funded, store, name, conditions, count, pence):
    with store.writing() as session:
        known = {"top_up_pence": None, "is_affordable": None} if pence is None else {}
        words = {"service_name": name, "conditions": conditions, "weekly_pence": pence}
        option = an_option(session.scalars(select(Unit)).first(), **words | known)
        referral = a_referral(session, near_who=name)
        why = AllTheSame(reason="asked_for")
        sheet = a_given_sheet(session, *[option] * count, referral=referral, all_the_same=why)
        session.flush()
        path = f"/broker/sheets/{sheet.id}"
    page = printed(broker, path)[0].decode()
    assert page.count('<section class="paper__place">') == count + 1
