"""How much of a file is read: what is larger is refused before it is, whatever it says of itself.

Measured (tests/sheets/test_hostile_files.py): with these every refusal takes less than two seconds and 150 MB.
"""

from __future__ import annotations

from placement.domain.text import amount

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_ROWS = 5000
MOST_COLUMNS = 200
LONGEST_CELL = 5000  # characters
MOST_CHARACTERS = 10_000_000  # in all cells: a workbook can say one long text a million times
LONGEST_LINE = MOST_COLUMNS * LONGEST_CELL  # characters of one row of a text file
MOST_UNPACKED = 30 * MEGABYTE  # of the parts of a workbook that are read, together
MOST_TIMES = 400  # as large as packed: what a table of one repeated word comes to, and a bomb passes by far
MOST_PARTS = 500  # files in a workbook
MOST_ELEMENTS = 600_000  # of a workbook’s XML: 5,000 rows of 30 filled cells
MOST_DEEP = 40  # elements within elements
LONGEST_PIECE = MEGABYTE  # bytes of XML without the end of a tag or of a text

TOO_MANY_ROWS = f"This file has more than {amount(MOST_ROWS, 'row')}. Split it and send the parts."
TOO_MANY_COLUMNS = f"This file has more than {MOST_COLUMNS} columns. Keep those of the template and remove the others."
TOO_LONG = f"A cell in row {{row}} holds more than {LONGEST_CELL:,} characters. Shorten it."
TOO_LONG_ROW = (
    f"Row {{row}} is too long: it has too many columns, or a cell of more than {LONGEST_CELL:,} characters. Shorten it."
)
TOO_LARGE = (
    f"This file is too large. Send one of at most {MOST_BYTES // MEGABYTE} MB: the table alone, without pictures."
)
