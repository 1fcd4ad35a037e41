"""XlsxWriter's sheet, quicker with the cells of big tables: to the byte what it writes itself.

Its own way asks of every cell what is the same for a whole column. A plan has half a million.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.workbooks.theme import Format

    Cell = Any
    """One of XlsxWriter's: a named tuple whose first field is the value, but for a blank."""

Value = str | int | float | date | None

_EXCEL_DAY_0 = date(1899, 12, 30)
_SURELY_FITS = 16_000
"""Characters that a cell holds whatever they are; a longer text is XlsxWriter's to cut."""
_new = tuple.__new__
"""Makes XlsxWriter's cells, which are named tuples, in half the time."""


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet like any other; ``put_rows`` and ``mark_table`` are its quicker ways."""

    def put_rows(
        self, first_row: int, rows: Sequence[Sequence[Value]], looks: Sequence[Format]
    ) -> None:
        """Put rows in from the first column on, each column in its look."""
        if not rows:
            return
        self._check_dimensions(first_row, 0)  # notes how far the sheet's cells reach
        self._check_dimensions(first_row + len(rows) - 1, len(looks) - 1)
        index_of = self.str_table._get_shared_string_index  # noqa: SLF001
        blanks = [CellBlankTuple(look) for look in looks]
        for r, values in enumerate(rows, start=first_row):
            cells = self.table[r]
            for c, (value, look) in enumerate(zip(values, looks, strict=True)):
                kind = value.__class__
                if kind is str and len(value) < _SURELY_FITS:  # type: ignore[arg-type]
                    cells[c] = _new(CellStringTuple, (index_of(value), look))
                elif value is None:
                    cells[c] = blanks[c]
                elif kind is int or (kind is float and isfinite(value)):  # type: ignore[arg-type]
                    cells[c] = _new(CellNumberTuple, (value, look))
                elif kind is date:
                    cells[c] = _new(CellNumberTuple, (serial(value), look))
                else:
                    self.put(r, c, value, look)

    def put(self, row: int, column: int, value: Value, look: Format) -> None:
        """Put one cell in, in XlsxWriter's own way."""
        if value is None:
            self.write_blank(row, column, None, look)
        elif isinstance(value, str):
            self.write_string(row, column, value, look)
        elif isinstance(value, date):
            self.write_number(row, column, serial(value), look)
        else:
            self.write_number(row, column, value, look)

    def mark_table(
        self, header_row: int, last_row: int, last_column: int, options: dict[str, object]
    ) -> None:
        """Make a sheet's only table of its cells from the first column on.

        XlsxWriter looks at every cell of a table for another one there. So it is told of the first
        two rows, and then how far the table reaches.
        """
        self.add_table(header_row, 0, header_row + 1, last_column, options)
        area = xl_range(header_row, 0, last_row, last_column)
        table = self.tables[-1]
        table.update((key, area) for key in ("range", "a_range", "autofilter") if key in table)

    def _calculate_spans(self) -> None:
        """The columns that each sixteen rows reach, from 1, as XlsxWriter works them out."""
        if self.comments:
            super()._calculate_spans()
            return
        reach: dict[int, tuple[int, int]] = {}
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells = self.table.get(row)
            if cells:
                low, high = reach.get(row // 16, (self.xls_colmax, 0))
                reach[row // 16] = min(low, min(cells)), max(high, max(cells))
        self.row_spans = {n: f"{low + 1}:{high + 1}" for n, (low, high) in reach.items()}

    def _write_rows(self) -> None:
        """All rows as XML; what is no plain text, number or blank is left to XlsxWriter."""
        if self.comments:
            super()._write_rows()
            return
        self._calculate_spans()
        names = [xl_col_to_name(column) for column in range(self.dim_colmax + 1)]
        styles: dict[Format, str] = {}
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, info = self.table.get(row), self.row_info.get(row)
            span = self.row_spans.get(row // 16)
            if cells:
                self._write_row(row, span, info)
                self._write_cells(row, cells, names, styles)
                self._xml_end_tag("row")
            elif info is not None:
                self._write_empty_row(row, span, info)

    def _write_cells(
        self, row: int, cells: dict[int, Cell], names: Sequence[str], styles: dict[Format, str]
    ) -> None:
        parts: list[str] = []
        number = row + 1
        for column in sorted(cells):
            cell = cells[column]
            kind, look = cell.__class__, cell.format
            if look is None or kind not in _PLAIN:
                self.fh.write("".join(parts))
                parts.clear()
                self._write_cell(row, column, cell)
                continue
            style = styles.get(look)
            if style is None:
                style = styles[look] = f'" s="{look._get_xf_index()}"'  # noqa: SLF001
            if kind is CellStringTuple:
                parts.append(f'<c r="{names[column]}{number}{style} t="s"><v>{cell[0]}</v></c>')
            elif kind is CellNumberTuple:
                parts.append(f'<c r="{names[column]}{number}{style}><v>{cell[0]:.16G}</v></c>')
            else:
                parts.append(f'<c r="{names[column]}{number}{style}/>')
        self.fh.write("".join(parts))


_PLAIN = {CellStringTuple, CellNumberTuple, CellBlankTuple}


@cache
def serial(day: date) -> int:
    """A date as Excel counts it."""
    return (day - _EXCEL_DAY_0).days
