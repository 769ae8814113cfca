"""The market position pack: a page to look it over, and the same as PDF and as a table to be published."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from placement.domain.councils import COUNCIL
from placement.geography.attribution import ATTRIBUTION
from placement.reports.asked import Asked
from placement.reports.catalogue import vintage
from placement.reports.position import PositionPack, position_pack
from placement.reports.quarters import span_words
from placement.sheets.formats import ODS, write_sheet
from placement.sheets.sheet import Cell
from placement.web.gazetteer import gazetteer
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.bar_rows import bar_rows
from placement.web.pages.commissioner.value_words import gain_words, title
from placement.web.papers import pdf
from placement.web.transactions import now, reading

HEADINGS = ("Section", "Table", "For", "Figure", "Value")
MOST_WANTED = 5


@blueprint.get("/position")
def position() -> ResponseReturnValue:
    """Show the pack as it would be published."""
    return _page(_asked(), is_pdf=False)


@blueprint.get("/position.pdf")
def position_pdf() -> ResponseReturnValue:
    """Send the same as PDF."""
    asked = _asked()
    return pdf(_page(asked, is_pdf=True), name=f"market-position-{asked.now:%Y-%m-%d}.pdf")


@blueprint.get("/position.ods")
def position_ods() -> ResponseReturnValue:
    """Send every figure of it as a table: a row a figure."""
    asked = _asked()
    found = position_pack(reading(), asked)
    content = write_sheet(ODS.slug, HEADINGS, [*_rows(found), [_last_line(found, asked)]])
    headers = {"Content-Disposition": f'attachment; filename="market-position-{found.day.isoformat()}.ods"'}
    return Response(content, content_type=ODS.content_type, headers=headers)


def _asked() -> Asked:
    places = gazetteer()
    return Asked(now=now(), ward_set=places.ward_set, localities=places.localities)


def _page(asked: Asked, *, is_pdf: bool) -> str:
    found = position_pack(reading(), asked)
    return render_template(
        "commissioner/position.html",
        pack=found,
        more=[(title(line), gain_words(line.gains[0])) for line in found.more[:MOST_WANTED]],
        council=COUNCIL[asked.ward_set.authority],
        span_words=span_words,
        bar_rows=bar_rows,
        vintage=vintage(asked),
        credits=ATTRIBUTION,
        is_pdf=is_pdf,
    )


def _rows(found: PositionPack) -> Iterator[list[Cell]]:
    for table in found.tables:
        for row in table.rows:
            for heading, value in zip(table.head[1:], row[1:], strict=True):
                yield [table.section, table.caption, row[0], heading, value]
    for line in found.more[:MOST_WANTED]:
        yield ["More of", "Places that would have helped", title(line), "One more place", gain_words(line.gains[0])]
    for label in found.less:
        yield ["Less of", "Types of service", label, "Too few people without a place wanted it to be counted", None]


def _last_line(found: PositionPack, asked: Asked) -> str:
    return (
        f"Market position. {span_words(found.year)}, supply as of {found.day.isoformat()}. Counts of people are to the "
        f"nearest 5; * is 1 to 7, or held back. {vintage(asked)}. {'. '.join(ATTRIBUTION)}."
    )
