from datetime import date

import pytest

from placement.domain.claims import ClaimVerdict, Said
from placement.domain.features import Evidence
from placement.domain.people import Role
from placement.domain.profile import ASKED, PROFILE
from placement.market.claims import rule_on_claim
from placement.records.events import AuditLine
from placement.records.providers import Unit, UnitFeature
from tests.brokerage.worlds import BROKER
from tests.conftest import NOW
from tests.web.pages.provider.conftest import fields, read
from tests.web_client import signed_in

ANSWERS = {
    "name": {"name": "Ground floor"},
    "kinds": {"kinds": ["crisis", "respite"], "crisis_places": "0"},
    "people": {"min_age": "18", "max_age": "65", "gender": "same-women"},
    "answering": {"reply_hours": "4", "emergencies_until": "8:30"},
    "price": {"weekly": "1,850.50", "weekly_most": "2,000", "support_night": "1,900"},
    "specialism": {"said_autism": "yes", "said_forensic_history": "no", "said_dementia": "ask"},
    "support": {"said_waking_night": "yes"},
    "clinical": {"said_peg": "yes"},
}


def path(works, section=""):
    return f"/provider/services/units/{works.unit}" + (f"/{section}" if section else "")


def save(works, section, page=None, look="", **answers):
    shown = fields(page or works.browser.get(path(works, section)))["shown"]
    unsaid = {f"said_{feature.slug}": "" for feature in ASKED.get(section, ())}  # as a browser sends them
    typed = unsaid | ANSWERS.get(section, {}) | {"shown": shown} | answers
    return works.browser.post(path(works, section) + look, typed)


def stored(store, works):
    with store.reading() as session:
        unit = session.get_one(Unit, works.unit)
        said = {offer.slug: offer.said for offer in unit.features}
        session.expunge(unit)
        return unit, said


def test_stores_each_section_and_leaves_the_others_alone(works, store):
    for section in ANSWERS:
        answer = save(works, section)
        assert (answer.status_code, answer.location) == (302, f"{path(works)}#section-{section}")
    unit, said = stored(store, works)
    assert (unit.kinds, unit.min_age, unit.max_age, unit.crisis_places) == ("crisis respite", 18, 65, 0)
    assert (unit.gender, unit.gender_now) == ("same", "women")
    assert (unit.weekly_pence, unit.weekly_most_pence) == (185050, 200000)
    assert (unit.reply_hours, unit.emergencies_until) == (4, "08:30")
    assert said == {
        "autism": Said.YES, "forensic_history": Said.NO, "dementia": Said.ASK, "waking_night": Said.YES,
        "peg": Said.YES,
    }  # fmt: skip
    page = works.browser.get(path(works, "people")).get_data(as_text=True)
    assert 'value="same-women" checked' in page
    with store.reading() as session:
        told = [line.details for line in session.query(AuditLine).filter_by(event="unit_edited").order_by(AuditLine.id)]
    assert [each["section"] for each in told] == list(ANSWERS)
    assert told[5]["answers"] == {"dementia": [None, "ask"], "forensic_history": [None, "no"]}


def test_what_is_told_that_brokers_see_is_what_their_page_says(works, app, store):
    """Before saving, after saving, and on the broker's own page: the same lines, word for word."""
    for section in ANSWERS:
        before = read(works.browser.get(path(works, section))).split("Brokers see this ")[1]
        look = read(save(works, section, look="?look=1")).split("Brokers would see this ")[1].split(" Save Preview")[0]
        assert section == "name" or look != before.split(" Save Preview")[0], section
        assert save(works, section).status_code == 302
        after = read(works.browser.get(path(works, section))).split("Brokers see this ")[1].split(" Save Preview")[0]
        assert after == look, section
    overview = read(works.browser.get(path(works)))
    broker = read(signed_in(app, Role.BROKER).get(f"/broker/services/{works.service}"))
    for line in (
        "Takes crisis and respite referrals", "Keeps its places for planned breaks", "Takes people aged 18 to 65",
        "Takes one gender at a time: women live there now", "Answers within 4 hours; accepts emergencies until 08:30",
        "£1,850.50 to £2,000 a week", "Autism Ask first: dementia Says no to: forensic or risk history",
        "Not known until the council has verified it: PEG feeding",
    ):  # fmt: skip
        assert line in overview
        assert line in broker


def test_looking_at_what_brokers_would_see_stores_nothing_and_keeps_what_was_typed(works, store):
    answer = save(works, "specialism", look="?look=1")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert 'name="said_autism" value="yes" checked' in page
    assert stored(store, works)[0].version == 1
    assert save(works, "specialism", page=answer).status_code == 302
    wrong = save(works, "people", look="?look=1", min_age="70")
    assert (wrong.status_code, "Enter a youngest age" in read(wrong)) == (422, True)


def test_every_kind_ticked_stands_for_every_kind_to_come(works, store):
    save(works, "kinds", kinds=["crisis", "respite", "move_on", "return_to_city", "planned"])
    assert stored(store, works)[0].kinds == ""


def test_every_section_has_its_page_and_every_feature_its_section(works):
    for section in PROFILE:
        page = works.browser.get(path(works, section.slug))
        assert section.label in read(page)
        assert f'action="{path(works, section.slug)}"' in page.get_data(as_text=True)
        for feature in ASKED.get(section.slug, ()):
            assert f'name="said_{feature.slug}"' in page.get_data(as_text=True)
    assert works.browser.get(path(works, "secrets")).status_code == 404


def test_keeps_and_shows_the_councils_evidence(works, store):
    with store.writing() as session:
        unit = session.get_one(Unit, works.unit)
        unit.features = [
            UnitFeature(slug="autism", evidence=Evidence.VERIFIED, evidence_on=date(2026, 3, 3), evidence_by="Ann Lee")
        ]
    assert "Verified by the council on 3 March 2026, Ann Lee" in read(works.browser.get(path(works, "specialism")))
    save(works, "specialism")
    with store.reading() as session:
        evidence = {each.slug: each.evidence for each in session.get_one(Unit, works.unit).features}
    assert evidence["autism"] is Evidence.VERIFIED
    assert evidence["dementia"] is Evidence.DECLARED
    assert "Autism (verified by the council on 3 March 2026, Ann Lee)" in read(works.browser.get(path(works)))


def test_says_what_waits_for_the_council_and_why_it_was_not_confirmed(works, store):
    save(works, "clinical")
    assert "Not known to brokers until the council has verified it" in read(works.browser.get(path(works, "clinical")))
    with store.writing() as session:
        unit = session.get_one(Unit, works.unit)
        rule_on_claim(session, unit, "peg", ClaimVerdict.REFUSED, note="No training", seen=None, by=BROKER, now=NOW)
    assert "Not confirmed by the council on 23 November 2026" in read(works.browser.get(path(works, "clinical")))
    assert ": No training" in read(works.browser.get(path(works, "clinical")))


def test_asks_about_what_both_have_changed_only_and_keeps_what_was_typed(works, store):
    save(works, "people")
    page = works.browser.get(path(works, "people"))
    save(works, "people", gender="any")
    save(works, "people", max_age="64", gender="any")
    answer = save(works, "people", page, max_age="99")
    assert answer.status_code == 409
    words = read(answer)
    assert "You changed this in another window while you were writing" in words
    assert "Youngest age: 18 Oldest age: 64 Yours, not saved yet Youngest age: 18 Oldest age: 99" in words
    assert stored(store, works)[0].max_age == 64
    assert fields(answer)["asked"] == "min_age", "who can live there was changed by one of the two only"
    chosen = {"keep-min_age": "mine", "asked": "min_age"}
    assert save(works, "people", answer, max_age="99", **chosen).status_code == 302
    unit = stored(store, works)[0]
    assert (unit.gender, unit.max_age) == ("any", 99)


def test_what_two_people_answer_to_different_needs_is_all_kept_and_nothing_is_asked(works, store):
    save(works, "specialism")
    page = works.browser.get(path(works, "specialism"))
    save(works, "specialism", said_autism="", said_mental_health="no")
    answer = save(works, "specialism", page, said_dementia="yes")
    assert answer.status_code == 302
    assert "is kept too: Autism; Mental health." in read(works.browser.get(path(works)))
    assert stored(store, works)[1] == {
        "forensic_history": Said.NO, "mental_health": Said.NO, "dementia": Said.YES,
    }  # fmt: skip


def test_two_who_save_different_sections_meet_nowhere(works, store):
    page = works.browser.get(path(works, "price"))
    save(works, "people")
    assert save(works, "price", page).status_code == 302
    unit = stored(store, works)[0]
    assert (unit.max_age, unit.weekly_pence) == (65, 185050)


@pytest.mark.parametrize(
    ("section", "wrong", "words"),
    [
        ("name", {"name": ""}, "Enter a name for the unit"),
        ("name", {"name": "   "}, "Enter a name for the unit"),
        ("name", {"name": "First floor"}, "Enter another name"),
        ("name", {"name": "x" * 121}, "120"),
        ("name", {"name": "a\ab"}, "a hidden character (U+0007"),
        ("kinds", {"kinds": []}, "Choose at least one kind"),
        ("kinds", {"kinds": ["holiday"]}, "cannot be chosen any more"),
        ("kinds", {"kinds": ["crisis"], "crisis_places": "1"}, "the unit takes no respite"),
        ("people", {"min_age": "70"}, "Enter a youngest age that is not above the oldest"),
        ("people", {"max_age": "151"}, "Enter a youngest age"),
        ("people", {"min_age": "٣"}, "Enter a whole number"),
        ("people", {"max_age": ""}, "Enter the oldest age"),
        ("people", {"max_age": "6,5"}, "Enter a whole number"),
        ("people", {"gender": ""}, "Choose who can live there"),
        ("people", {"gender": "cats"}, "cannot be chosen any more"),
        ("price", {"weekly": "0", "weekly_most": ""}, "Enter a weekly price above £0"),
        ("price", {"support_night": "0"}, "Enter a weekly price above £0"),
        ("price", {"weekly": "12345678"}, "Enter pounds"),
        ("price", {"weekly": "850,50"}, "Enter pounds"),
        ("price", {"weekly": "²"}, "Enter pounds"),
        ("price", {"weekly_most": "1,850.50"}, "Enter a highest price above the lowest"),
        ("price", {"weekly": ""}, "Enter the lowest price too"),
        ("answering", {"reply_hours": "721"}, "Enter between 0 and 720 hours"),
        ("answering", {"reply_hours": "1,4"}, "Enter a whole number"),
        ("answering", {"reply_hours": "999999999"}, "Enter between 0 and 720 hours"),
        ("answering", {"emergencies_until": "25:00"}, "Enter a time such as 20:00"),
        ("answering", {"emergencies_until": "٢٠:٠٠"}, "Enter a time such as 20:00"),
        ("specialism", {"said_autism": "perhaps"}, "cannot be chosen any more"),
        ("support", {"said_sleep_in": "no"}, "You say yes to waking night, which includes sleep-in"),
    ],
)
def test_shows_what_is_wrong_and_stores_nothing(works, store, section, wrong, words):
    answer = save(works, section, **wrong)
    assert answer.status_code == 422
    assert words in read(answer)
    assert "Error:" in answer.get_data(as_text=True).split("</title>")[0]
    assert stored(store, works)[0].version == 1


@pytest.mark.parametrize("shown", ["", "x", "99999999999999", "-1", "٣"])
def test_a_form_that_does_not_say_what_it_showed_is_asked_about(works, shown):
    assert save(works, "people", shown=shown).status_code == 409


def test_empty_and_repeated_answers_are_no_fault(works):
    assert works.browser.post(path(works, "people")).status_code == 422
    twice = {name: [value, value] for name, value in ANSWERS["people"].items()}
    assert save(works, "people", **twice).status_code == 302


def test_adds_a_unit_and_goes_on_with_what_it_says(works, store):
    new = f"/provider/services/{works.service}/units/new"
    answer = works.browser.post(new, {"name": "Annexe", "capacity": "3"})
    with store.reading() as session:
        unit = session.query(Unit).filter_by(name="Annexe").one()
        assert (unit.capacity, unit.service_id) == (3, works.service)
        assert session.query(AuditLine).filter_by(event="unit_added").count() == 1
        assert answer.location == f"/provider/services/units/{unit.id}"
    page = read(works.browser.get(answer.location))
    assert "Annexe is added. Say whom it takes and what it offers" in page
    assert "Nothing said: where this is needed, you are not proposed" in page


@pytest.mark.parametrize(
    ("name", "capacity"), [("Annexe", "2001"), ("Annexe", "-1"), ("Annexe", ""), ("First floor", "1")]
)
def test_refuses_a_unit_that_cannot_be(works, store, name, capacity):
    new = f"/provider/services/{works.service}/units/new"
    assert works.browser.post(new, {"name": name, "capacity": capacity}).status_code == 422
    with store.reading() as session:
        assert session.query(Unit).count() == 2
