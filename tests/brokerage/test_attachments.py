from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.attachments import GRACE, attach, attachment, attachments_of, clean, content_of, remove
from placement.domain.errors import Invalid, NotFound
from placement.domain.files import MEGABYTE, kind_of, safe_name
from placement.domain.people import Actor, Role
from placement.records.attachments import Attachment
from placement.records.files import FolderStore
from tests.brokerage.worlds import BROKER
from tests.builders import a_referral
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
PDF = b"%PDF-1.7 Canary"
DOCX = b"PK\x03\x04" + b"\x00" * 40 + b"word/document.xml"
ODT = b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text"


@pytest.fixture
def files(tmp_path):
    return FolderStore(tmp_path / "files")


def added(session, files, referral, name="plan.pdf", content=PDF):
    return attach(session, files, referral, name=name, content=content, most_bytes=MEGABYTE, **DOING)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "pdf"), ("A.PDF", PDF, "pdf"), ("a.docx", DOCX, "docx"), ("a.odt", ODT, "odt"),
        ("a.png", b"\x89PNG\r\n\x1a\n..", "png"), ("a.jpeg", b"\xff\xd8\xff\xe0", "jpeg"),
        ("a.txt", "\ufeffÜnï\r\n".encode(), "txt"), ("a.txt", b"caf\xe9", "txt"),
    ],
)  # fmt: skip
def test_a_kind_is_known_by_its_name_and_its_content(name, content, kind):
    assert kind_of(name, content, most_bytes=MEGABYTE).slug == kind


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("", PDF, "Choose a file"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", PDF + b"x" * MEGABYTE, "at most 1 MB"),
        ("a.exe", b"MZ", "cannot be kept"),
        ("a.html", b"<script>", "cannot be kept"),
        ("a.svg", b"<svg>", "cannot be kept"),
        ("pdf", PDF, "cannot be kept"),
        ("a.pdf", b"<html>", "called .pdf, but it is none"),
        ("a.docx", b"PK\x03\x04" + b"\x00" * 99, "called .docx, but it is none"),
        ("a.odt", DOCX, "called .odt, but it is none"),
        ("a.png", b"\xff\xd8\xff", "called .png"),
        ("a.txt", b"a\x00b", "called .txt"),
    ],
)
def test_what_cannot_be_kept_says_what_to_mend(name, content, words):
    with pytest.raises(Invalid) as refused:
        kind_of(name, content, most_bytes=MEGABYTE)
    assert words in str(refused.value)
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("C:\\Users\\me\\plan.pdf", "plan.pdf"), ("a\x00b.pdf", "a b.pdf"),
        ("pl\u202ean.pdf", "pl an.pdf"), ('a"b;\r\nc.pdf', "a_b_ c.pdf"), ("...", ""), ("é ü.pdf", "é ü.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(typed, kept):
    assert safe_name(typed) == kept


def test_a_file_is_kept_shown_to_brokerage_alone_and_removed(session, files):
    referral = a_referral(session)
    row = added(session, files, referral)
    assert attachments_of(session, referral) == [row]
    assert content_of(files, attachment(session, row.id, actor=BROKER)) == PDF
    for role in (Role.PROVIDER, Role.COMMISSIONER):
        with pytest.raises(NotFound):
            attachment(session, row.id, actor=Actor(user_id=None, name="X", role=role, provider_id=1))
    remove(session, row, **DOING)
    session.flush()
    assert attachments_of(session, referral) == []


def test_a_unit_that_is_rolled_back_leaves_no_row_and_its_bytes_are_cleaned_away(store, files):
    def fails():
        with store.writing() as session:
            added(session, files, a_referral(session))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with store.writing() as session:
        kept = added(session, files, a_referral(session)).key
    with store.reading() as session:
        assert session.scalars(select(Attachment.key)).all() == [kept]
        assert len(list(files.kept())) == 2
        at = datetime.now(UTC)
        assert clean(session, files, now=at) == 0, "a unit that is open may still be writing its row"
        assert clean(session, files, now=at + GRACE + timedelta(minutes=1)) == 1
    assert [key for key, _ in files.kept()] == [kept]


def test_bytes_that_somebody_has_taken_away_are_told_of_and_break_nothing(session, files):
    row = added(session, files, a_referral(session))
    files.delete(row.key)
    with pytest.raises(NotFound, match="not on the disk"):
        content_of(files, row)
