"""Which files can be kept with a referral: a row a kind, told by name and by content. Nothing is ever opened."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from placement.domain.errors import Invalid
from placement.domain.text import readable

LONGEST_NAME = 100
MEGABYTE = 1024 * 1024
_ZIP = b"PK\x03\x04"
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """One kind of file: the endings of its names, what it is sent as, and whether bytes begin as such a file does."""

    slug: str
    endings: tuple[str, ...]
    content_type: str
    looks: Callable[[bytes], bool]


def _is_text(content: bytes) -> bool:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("latin-1")  # what old programs write: every byte is a character
    return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in words)


FILE_KINDS = (
    FileKind(
        slug="pdf",
        endings=(".pdf",),
        content_type="application/pdf",
        looks=lambda content: content.startswith(b"%PDF-"),
    ),
    FileKind(
        slug="docx",
        endings=(".docx",),
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        looks=lambda content: content.startswith(_ZIP) and b"word/document.xml" in content,
    ),
    FileKind(
        slug="odt",
        endings=(".odt",),
        content_type="application/vnd.oasis.opendocument.text",
        looks=lambda content: content.startswith(_ZIP) and _ODT in content[:200],
    ),
    FileKind(
        slug="png",
        endings=(".png",),
        content_type="image/png",
        looks=lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    ),
    FileKind(
        slug="jpeg",
        endings=(".jpg", ".jpeg"),
        content_type="image/jpeg",
        looks=lambda content: content.startswith(b"\xff\xd8\xff"),
    ),
    FileKind(slug="txt", endings=(".txt",), content_type="text/plain; charset=utf-8", looks=_is_text),
)
FILE_KIND = {kind.slug: kind for kind in FILE_KINDS}
ALLOWED = "PDF, Word (.docx), OpenDocument (.odt), PNG, JPEG or text (.txt)"


def safe_name(name: str) -> str:
    """Return the last part of a file's name without anything that a system could read as more than a name."""
    last = readable(name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char if char.isalnum() or char in " ._-()" else "_" for char in last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else kept[:LONGEST_NAME]


def kind_of(name: str, content: bytes, *, most_bytes: int) -> FileKind:
    """Return the kind of a file. Raises Invalid, saying what to mend, where it cannot be kept."""
    if not name:
        raise Invalid("Choose a file.", field="file")
    if not content:
        raise Invalid("This file is empty. Choose another one.", field="file")
    if len(content) > most_bytes:
        raise Invalid(f"This file is too large. Choose one of at most {most_bytes // MEGABYTE} MB.", field="file")
    kind = next((each for each in FILE_KINDS if name.lower().endswith(each.endings)), None)
    if kind is None:
        raise Invalid(f"This kind of file cannot be kept. Choose {ALLOWED}.", field="file")
    if not kind.looks(content):
        ending = name.rpartition(".")[2].lower()
        said = f"This file is called .{ending}, but it is none. Open it, save it as one of {ALLOWED}, and try again."
        raise Invalid(said, field="file")
    return kind
