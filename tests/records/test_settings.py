import pytest

from placement.domain.errors import Invalid
from placement.domain.people import SYSTEM
from placement.domain.settings import SETTINGS
from placement.records.settings import number, numbers, set_numbers
from tests.conftest import NOW

DOING = {"by": SYSTEM, "now": NOW}


def test_a_number_is_what_it_usually_is_until_somebody_sets_another(session):
    usual = {row.slug: row.usual for row in SETTINGS}
    assert numbers(session) == usual
    assert set_numbers(session, usual | {"most_held_days": 3}, **DOING) == 1
    assert set_numbers(session, {"most_held_days": 3}, **DOING) == 0

    assert (number(session, "most_held_days"), number(session, "absence_review_days")) == (3, 14)


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.slug)
def test_a_number_stays_within_its_bounds(session, row):
    assert row.least <= row.usual <= row.most
    for value in (row.least - 1, row.most + 1):
        with pytest.raises(Invalid) as refusal:
            set_numbers(session, {row.slug: value}, **DOING)
        assert refusal.value.field == row.slug
