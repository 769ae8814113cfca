from placement.records.providers import Service
from tests.web.pages.provider.conftest import read


def test_a_provider_says_how_it_is_reached_and_what_cannot_be_is_refused(works, store):
    path = f"/provider/services/{works.service}/contact"
    wrong = works.browser.post(path, {"telephone": "ring the bell", "email": "places@example.org"})
    assert wrong.status_code == 422
    assert "Enter a telephone number" in read(wrong)
    assert "places@example.org" in wrong.get_data(as_text=True)
    assert "Enter an e-mail address" in read(works.browser.post(path, {"telephone": "", "email": "nobody"}))
    assert works.browser.post(path, {"telephone": "024 7655 0100", "email": "places@example.org"}).status_code == 302
    with store.reading() as session:
        service = session.get(Service, works.service)
        assert (service.telephone, service.email) == ("024 7655 0100", "places@example.org")
