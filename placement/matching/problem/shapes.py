"""Readers of JSON shapes: each takes a value and where it stands, and returns it typed or refuses it there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, NoReturn, TypeVar

from placement.matching.problem.errors import MalformedDocument

T = TypeVar("T")
Reader = Callable[[Any, str], T]

LONGEST_TEXT = 2_000
MOST_WHOLE = 2**53
"""Whole numbers beyond this are not the same number in every JSON reader (RFC 8259, section 6)."""
MOST_DIGITS = 100


class _Required:
    """Marks a field that has no default."""


REQUIRED = _Required()


@dataclass(frozen=True, slots=True)
class Field:
    """How one key of an object is read, and what stands for it when it is absent."""

    read: Reader[Any]
    default: Any = REQUIRED


class Repeated(dict[str, Any]):
    """An object whose text gave a key twice; kept until its place is known."""

    key = ""


def parsed(source: bytes | str) -> Any:
    """Return the JSON value of a text, its repeated keys marked; raises MalformedDocument where there is none.

    What is no number (NaN) or too long for one comes back as a value that every reader refuses, at its place.
    """
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        raise MalformedDocument("", f"is not UTF-8 (byte {error.start})") from None
    if text.startswith("\ufeff"):
        raise MalformedDocument("", "begins with a byte-order mark: save it as UTF-8 without one")
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise MalformedDocument("", "is empty") from None
        raise MalformedDocument(f"line {error.lineno} column {error.colno}", f"is not JSON: {error.msg}") from None
    except RecursionError:
        raise MalformedDocument("", "is nested too deeply") from None


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_marked)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number with thousands of digits, which Python does not read
        return json.loads(text, object_pairs_hook=_marked, parse_int=_at_most)


def _at_most(digits: str) -> int:
    return int(digits) if len(digits) <= MOST_DIGITS else MOST_WHOLE + 1


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    repeated = Repeated(found)
    repeated.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeated


def refuse(place: str, wanted: str, value: object) -> NoReturn:
    """Raise MalformedDocument: this place must be `wanted`."""
    number = "another number" if "number" in wanted else "a number"
    names = {dict: "an object", Repeated: "an object", list: "a list", str: "text", bool: "true or false"}
    found = "null" if value is None else (names | {int: number, float: number}).get(type(value), "something else")
    raise MalformedDocument(place, f"must be {wanted}, not {found}")


def text(value: Any, place: str) -> str:
    """Read a non-empty text that can be written as UTF-8."""
    if type(value) is not str:
        refuse(place, "text", value)
    if not value or len(value) > LONGEST_TEXT:
        raise MalformedDocument(place, f"must be a text of 1 to {LONGEST_TEXT} characters")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise MalformedDocument(place, "holds half of a surrogate pair")
    return value


def whole(value: Any, place: str) -> int:
    """Read a whole number; true, false and 2.0 are none."""
    if type(value) is not int:
        refuse(place, "a whole number", value)
    if abs(value) > MOST_WHOLE:
        raise MalformedDocument(place, "is a number far too large")
    return value


def natural(value: Any, place: str) -> int:
    """Read a whole number that is not below 0."""
    if whole(value, place) < 0:
        raise MalformedDocument(place, "must not be below 0")
    return int(value)


def number(value: Any, place: str) -> float:
    """Read a finite number."""
    if type(value) is int:
        return whole(value, place)
    if type(value) is not float:
        refuse(place, "a number", value)
    if not isfinite(value):
        raise MalformedDocument(place, "is not a finite number")
    return value


def flag(value: Any, place: str) -> bool:
    """Read true or false."""
    if type(value) is not bool:
        refuse(place, "true or false", value)
    return value


def day(value: Any, place: str) -> date:
    """Read a date written YYYY-MM-DD."""
    written = text(value, place)
    try:
        found = date.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.isoformat() != written:
        raise MalformedDocument(place, "must be a date written YYYY-MM-DD")
    return found


def nullable(read: Reader[T]) -> Reader[T | None]:
    """Read null as None, anything else by `read`."""
    return lambda value, place: None if value is None else read(value, place)


def listed(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Read a list, each item by `read`."""

    def reader(value: Any, place: str) -> tuple[T, ...]:
        if type(value) is not list:
            refuse(place, "a list", value)
        return tuple(read(item, f"{place}[{index}]") for index, item in enumerate(value))

    return reader


def names(value: Any, place: str) -> frozenset[str]:
    """Read a list of texts as a set; saying one twice means no more than saying it once."""
    return frozenset(listed(text)(value, place))


def row(build: Callable[..., T], *readers: Reader[Any]) -> Reader[T]:
    """Read a list of exactly as many items as there are readers."""

    def reader(value: Any, place: str) -> T:
        if type(value) is not list or len(value) != len(readers):
            refuse(place, f"a list of {len(readers)} items", value)
        return build(*(read(item, place) for read, item in zip(readers, value, strict=True)))

    return reader


def mapped(read: Reader[T]) -> Reader[dict[str, T]]:
    """Read an object with free keys."""

    def reader(value: Any, place: str) -> dict[str, T]:
        items = _an_object(value, place)
        return {text(key, place): read(item, f"{place}.{key[:60]}") for key, item in items.items()}

    return reader


def record(build: Callable[..., T], fields: Mapping[str, Field]) -> Reader[T]:
    """Read an object with exactly these keys, those without a default required."""

    def reader(value: Any, place: str) -> T:
        items = _an_object(value, place)
        for key in items:
            if key not in fields:
                raise MalformedDocument(place, f"has an unknown key {key[:60]!r}")
        return build(**{key: _entry(items, key, shape, place) for key, shape in fields.items()})

    return reader


def _entry(items: dict[str, Any], key: str, shape: Field, place: str) -> Any:
    if key in items:
        return shape.read(items[key], f"{place}.{key}" if place else key)
    if shape.default is REQUIRED:
        raise MalformedDocument(place, f"lacks the key {key!r}")
    return shape.default


def _an_object(value: Any, place: str) -> dict[str, Any]:
    if isinstance(value, Repeated):
        raise MalformedDocument(place, f"gives the key {value.key[:60]!r} twice")
    if type(value) is not dict:
        refuse(place, "an object", value)
    return value
