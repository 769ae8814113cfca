"""Rows of CQC's delimited files → locations, providers and ratings, by the layout's column map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from placement.market.imports.cqc import cells, terms
from placement.market.imports.cqc.layouts import CARE_DIRECTORY, LATEST_RATINGS, Layout
from placement.market.imports.cqc.rows import OVERALL, CqcLocation, CqcProvider, CqcRating, Problem, Reading, Source
from placement.market.imports.cqc.table_rows import TableRow, rows_below
from placement.market.imports.cqc.tables import Record

NO_ID = "The row has no location id that can be read"
NO_NAME = "The row has no name"
NO_DOMAIN = "The row's domain is none that CQC rates"
NO_RATING = "The row has no rating"
UNKNOWN_RATING = "The row's rating is none that the CQC gives"
NO_STATUS = "“{}” says neither that the location is registered nor that its registration has ended"
NO_END = "The row has no date on which the registration ended, and no status that says what it is"


def read_rows(text: str, delimiter: str, header: Record, layout: Layout, *, file: str, vintage: date | None) -> Reading:
    """Return what the rows below a header say. A row that cannot be used is a problem and nothing more."""
    rows, problems = rows_below(header, text, delimiter, layout, file=file)
    read = Reading(rows_read=len(rows) + len(problems), problems=problems)
    return Reading.of((read, _gather(rows, layout, file, vintage)))


def _gather(rows: Iterable[TableRow], layout: Layout, file: str, vintage: date | None) -> Reading:
    read = _READERS.get(layout.source, _location_row)
    made: list[Any] = []
    problems: list[Problem] = []
    for row in rows:
        made.extend(each := list(read(row, vintage)))
        is_used = not any(isinstance(one, str) for one in each)
        problems += [Problem(file=file, row=row.line, reason=reason, is_row_used=is_used) for reason in row.faults]
        problems += [Problem(file=file, row=row.line, reason=one) for one in each if isinstance(one, str)]
    return Reading(
        locations=_once(made, CqcLocation),
        providers=_once(made, CqcProvider),
        ratings=_once(made, CqcRating),
        problems=tuple(problems),
    )


def _once(made: Iterable[Any], kind: type) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(each for each in made if isinstance(each, kind)))


Made = CqcLocation | CqcProvider | CqcRating | str  # a str is why the row cannot be used


def _location_row(row: TableRow, vintage: date | None) -> Iterator[Made]:
    location = _location(row, vintage)
    yield location
    if isinstance(location, CqcLocation):
        yield from location.ratings


def _care_directory_row(row: TableRow, vintage: date | None) -> Iterator[Made]:
    # About a third of this file are providers: no location id, and the provider's own page as address.
    if cells.text(row.cell("location_id")) or not cells.identity(row.cell("provider_id")):
        yield from _location_row(row, vintage)
    else:
        yield _provider(row, vintage)


def _rating_row(row: TableRow, vintage: date | None) -> Iterator[Made]:
    location = _location(row, vintage)
    yield location
    if isinstance(location, CqcLocation):
        yield _rating(row, location, vintage)


_READERS: dict[Source, Callable[[TableRow, date | None], Iterator[Made]]] = {
    CARE_DIRECTORY.source: _care_directory_row,
    LATEST_RATINGS.source: _rating_row,
}


def _location(row: TableRow, vintage: date | None) -> CqcLocation | str:
    location_id, name = cells.identity(row.cell("location_id")), cells.text(row.cell("name"))
    if not location_id or not name:
        return NO_NAME if location_id else NO_ID
    ended_on, began_on = row.day("deregistered_on"), row.day("registered_on")
    is_registered = _is_registered(row, ended_on)
    if isinstance(is_registered, str):
        return is_registered
    types, bands = row.types(), row.bands()
    return CqcLocation(
        location_id=location_id,
        name=name,
        provider_id=row.identity("provider_id"),
        provider_name=cells.text(row.cell("provider_name")),
        postcode=row.postcode(),
        address=row.address(),
        local_authority=cells.text(row.cell("local_authority")),
        is_social_care=row.is_social_care(),
        is_registered=is_registered,
        registered_on=began_on,
        deregistered_on=ended_on,
        is_care_home=row.value("is_care_home", cells.flag),
        is_dormant=row.value("is_dormant", cells.flag),
        is_dual=row.value("is_dual", cells.flag),
        primary_id=row.identity("primary_id"),
        beds=row.value("beds", cells.count),
        service_types=types.slugs,
        other_service_types=types.others,
        unread_types=types.unread,
        specialisms=bands.specialisms,
        ages=bands.ages,
        unread_bands=bands.unread,
        ratings=_column_ratings(row, location_id, began_on, vintage),
        source=row.layout.source,
        vintage=vintage,
        file=row.file,
        row=row.line,
    )


def _is_registered(row: TableRow, ended_on: date | None) -> bool | str | None:
    """Return whether a location is registered; none if the row does not say, and why if it cannot be told."""
    words = terms.fold(row.cell("status"))
    if words:
        return row.layout.status.get(words, NO_STATUS.format(row.layout.columns["status"]))
    if ended_on is None and (row.layout.must_say or cells.text(row.cell("deregistered_on"))):
        return NO_END
    return row.layout.unsaid if ended_on is None else False


def _provider(row: TableRow, vintage: date | None) -> CqcProvider | str:
    name = cells.text(row.cell("provider_name")) or cells.text(row.cell("name"))
    if not name:
        return NO_NAME
    return CqcProvider(
        provider_id=cells.identity(row.cell("provider_id")),
        name=name,
        is_registered=True,
        source=row.layout.source,
        vintage=vintage,
    )


def _column_ratings(
    row: TableRow, location_id: str, registered_on: date | None, vintage: date | None
) -> tuple[CqcRating, ...]:
    if not row.layout.ratings:
        return ()
    published_on = row.day("published_on")
    if published_on == registered_on:
        # No rating is published on the day of registration: an export was seen that repeats that day in all 999 rows.
        published_on = None
    words = {domain: row.rating(column) for domain, column in row.layout.ratings.items()}
    is_inherited = bool(row.value("is_inherited", cells.flag))
    return tuple(
        CqcRating(
            location_id=location_id,
            service_group=OVERALL,
            domain=domain,
            quality=terms.quality_of(each),
            words=terms.rating_words(each),
            published_on=published_on,
            is_inherited=is_inherited,
            source=row.layout.source,
            vintage=vintage,
        )
        for domain, each in words.items()
        if each
    )


def _rating(row: TableRow, location: CqcLocation, vintage: date | None) -> CqcRating | str:
    domain, words = terms.DOMAINS.get(terms.fold(row.cell("domain"))), cells.text(row.cell("words"))
    if domain is None or not words:
        return NO_RATING if domain else NO_DOMAIN
    if not terms.is_rating(words):
        return UNKNOWN_RATING
    return CqcRating(
        location_id=location.location_id,
        service_group=terms.group_slug(row.cell("group")),
        domain=domain,
        quality=terms.quality_of(words),
        words=terms.rating_words(words),
        published_on=row.day("published_on"),
        is_inherited=bool(row.value("is_inherited", cells.flag)),
        source=row.layout.source,
        vintage=vintage,
    )
