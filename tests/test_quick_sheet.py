"""The quick sheet writes to the byte what XlsxWriter writes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from planner.workbooks.quick_sheet import QuickSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.workbooks.sheet import Value


class Word(StrEnum):
    HIGH = "High"


NASTY: Sequence[Sequence[Value]] = [
    ["0012", 3, 2.5, date(2026, 12, 1)],
    ['<r>A & "B"</r>', -1.0, 1 / 3, None],
    [None, None, None, None],
    ["", True, 1e22, date(1900, 3, 1)],
    [Word.HIGH, 10**17, -1e-9, "0012"],
    [" spaced ", 0, 123456.789012345678, "tab\tand\nline\x07_x0007_"],
    ["x" * 40_000, 5, 0.1 + 0.2, "😀" * 16_500],
    ["y" * 16_000, 5, 0.0, "z" * 15_999],
]
"""Every kind of value, and texts about as long as a cell holds."""

ROWS = [*NASTY, *([f"OM{n:03}", n, n / 7, date(2026, 1, 1)] for n in range(40))]


def plainly(sheet: Any, first_row: int, rows: Sequence[Sequence[Value]], looks: Any) -> None:
    """The same in XlsxWriter's own words."""
    for r, values in enumerate(rows, start=first_row):
        for c, (value, look) in enumerate(zip(values, looks, strict=True)):
            if value is None:
                sheet.write_blank(r, c, None, look)
            elif isinstance(value, str):
                sheet.write_string(r, c, value, look)
            elif isinstance(value, date):
                sheet.write_number(r, c, (value - date(1899, 12, 30)).days, look)
            else:
                sheet.write_number(r, c, value, look)


def quickly(sheet: Any, first_row: int, rows: Sequence[Sequence[Value]], looks: Any) -> None:
    sheet.put_rows(first_row, rows, looks)


def workbook(
    sheet_class: type, put: Callable[..., None], more: Callable[[Any, Any, Any], None] | None = None
) -> bytes:
    """Two sheets around a gap; ``more`` adds to the first before it is closed."""
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
    # the second and the last look alike without being one
    looks = [book.add_format(f) for f in ({"bold": 1}, {"border": 1}, {"italic": 1}, {"border": 1})]
    for name in ("One", "Two"):
        sheet = book.add_worksheet(name, sheet_class)
        sheet.write_string(0, 0, f"Title of {name}")
        sheet.set_row(3, 40)
        sheet.set_column(1, 2, 20, looks[2])
        put(sheet, 13, ROWS, looks)
        put(sheet, 13 + len(ROWS) + 35, ROWS[:2], looks)
        if more is not None and name == "One":
            more(book, sheet, looks)
    book.close()
    return data.getvalue()


def formula(_book: Any, sheet: Any, looks: Any) -> None:
    sheet.write_formula(14, 1, "=1+1", looks[0], 2)
    sheet.write_boolean(15, 1, True, looks[0])


def over_the_table(_book: Any, sheet: Any, looks: Any) -> None:
    sheet.write_string(14, 2, "written over", looks[3])
    sheet.write_number(14, 9, 7)
    sheet.write_number(14, 7, 8, looks[0])  # the columns of a row in no order


def look_of_a_row(_book: Any, sheet: Any, looks: Any) -> None:
    sheet.set_row(14, 30, looks[1])
    sheet.set_row(5, None, looks[1])
    sheet.write_number(5, 3, 7)


def chart(book: Any, sheet: Any, _looks: Any) -> None:
    drawn = book.add_chart({"type": "line"})
    drawn.add_series({"values": "=One!$B$14:$B$30", "categories": "=One!$A$14:$A$30"})
    sheet.insert_chart("H2", drawn)


def comment(_book: Any, sheet: Any, _looks: Any) -> None:
    sheet.write_comment(8, 6, "Look here")


def table(_book: Any, sheet: Any, _looks: Any) -> None:
    sheet.add_table(12, 0, 20, 3, {"columns": [{"header": h} for h in "ABCD"]})


@pytest.mark.parametrize(
    "more", [None, formula, over_the_table, look_of_a_row, chart, comment, table]
)
def test_the_bytes_are_xlsxwriters(more: Any) -> None:
    assert workbook(QuickSheet, quickly, more) == workbook(Worksheet, plainly, more)


def test_cells_put_one_by_one_are_the_same_too() -> None:
    def singly(sheet: Any, first_row: int, rows: Sequence[Sequence[Value]], looks: Any) -> None:
        for r, values in enumerate(rows, start=first_row):
            for c, value in enumerate(values):
                sheet.put(r, c, value, looks[c])

    assert workbook(QuickSheet, singly) == workbook(Worksheet, plainly)


def test_no_rows_leave_no_trace() -> None:
    def none(sheet: Any, first_row: int, _rows: object, looks: Any) -> None:
        sheet.put_rows(first_row, [], looks)

    def nothing(*_: object) -> None:
        pass

    assert workbook(QuickSheet, none) == workbook(Worksheet, nothing)


@pytest.mark.parametrize("more", [{}, {"autofilter": False, "style": "Table Style Light 1"}])
@pytest.mark.parametrize("last_row", [1, 2, 60])
def test_a_table_is_xlsxwriters(last_row: int, more: dict[str, Any]) -> None:
    def options() -> dict[str, Any]:
        return {"name": "Cases", "columns": [{"header": h} for h in "ABCD"], **more}

    def quick(_book: Any, sheet: Any, _looks: Any) -> None:
        sheet.mark_table(0, last_row, 3, options())

    def plain(_book: Any, sheet: Any, _looks: Any) -> None:
        sheet.add_table(0, 0, last_row, 3, options())

    assert workbook(QuickSheet, quickly, quick) == workbook(Worksheet, plainly, plain)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused_as_ever(value: float) -> None:
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet("One", QuickSheet)
    with pytest.raises(TypeError, match="NAN/INF"):
        sheet.put_rows(0, [[value]], [book.add_format()])


@pytest.mark.parametrize("row", [["too", "many"], []])
def test_a_row_of_another_width_is_refused(row: list[Value]) -> None:
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet("One", QuickSheet)
    with pytest.raises(ValueError, match="zip"):
        sheet.put_rows(0, [row], [book.add_format()])
