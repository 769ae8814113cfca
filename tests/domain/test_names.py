import pytest

from placement.domain.names import are_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Other", "ann  OTHER"),
        ("Ann Other", "Other, Ann"),
        ("Renée Dupont", "Renee Dupond"),
        ("Ann Other", "Ann Married"),
        ("Liz Other", "Elizabeth Other"),
        ("Jo Ng", "Jo Ny"),
        ("Mohamed Aly", "Muhammad Ali"),
    ],
)
def test_another_way_to_write_a_name_is_alike(one, other):
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(("one", "other"), [("Ann Other", "Bob Brown"), ("Jo de Witt", "Al de Groot"), ("", "Ann")])
def test_another_name_is_not_alike(one, other):
    assert not are_alike(one, other)
    assert not are_alike(other, one)
