"""A workbook for Excel and LibreOffice: the sheets of a result, formatted."""

import io
import textwrap
from pathlib import Path

import polars as pl
from polars import selectors
from xlsxwriter import Workbook

from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.files import written_whole
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting.sheets import Sheet, sheets_of

AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Text stays text: a title that begins with "=" is no formula."""

NUMBER, WHOLE = "[=0]0;[>=100]#,##0;#,##0.00##", "#,##0"
TEXT = {"text_wrap": True, "valign": "top", "indent": 1}
TOP = {"valign": "top"}
HEAD = {"bold": True, "text_wrap": True, "valign": "top"}
STYLE = "Table Style Light 1"
CHARACTER, PADDING = 7, 24  # pixels; the padding has room for the button of the filter
NARROWEST, WIDEST = 80, 560  # pixels
LINES_OF_HEAD = 3
LINE, MOST_LINES = 20, 20  # pixels; a row is no higher than a screen
A4 = 9
FIT = 12  # columns that are still legible on one page of paper
EVERY_CELL = "A1:XFD1048576"


def to_xlsx(result: Run | Sweep | Comparison, path: Path | str) -> None:
    """Write a result as a workbook for Excel and LibreOffice.

    Its sheets are summary, measures, points or differences, limits, replications, scenario and sources. Numbers have
    the units that funnelsim prints, which stand in the headings. An existing file is overwritten.

    Parameters
    ----------
    result
        A run, a sweep or a comparison.
    path
        The file.

    Raises
    ------
    FunnelsimError
        If it is no result, or the file cannot be written.
    """
    content = io.BytesIO()
    with Workbook(content, AS_TYPED) as workbook:
        for sheet in sheets_of(result):
            _add(sheet, workbook)
    with written_whole(Path(path)) as beside:
        beside.write_bytes(content.getvalue())


def _add(sheet: Sheet, workbook: Workbook) -> None:
    """Add a sheet; its heading stays in sight."""
    # A spreadsheet knows neither infinity nor a number that does not exist.
    finite = pl.when(selectors.float().is_finite()).then(selectors.float())
    table = sheet.table.with_columns(finite) if sheet.table.select(selectors.float()).width else sheet.table
    place = workbook.add_worksheet(sheet.name)
    table.write_excel(
        workbook,
        place,
        column_formats={
            selectors.string(): TEXT,
            selectors.float(): TOP | {"num_format": NUMBER},
            selectors.integer(): TOP | {"num_format": WHOLE},
        },
        header_format=HEAD,
        column_widths={column.name: _width(column) for column in table},
        table_style=STYLE,
        autofilter=table.width > 1,
        freeze_panes=(1, 0),
    )
    # Excel makes a row as high as its text when it opens the file; LibreOffice does not.
    for row, lines in enumerate(_lines(table)):
        if lines > 1:
            place.set_row_pixels(row, LINE * min(lines, MOST_LINES))
    place.set_landscape()
    place.set_paper(A4)
    place.repeat_rows(0)
    if table.width <= FIT:
        place.fit_to_pages(1, 0)
    place.ignore_errors({"number_stored_as_text": EVERY_CELL})  # values of a scenario, as they stand in its file


def _width(column: pl.Series) -> int:
    """Return the width of a column in pixels: what it holds, and its heading in a few lines."""
    longest = max(len(word) for word in column.name.split(" "))
    characters = max(longest, -(-len(column.name) // LINES_OF_HEAD))
    if column.dtype == pl.String:
        characters = max(characters, int(column.str.len_chars().max() or 0))  # type: ignore[arg-type]
    return min(max(CHARACTER * characters + PADDING, NARROWEST), WIDEST)


def _lines(table: pl.DataFrame) -> list[int]:
    """Return how many lines the heading needs, and each row."""
    lines = [1] * (1 + table.height)
    for column in table:
        room = (_width(column) - PADDING) // CHARACTER
        texts = [column.name, *(column.to_list() if column.dtype == pl.String else [])]
        for row, text in enumerate(texts):
            lines[row] = max(lines[row], len(textwrap.wrap(text or "", room)))
    return lines
