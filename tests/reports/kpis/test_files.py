from placement.reports.kpis.catalogue import MEASURE
from placement.reports.kpis.files import FORMATS, HEADINGS, in_file, measure_rows
from placement.reports.kpis.measure import MeasureColumn, MeasureRow, MeasureTable, Sort
from tests.reports.kpis.worlds import asked_for

TABLE = MeasureTable(
    caption="People",
    about="Kind",
    columns=(MeasureColumn(words="Placed", sort=Sort.COUNT), MeasureColumn(words="Price", sort=Sort.POUNDS)),
    rows=(MeasureRow(label="Crisis", values=(None, 123_450)), MeasureRow(label="All", values=(0, None), is_all=True)),
)


def test_a_file_has_a_line_for_each_figure_and_says_what_it_means():
    measure = MEASURE["in-city-share"]
    headings, *lines = measure_rows(measure, asked_for("2026-q3"), [TABLE])
    start = ("In-city share", "July to September 2026", "People")

    assert headings == HEADINGS
    assert lines[:4] == [
        (*start, "Crisis", "Placed", "*", "people, to the nearest 5"),
        (*start, "Crisis", "Price", 1234, "pounds"),
        (*start, "All", "Placed", 0, "people, to the nearest 5"),
        (*start, "All", "Price", None, "pounds"),
    ]
    assert (measure.definition,) in lines
    assert lines[-1] == ("As of 2026-11-23.",)


def test_a_count_that_is_held_back_is_marked_and_a_number_beside_it_left_out():
    assert in_file(None, Sort.COUNT) == "*"
    assert in_file(None, Sort.PERCENT) is None
    assert in_file(46, Sort.PERCENT) == 46


def test_every_format_takes_the_rows():
    rows = measure_rows(MEASURE["waits"], asked_for(), [TABLE])
    assert all(written(rows) for _, written in FORMATS.values())
