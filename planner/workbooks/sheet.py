"""A workbook made of sheets: title, marking, a few lines, one table. Looks are ``theme``'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter

from planner.workbooks.quick_sheet import QuickSheet
from planner.workbooks.theme import FONT, LATE, LINES, Kind, Theme, Workbook, Worksheet, set_up_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.workbooks.quick_sheet import Value as Value

_TABLE_STYLE = "Table Style Light 1"
_LINE = 13.5
_SPARE = 2.5
"""Characters that a filter button, an indent and the estimate's error may take of a line."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; ``width`` in characters. An editable one is tinted for people to fill."""

    header: str
    kind: Kind = Kind.TEXT
    width: float = 12
    editable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """``name`` is the tab and, without spaces, the Excel table, so that formulas can point at it.

    A row has a value for every column; None leaves the cell blank.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str] = ()
    frozen_columns: int = 1
    tab_colour: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A table on its sheet: where its data are, rows and columns from 0, both ends included."""

    sheet: Worksheet
    first_row: int
    last_row: int
    header_row: int


class Book:
    """A workbook being made. The same content always gives the same bytes.

    ``warning`` stands above the notes of every table.
    """

    def __init__(self, *, title: str, marking: str, as_at: date, warning: str = "") -> None:
        self._bytes = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._bytes, _options())
        self.theme = Theme(self._workbook)
        self.marking = marking
        self._warning = warning
        self._as_at = as_at
        self._workbook.set_properties(
            {
                "title": title,
                "subject": marking,
                "author": "planner",
                "created": datetime.combine(as_at, time()),
            }
        )
        self._workbook.set_size(2400, 1600)

    @property
    def workbook(self) -> Workbook:
        """XlsxWriter's own object, for charts."""
        return self._workbook

    def set_custom_properties(self, items: Sequence[tuple[str, str | int | date]]) -> None:
        """What programs may read of the document without looking into its sheets."""
        for name, value in items:
            told = datetime.combine(value, time()) if isinstance(value, date) else value
            self._workbook.set_custom_property(name, told)

    def add_page(self, name: str, title: str, tab_colour: str | None = None) -> Worksheet:
        """A sheet with its title in A1, the marking in A2 and the page set up; nothing else yet."""
        sheet = self._workbook.add_worksheet(name, QuickSheet)
        set_up_page(sheet, title, self.marking, f"Register as at {self._as_at:%d/%m/%Y}")
        sheet.write_string(0, 0, title, self.theme.title)
        sheet.set_row(0, 21)
        sheet.write_string(1, 0, self.marking, self.theme.marking)
        if tab_colour is not None:
            sheet.set_tab_color(tab_colour)
        return sheet

    def add_table(self, content: Sheet) -> Placed:
        """A sheet with one Excel table, its header frozen and repeated on every printed page."""
        sheet = self.add_page(content.name, content.title, content.tab_colour)
        notes = [(text, self.theme.note) for text in content.notes]
        if self._warning:
            notes.insert(0, (self._warning, self.theme.style(**LATE)))
        for row, (text, look) in enumerate(notes, start=2):
            sheet.write_string(row, 0, text, look)
        header_row = len(notes) + 3
        last_row = header_row + max(1, len(content.rows))
        self._set_columns(sheet, content.columns)
        self._mark_as_table(sheet, content, header_row, last_row)
        self._write_rows(sheet, content, header_row + 1)
        sheet.freeze_panes(header_row + 1, content.frozen_columns)
        sheet.repeat_rows(header_row)
        return Placed(sheet, header_row + 1, last_row, header_row)

    def to_bytes(self) -> bytes:
        """Close the workbook: nothing can be added afterwards."""
        self._workbook.close()
        for sheet in self._workbook.worksheets():
            sheet.table.clear()  # the sheets refer to one another: they would stay for long
        return self._bytes.getvalue()

    def _set_columns(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width, self.theme.column(column.kind))

    def _mark_as_table(
        self, sheet: Worksheet, content: Sheet, header_row: int, last_row: int
    ) -> None:
        """Make it an Excel table."""
        headers = [
            {"header": c.header, "header_format": self.theme.header(c.kind, editable=c.editable)}
            for c in content.columns
        ]
        last_column = len(content.columns) - 1
        name = content.name.replace(" ", "")
        options = {"name": name, "style": _TABLE_STYLE, "columns": headers}
        sheet.mark_table(header_row, last_row, last_column, options)
        lines = max(_lines(c.header, c.width) for c in content.columns)
        sheet.set_row(header_row, 6 + _LINE * lines)
        corner = xlsxwriter.utility.xl_range(header_row + 1, 0, last_row, last_column)
        sheet.ignore_errors({"number_stored_as_text": corner})

    def _write_rows(self, sheet: Worksheet, content: Sheet, first_row: int) -> None:
        rows = content.rows or [[None] * len(content.columns)]
        if any(column.kind is Kind.MIXED for column in content.columns):
            self._write_mixed_rows(sheet, content, rows, first_row)
        else:
            looks = [self.theme.cell(c.kind, editable=c.editable) for c in content.columns]
            sheet.put_rows(first_row, rows, looks)
        self._set_heights(sheet, content, first_row)

    def _write_mixed_rows(
        self, sheet: Worksheet, content: Sheet, rows: Sequence[Sequence[Value]], first_row: int
    ) -> None:
        """Rows of which some cells take their look from their value."""
        looks = [
            None if c.kind is Kind.MIXED else self.theme.cell(c.kind, editable=c.editable)
            for c in content.columns
        ]
        for r, values in enumerate(rows, start=first_row):
            for c, (value, look) in enumerate(zip(values, looks, strict=True)):
                if look is None:
                    self.write(sheet, r, c, value, Kind.MIXED, **LINES)
                else:
                    sheet.put(r, c, value, look)

    @staticmethod
    def _set_heights(sheet: Worksheet, content: Sheet, first_row: int) -> None:
        """Room for paragraphs: not every program makes it for itself on opening."""
        wrapped = [
            (c, column.width)
            for c, column in enumerate(content.columns)
            if column.kind is Kind.PARAGRAPH
        ]
        for r, values in enumerate(content.rows if wrapped else (), start=first_row):
            lines = max(_lines(str(values[c] or ""), width) for c, width in wrapped)
            if lines > 1:
                sheet.set_row(r, 2 + _LINE * lines)

    def write(
        self, sheet: Worksheet, row: int, column: int, value: Value, kind: Kind, **style: object
    ) -> None:
        """One cell with a format of its own; a ``MIXED`` one takes its format from the value."""
        if kind is Kind.MIXED:
            kind = _kind_of(value)
            style = {"align": "left", "indent": 1, **style}
        look = self.theme.style(**{**self.theme.look(kind), **style})
        sheet.put(row, column, value, look)


def paint_words(
    book: Book, placed: Placed, column: int, word: str, look: dict[str, object]
) -> None:
    """Fill the cells of a column that begin with a word."""
    placed.sheet.conditional_format(
        placed.first_row,
        column,
        placed.last_row,
        column,
        {
            "type": "text",
            "criteria": "begins with",
            "value": word,
            "format": book.theme.change(**look),
        },
    )


def paint_above(
    book: Book, placed: Placed, column: int, limit: float, look: dict[str, object]
) -> None:
    """Fill the cells of a column whose figure is above a limit."""
    top = xlsxwriter.utility.xl_rowcol_to_cell(placed.first_row, column)
    paint_where(book, placed, column, f"=AND(ISNUMBER({top}),{top}>{limit:g})", look)


def paint_where(
    book: Book, placed: Placed, column: int, formula: str, look: dict[str, object]
) -> None:
    """Fill the cells of a column for whose row a formula, told for the first row, is true."""
    placed.sheet.conditional_format(
        placed.first_row,
        column,
        placed.last_row,
        column,
        {
            "type": "formula",
            "criteria": formula,
            "format": book.theme.change(**look),
        },
    )


def paint_scale(placed: Placed, columns: tuple[int, int], high: float | None = None) -> None:
    """White to blue by the figure, which stays in the cell."""
    scale: dict[str, object] = {
        "type": "2_color_scale",
        "min_color": "#ffffff",
        "max_color": "#6BACE6",
        "min_type": "num",
        "min_value": 0,
    }
    if high is not None:
        scale |= {"max_type": "num", "max_value": high}
    placed.sheet.conditional_format(
        placed.first_row, columns[0], placed.last_row, columns[1], scale
    )


def _options() -> dict[str, object]:
    """XlsxWriter's settings, anew each time: it writes into what it is given."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {k: v for k, v in FONT.items() if k != "font_color"},
    }


def _lines(text: str, width: float) -> int:
    """How many lines a text takes once wrapped in a column, with room to spare at its end."""
    room = max(1.0, width - _SPARE)
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
    return lines


def _kind_of(value: Value) -> Kind:
    if isinstance(value, date):
        return Kind.DATE
    if isinstance(value, str):
        return Kind.TEXT
    return Kind.MIXED
