from datetime import date

import pytest

from placement.domain.features import Evidence
from placement.records.events import AuditLine
from placement.records.providers import Unit, UnitFeature
from tests.web.pages.provider.conftest import fields, read

ANSWERS = {
    "name": "Ground floor",
    "kinds": ["crisis", "respite"],
    "min_age": "18",
    "max_age": "65",
    "gender": "same-women",
    "weekly": "1,850.50",
    "reply_hours": "4",
    "emergencies_until": "8:30",
    "crisis_places": "0",
    "offers-specialism": ["autism", "pbs"],
    "offers-support": ["waking_night"],
}


def path(works):
    return f"/provider/services/units/{works.unit}"


def save(works, page=None, **answers):
    shown = fields(page or works.browser.get(path(works)))["shown"]
    return works.browser.post(path(works), ANSWERS | {"shown": shown} | answers)


def stored(store, works):
    with store.reading() as session:
        unit = session.get_one(Unit, works.unit)
        offers = {offer.slug: offer.evidence for offer in unit.features}
        session.expunge(unit)
        return unit, offers


def test_stores_what_a_unit_offers_and_whom_it_takes(works, store):
    assert save(works).status_code == 302
    unit, offers = stored(store, works)
    assert (unit.kinds, unit.min_age, unit.max_age) == ("crisis respite", 18, 65)
    assert (unit.gender, unit.gender_now) == ("same", "women")
    assert (unit.weekly_pence, unit.reply_hours, unit.emergencies_until) == (185050, 4, "08:30")
    assert unit.crisis_places == 0
    assert set(offers) == {"autism", "pbs", "waking_night"}
    page = works.browser.get(path(works)).get_data(as_text=True)
    assert 'value="same-women" checked' in page
    assert 'value="autism" checked' in page


def test_every_kind_ticked_stands_for_every_kind_to_come(works, store):
    save(works, kinds=["crisis", "respite", "move_on", "return_to_city", "planned"])
    assert stored(store, works)[0].kinds == ""


def test_keeps_and_shows_the_councils_evidence(works, store):
    with store.writing() as session:
        unit = session.get_one(Unit, works.unit)
        unit.features = [UnitFeature(slug="autism", evidence=Evidence.VERIFIED, evidence_on=date(2026, 3, 3))]
    assert "Verified by the council, 3 March 2026" in read(works.browser.get(path(works)))
    save(works)
    assert stored(store, works)[1] == {
        "autism": Evidence.VERIFIED, "pbs": Evidence.DECLARED, "waking_night": Evidence.DECLARED,
    }  # fmt: skip


def test_asks_about_what_both_have_changed_and_keeps_what_was_typed(works, store):
    page = works.browser.get(path(works))
    save(works, name="Garden wing")
    answer = save(works, page, max_age="99")
    assert answer.status_code == 409
    words = read(answer)
    assert "You changed this in another window while you were writing" in words
    assert "Youngest age: 18 Oldest age: 65 Yours, not saved yet Youngest age: 18 Oldest age: 99" in words
    assert stored(store, works)[0].max_age == 65
    assert fields(answer)["asked"] == "min_age"
    chosen = {"keep-min_age": "mine", "asked": "min_age"}
    assert save(works, answer, max_age="99", **chosen).status_code == 302
    unit = stored(store, works)[0]
    assert (unit.name, unit.max_age) == ("Garden wing", 99)


def test_what_two_people_tick_and_untick_is_all_kept(works, store):
    save(works)
    page = works.browser.get(path(works))
    save(works, **{"offers-specialism": ["dementia", "pbs"]})
    answer = save(works, page, **{"offers-specialism": ["autism"], "weekly": "900"})
    assert answer.status_code == 302
    assert "is kept too: Specialisms." in read(works.browser.get("/provider/services"))
    unit, offers = stored(store, works)
    assert (set(offers), unit.weekly_pence) == ({"dementia", "waking_night"}, 90000)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Enter a name for the unit"),
        ({"name": "   "}, "Enter a name for the unit"),
        ({"name": "First floor"}, "Enter another name"),
        ({"name": "x" * 121}, "120"),
        ({"name": "a\ab"}, "a hidden character (U+0007"),
        ({"kinds": []}, "Choose at least one kind"),
        ({"kinds": ["holiday"]}, "cannot be chosen any more"),
        ({"min_age": "70"}, "Enter a youngest age that is not above the oldest"),
        ({"max_age": "151"}, "Enter a youngest age"),
        ({"min_age": "٣"}, "Enter a whole number"),
        ({"max_age": ""}, "Enter the oldest age"),
        ({"gender": ""}, "Choose who can live there"),
        ({"gender": "cats"}, "cannot be chosen any more"),
        ({"weekly": "0"}, "Enter a weekly price above £0"),
        ({"weekly": "12345678"}, "Enter pounds"),
        ({"weekly": "²"}, "Enter pounds"),
        ({"reply_hours": "721"}, "Enter between 0 and 720 hours"),
        ({"reply_hours": "999999999"}, "Enter between 0 and 720 hours"),
        ({"emergencies_until": "25:00"}, "Enter a time such as 20:00"),
        ({"emergencies_until": "٢٠:٠٠"}, "Enter a time such as 20:00"),
        ({"offers-specialism": ["magic"]}, "cannot be chosen any more"),
    ],
)
def test_shows_what_is_wrong_and_stores_nothing(works, store, wrong, words):
    answer = save(works, **wrong)
    assert answer.status_code == 422
    assert words in read(answer)
    assert "Error:" in answer.get_data(as_text=True).split("</title>")[0]
    assert stored(store, works)[0].version == 1


@pytest.mark.parametrize("shown", ["", "x", "99999999999999", "-1", "٣"])
def test_a_form_that_does_not_say_what_it_showed_is_asked_about(works, shown):
    assert save(works, shown=shown).status_code == 409


def test_empty_and_repeated_answers_are_no_fault(works):
    assert works.browser.post(path(works)).status_code == 422
    twice = {name: [value, value] for name, value in ANSWERS.items() if isinstance(value, str)}
    assert save(works, **twice).status_code == 302


def test_adds_a_unit_and_asks_for_its_numbers(works, store):
    new = f"/provider/services/{works.service}/units/new"
    page = works.browser.get(new)
    assert fields(page)["reply_hours"] == "48"
    answer = works.browser.post(new, ANSWERS | {"name": "Annexe", "capacity": "3"})
    assert answer.location == works.vacancies
    page = works.browser.get(works.vacancies)
    assert "Annexe is added. Now say how many of its places are vacant." in read(page)
    assert "Nothing has changed" not in read(page)
    with store.reading() as session:
        unit = session.query(Unit).filter_by(name="Annexe").one()
        assert (unit.capacity, unit.service_id) == (3, works.service)
        assert session.query(AuditLine).filter_by(event="unit_added").count() == 1


@pytest.mark.parametrize(
    ("name", "capacity"), [("Annexe", "2001"), ("Annexe", "-1"), ("Annexe", ""), ("First floor", "1")]
)
def test_refuses_a_unit_that_cannot_be(works, store, name, capacity):
    new = f"/provider/services/{works.service}/units/new"
    assert works.browser.post(new, ANSWERS | {"name": name, "capacity": capacity}).status_code == 422
    with store.reading() as session:
        assert session.query(Unit).count() == 2


@pytest.mark.parametrize(("field", "typed"), [("weekly", "850,50"), ("reply_hours", "1,4"), ("max_age", "6,5")])
def test_a_comma_where_no_thousands_end_is_asked_about_and_never_taken_out(works, store, field, typed):
    """“850,50” was stored as £85,050 a week, and “1,4” as 14."""
    before = stored(store, works)[0]
    answer = save(works, **{field: typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    assert stored(store, works)[0].version == before.version
