from placement.domain.choices import CHOOSER, CHOOSERS


def test_whoever_does_not_choose_alone_is_asked_for_with_an_example():
    assert [each.slug for each in CHOOSERS if not each.asks] == ["person"]
    assert all(bool(each.asks) == bool(each.hint) for each in CHOOSERS)
    assert len(CHOOSER) == len(CHOOSERS)
