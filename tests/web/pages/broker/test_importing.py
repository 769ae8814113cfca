import csv
import io
import json
import time
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import event

from placement.brokerage.imports.applying import MOST_IN_A_UNIT, begin_referrals, in_units
from placement.brokerage.imports.columns import COLUMNS
from placement.brokerage.imports.plan import plan_referrals
from placement.brokerage.imports.reading import read_rows
from placement.domain.errors import UnusableFile
from placement.domain.people import SYSTEM, Role
from placement.domain.states import ReferralState
from placement.records.referrals import Person, Referral
from placement.sheets.formats import write_sheet
from tests.builders import a_person, a_referral
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import text
from tests.web_client import signed_in

PAGE = "/broker/referrals/import"
GOOD = {
    "reference": "E-1", "kind": "move_on", "case_number": "C-1", "name": "Canary One", "born_on": "27/03/1961",
    "essential": "pbs | autism", "earliest_on": "2026-12-01", "latest_on": "2026-12-14", "funding": "council",
}  # fmt: skip


def a_file(*rows, delimiter=",", encoding="utf-8-sig"):
    sheet = io.StringIO()
    names = [column.name for column in COLUMNS]
    writer = csv.DictWriter(sheet, names, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue().encode(encoding)


def looked_at(broker, content, name="r.csv"):
    answer = broker.post(PAGE, {"file": (BytesIO(content), name)}, page=PAGE)
    assert answer.status_code == 302, text(answer)
    return answer.location


def confirmed(broker, preview, what="submitted"):
    return broker.post(f"{preview}/confirm", {"what": what}, page=preview)


def stored(store):
    with store.reading() as session:
        return [(row.external_reference, row.state) for row in session.query(Referral).order_by(Referral.id)]


def test_nothing_is_kept_until_it_is_confirmed_and_the_same_file_makes_no_second_referral(broker, store):
    file = a_file(GOOD, GOOD | {"reference": "E-2", "case_number": "C-2", "born_on": "1970-01-01", "earliest_on": "",
                                "latest_on": "", "funding": ""})  # fmt: skip
    preview = looked_at(broker, file)
    assert "2, of which 1 can be submitted at once" in text(broker.get(preview))
    assert stored(store) == []
    assert confirmed(broker, preview, "").status_code == 422
    assert confirmed(broker, preview).status_code == 302
    assert stored(store) == [("E-1", ReferralState.SEARCHING), ("E-2", ReferralState.DRAFT)]
    again = looked_at(broker, file)
    assert "Imported before, left as they are 2" in text(broker.get(again))
    confirmed(broker, again)
    confirmed(broker, preview)
    assert len(stored(store)) == 2


def many(count):
    return [
        GOOD | {"reference": f"E-{each}", "case_number": f"C-{each}", "name": f"Canary {chr(65 + each % 26)}{each}",
                "born_on": f"19{30 + each % 60}-01-{1 + each % 28:02}"}
        for each in range(count)
    ]  # fmt: skip


def test_a_long_file_is_begun_a_few_rows_a_unit_so_that_others_write_between(broker, store):
    preview, commits = looked_at(broker, a_file(*many(2 * MOST_IN_A_UNIT + 1))), []

    def note(connection):
        commits.append(connection)

    event.listen(store.engine, "commit", note)
    assert confirmed(broker, preview, "drafts").status_code == 302
    event.remove(store.engine, "commit", note)
    assert len(commits) >= 3
    assert len(stored(store)) == 2 * MOST_IN_A_UNIT + 1


def test_what_broke_off_between_two_units_goes_on_and_nothing_is_begun_twice(broker, store):
    rows = many(MOST_IN_A_UNIT + 3)
    preview = looked_at(broker, a_file(*rows))
    with store.writing() as session:  # the first unit, after which the server died
        plan = plan_referrals(session, read_rows(a_file(*rows), name="r.csv"), None, on=NOW.date())
        first, rest = in_units(plan)
        begin_referrals(session, first, submits=False, by=SYSTEM, now=NOW)
    assert len(rest) == 3
    assert f"Imported before, left as they are {MOST_IN_A_UNIT}" in text(broker.get(preview))
    assert confirmed(broker, preview, "drafts").status_code == 302
    assert sorted(reference for reference, _ in stored(store)) == sorted(row["reference"] for row in rows)


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"kind": "holiday"}, "kind", "Enter one of: crisis"),
        ({"born_on": "31/02/1961"}, "born_on", "Enter a date such as"),
        ({"born_on": "2015-01-01"}, "born_on", "A place is for adults"),
        ({"postcode": "CV99 9ZZ"}, "postcode", "not in the postcode directory"),
        ({"essential": "helipad"}, "essential", "names from the list"),
        ({"max_miles": "8"}, "max_miles", "near_postcode to count from"),
        ({"earliest_on": "2020-01-01"}, "earliest_on", "between today"),
        ({"latest_on": "2026-11-30"}, "latest_on", "on or after the first"),
        ({"nights": "many"}, "nights", "whole number"),
        ({"weekly_limit": "850,50"}, "weekly_limit", "amount of pounds"),
        ({"name": ""}, "name", "Fill this in"),
        ({"risks": "dragons"}, "risks", "names from the list of risks"),
        ({"risks": "none | falls"}, "risks", "Name the risks, or say none"),
        ({"legal_status": "wanted", "risks": "none"}, "legal_status", "names from the list of legal statuses"),
        ({"legal_status": "none | dols", "risks": "none"}, "legal_status", "Name what is so, or say none"),
        ({"legal_status": "dols"}, "risks", "asked together with the legal status"),
        ({"lives_alone": "perhaps"}, "lives_alone", "Enter yes or no"),
        ({"kind": "respite", "hospital": "University Hospital"}, "hospital", "A respite referral does not ask this"),
        ({"kind": "return_to_city", "carer": "parent"}, "carer", "referral does not ask this"),
        ({"types_only": "castle"}, "types_only", "names from the list of types of service"),
        (
            {"types_only": "nursing", "types_ruled_out": "Nursing home"},
            "types_wanted",
            "Name each type of service once",
        ),
        ({"types_only": "nursing", "types_wanted": "shared_lives"}, "types_wanted", "wish for none"),
        ({"referrer_telephone": "ring me"}, "referrer_telephone", "Enter a telephone number"),
        ({"carer": "dog"}, "carer", "Enter one of: partner"),
        ({"carer_until_on": "2027-01-01"}, "carer", "needs a carer"),
        ({"carer": "parent", "carer_until_on": "2026-01-01"}, "carer_until_on", "today or a day to come"),
        ({"essential": "pbs", "unknown": "pbs"}, "essential", "Name each need once"),
        ({"name": "Can\u202eary"}, "name", "hidden character"),
    ],
)
def test_a_row_says_column_by_column_what_to_mend_and_comes_back_in_a_file(broker, store, changes, column, words):
    preview = looked_at(broker, a_file(GOOD | changes))
    assert words in text(broker.get(preview))
    assert f"<strong>{column}</strong>" in broker.get(preview).get_data(as_text=True)
    (row,) = read_rows(broker.get(f"{preview}/problems.csv").get_data(), name="p.csv")
    assert (row["reference"], words in row["what_to_mend"]) == ("E-1", True)


def test_who_is_on_record_is_known_by_number_and_birthday_and_never_guessed(broker, store):
    with store.writing() as session:
        known = a_person(session, case_number="C-1", name="Canary One", born_on=date(1961, 3, 27))
        a_referral(session, person=known)
    rows = (
        GOOD,
        GOOD | {"reference": "E-2", "born_on": "1961-03-28"},
        GOOD | {"reference": "E-3", "case_number": "C-9"},
        GOOD | {"reference": "E-3", "case_number": "C-9"},
    )
    page = text(broker.get(preview := looked_at(broker, a_file(*rows))))
    assert "another date of birth" in page
    assert "has the case number C-1" in page
    assert "Another row of this file has the same reference" in page
    confirmed(broker, preview, "drafts")
    assert [own for own, _ in stored(store)] == [None, "E-1"]
    with store.reading() as session:
        assert session.query(Person).count() == 1


@pytest.mark.parametrize(
    "content",
    [a_file(GOOD, delimiter=";"), a_file(GOOD, encoding="cp1252"), a_file(GOOD, delimiter="\t"),
     json.dumps([GOOD | {"essential": ["pbs", "autism"]}]).encode(), json.dumps({"referrals": [GOOD]}).encode()],
)  # fmt: skip
def test_what_spreadsheets_and_systems_write_is_read(content):
    (row,) = read_rows(content, name="r")
    assert (row["reference"], row["essential"]) == ("E-1", "pbs | autism")


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_a_workbook_is_read_as_a_text_is(broker, store, ending):
    file = write_sheet(ending, list(GOOD), [list(GOOD.values())])
    assert confirmed(broker, looked_at(broker, file, f"r.{ending}")).status_code == 302
    assert stored(store) == [("E-1", ReferralState.SEARCHING)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"), (b"PK\x03\x04\x00", "no CSV"), (b"a\x00b", "no CSV"),
        (b"a,b\n1,2", "columns are missing"), (b"[1]", "no list"),
        (b"{", "no sound JSON"), (b'reference,"x', "no sound CSV"), (a_file(), "no rows"),
        (a_file(GOOD).replace(b"nights", b"nightz"), "not in the template: nightz"), (b"[" * 100_000, "no sound JSON"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_mend(broker, content, words):
    with pytest.raises(UnusableFile) as refused:
        read_rows(content, name="r.csv")
    assert words in str(refused.value)
    assert broker.post(PAGE, {"file": (BytesIO(content), "r.csv")}, page=PAGE).status_code == 422


def test_what_a_spreadsheet_would_run_is_guarded_on_the_way_out_and_read_back_as_it_was(broker):
    preview = looked_at(broker, a_file(GOOD | {"name": "=1+1", "kind": "holiday"}))
    sent = broker.get(f"{preview}/problems.csv").get_data()
    assert b",'=1+1," in sent
    assert read_rows(sent, name="p.csv")[0]["name"] == "=1+1"


def test_a_template_is_read_as_it_is_and_a_file_is_its_senders_alone(broker, app):
    template = broker.get(f"{PAGE}/template.csv").get_data()
    assert len(read_rows(template, name="t.csv")) == 1
    other = signed_in(app, Role.BROKER, email="other@example.org")
    assert other.get(looked_at(broker, template)).status_code == 404
    assert broker.get(f"{PAGE}/{'0' * 32}").status_code == 404


@pytest.mark.prove
@pytest.mark.parametrize("number", [100, pytest.param(1000, marks=pytest.mark.prove)])
def test_every_row_of_a_long_file_becomes_a_referral(broker, store, number):
    days = [date(1940, 1, 1) + timedelta(days=17 * each) for each in range(number)]
    rows = [
        GOOD | {"reference": f"E-{each}", "case_number": f"N-{each}", "born_on": day.isoformat()}
        for each, day in enumerate(days)
    ]
    begun = time.perf_counter()
    preview = looked_at(broker, a_file(*rows))
    broker.get(preview)
    seen = time.perf_counter() - begun
    confirmed(broker, preview)
    print(number, "rows: preview", seen, "s, all", time.perf_counter() - begun, "s")
    assert len(stored(store)) == number


def test_what_is_asked_around_the_person_comes_with_the_row(broker, store):
    row = GOOD | {
        "risks": "falls | Choking", "legal_status": "dols | s117", "lives_alone": "Yes",
        "hospital": "University Hospital", "ward": "Ward 12",
        "types_wanted": "supported_living", "types_ruled_out": "nursing",
        "referrer_team": "East team", "referrer_role": "social worker", "referrer_telephone": "024 7655 0100",
        "carer": "parent", "carer_until_on": "2027-01-31",
    }  # fmt: skip
    nothing = GOOD | {"reference": "E-2", "case_number": "C-2", "born_on": "1970-01-01", "risks": "none"}
    preview = looked_at(broker, a_file(row, nothing))
    said = "risks, legal status, that the person must live alone, types of service, who refers, a hospital, a carer"
    assert f"Can be submitted, with {said}" in text(broker.get(preview))
    assert confirmed(broker, preview).status_code == 302
    with store.reading() as session:
        first, second = session.query(Referral).order_by(Referral.id)
        assert set(first.risks) == {"falls", "choking"}
        assert first.type_wishes == {"supported_living": "wanted", "nursing": "ruled_out"}
        assert (first.around.team, first.around.role, first.around.telephone) == (
            "East team", "social worker", "024 7655 0100",
        )  # fmt: skip
        assert (first.around.carer, first.around.carer_until_on) == ("parent", date(2027, 1, 31))
        assert (first.legal, first.lives_alone, first.around.hospital, first.around.ward) == (
            ("dols", "s117"), True, "University Hospital", "Ward 12",
        )  # fmt: skip
        assert (second.legal, second.lives_alone) == ((), False)
        assert (second.risks, "risks" in {each.slug for each in second.answered}) == ((), True)
