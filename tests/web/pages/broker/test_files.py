from io import BytesIO

import pytest

from placement.domain.people import Role
from placement.records.attachments import Attachment
from tests.web.pages.broker.test_questions import begin, text
from tests.web_client import signed_in

PDF = b"%PDF-1.7 Canary"


def sent(browser, here, content, name):
    return browser.post(f"{here}/files", {"file": (BytesIO(content), name)}, page=here)


def test_a_file_is_added_downloaded_as_a_file_and_removed(broker, market, store, app):
    here = f"/broker/referrals/{market.referral}"
    assert sent(broker, here, PDF, "../care plan.pdf").location == f"{here}#files"
    assert "care plan.pdf PDF, 1 KB" in text(broker.get(here))
    answer = broker.get("/broker/files/1")
    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert signed_in(app, Role.COMMISSIONER).get("/broker/files/1").status_code == 403
    assert broker.post("/broker/files/1/remove", page=here).location == f"{here}#files"
    assert broker.get("/broker/files/1").status_code == 404
    with store.reading() as session:
        assert session.query(Attachment).count() == 0


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "This file is empty"),
        (PDF, "", "Choose a file"),
        (b"MZ", "a.exe", "cannot be kept"),
        (b"<html>", "a.pdf", "called .pdf, but it is none"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_the_form(broker, market, content, name, words):
    answer = sent(broker, f"/broker/referrals/{market.referral}", content, name)
    assert answer.status_code == 422
    assert words in text(answer)


def test_a_request_that_is_too_large_as_a_whole_and_a_nul_in_a_name_are_no_fault_of_ours(broker, market):
    here = f"/broker/referrals/{market.referral}"
    large = {"data": b"x" * (13 * 1024 * 1024), "content_type": "multipart/form-data; boundary=x"}
    answer = broker.client.post(f"{here}/files", **large)
    assert (answer.status_code, "at most 12 MB" in text(answer)) == (413, True)
    assert sent(broker, here, PDF, "a\x00b.pdf").status_code < 500


def test_a_draft_has_files_too_and_says_what_is_wrong_with_one(broker):
    base = begin(broker)
    broker.post(f"{base}/files", {"file": (BytesIO(PDF), "a.pdf")}, page=f"{base}/check")
    assert "a.pdf PDF" in text(broker.get(f"{base}/check"))
    assert broker.post(f"{base}/files", {"file": (BytesIO(b""), "b.pdf")}, page=f"{base}/check").status_code == 302
    assert "This file is empty" in text(broker.get(f"{base}/check"))
