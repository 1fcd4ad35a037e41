"""Plain sheets are read the quick way to the very same grids; all others the slow way."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

import planner.workbooks.register_xlsx as reader
from planner.sample import synthetic_register
from planner.workbooks.register_findings import SheetLog
from planner.workbooks.register_write import register_workbook, template_workbook
from tests.register_files import save_workbook, small_register

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.workbooks.register_grid import Grid


def grids(data: bytes, monkeypatch: pytest.MonkeyPatch, *, slowly: bool) -> tuple[Grid, ...]:
    with monkeypatch.context() as patch:
        if slowly:
            patch.setattr(reader, "_plain_grids", lambda _: ())
        return reader.workbook_grids(data, SheetLog([], "register.xlsx"))


def is_plain(data: bytes) -> bool:
    return bool(reader._plain_grids(data))  # noqa: SLF001


def assert_same(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = grids(data, monkeypatch, slowly=False)
    slow = grids(data, monkeypatch, slowly=True)
    assert quick == slow
    for one, other in zip(quick, slow, strict=True):
        for row, cells in one.rows.items():
            for column, value in cells.items():
                assert type(value) is type(other.rows[row][column])


VALUES: list[list[object]] = [
    ["Offender ref", "Seen", "Number"],
    ["007", date(2026, 1, 3), 4],
    ["text", datetime(2026, 1, 3, 14, 30), 4.5],  # noqa: DTZ001  (Excel knows no time zones)
    [" spaces ", time(9, 30), -3],
    ["é & <x>", timedelta(hours=30), 1e300],
    [None, None, 0],
    ["_x000D_", date(1900, 1, 1), 2**53],
]
_FORMATS = {datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm", timedelta: "[h]:mm"}


def book_of(change: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook as Excel writes them: text is shared, cells have the usual attributes."""
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out)
    sheet: Any = book.add_worksheet("Offenders")
    for r, row in enumerate(VALUES):
        for c, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(r, c, value)
            elif isinstance(value, date | time | timedelta):
                looks = book.add_format({"num_format": _FORMATS[type(value)]})
                sheet.write_datetime(r, c, value, looks)
            elif value is not None:
                sheet.write_number(r, c, value)
    if change:
        change(book, sheet)
    book.close()
    return out.getvalue()


def test_our_own_registers_are_plain_and_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = register_workbook(synthetic_register(offenders=80, officers=4, seed=3))
    assert is_plain(made)
    assert_same(made, monkeypatch)
    assert_same(template_workbook(), monkeypatch)


def test_other_programs_plain_workbooks_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = save_workbook(small_register(), tmp_path / "r.xlsx").read_bytes()
    assert_same(data, monkeypatch)
    assert is_plain(book_of())
    assert_same(book_of(), monkeypatch)


def hide_row(_: Any, sheet: Any) -> None:
    sheet.set_row(1, None, None, {"hidden": True})


def hide_sheet(book: Any, sheet: Any) -> None:
    other = book.add_worksheet("Other")
    other.write_number("A1", 1)
    other.activate()
    sheet.hide()


def merge(_: Any, sheet: Any) -> None:
    sheet.merge_range("E3:F4", "")


def formula(_: Any, sheet: Any) -> None:
    sheet.write_formula("C2", "=1+1", None, 2)


def error(_: Any, sheet: Any) -> None:
    sheet.write_formula("C2", "=NA()", None, "#N/A")


def error_as_text(_: Any, sheet: Any) -> None:
    sheet.write_string("C2", "#N/A")


def truth(_: Any, sheet: Any) -> None:
    sheet.write_boolean("C2", True)


def date_out_of_reach(book: Any, sheet: Any) -> None:
    sheet.write_number("C2", 1e300, book.add_format({"num_format": "dd/mm/yyyy"}))


@pytest.mark.parametrize(
    "change",
    [hide_row, hide_sheet, merge, formula, error, error_as_text, truth, date_out_of_reach],
)
def test_what_is_not_plain_is_read_the_slow_way(
    change: Callable[[Any, Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = book_of(change)
    assert not is_plain(data)
    assert_same(data, monkeypatch)


def with_sheet(data: bytes, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = change(content.decode()).encode()
            new.writestr(part.filename, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="C2"><v>4</v></c>', '<c r="C2" t="str"><v>four</v></c>'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2" t="inlineStr"><is><t>four</t></is></c>'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2" t="d"><v>2026-01-03</v></c>'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2" t="e"><v>#REF!</v></c>'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2"><f>2+2</f><v>4</v></c>'),
        ('<c r="C2"><v>4</v></c>', '<c t="n" r="C2"><v>4</v></c>'),
        ('<c r="C2"><v>4</v></c>', "<c><v>4</v></c>"),
        ('<c r="C2"><v>4</v></c>', '<c r="C2"><v>4</v></c><!-- odd -->'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2" cm="1"><v>4</v></c>'),
        ('<c r="A2" t="s">', '<c r="A2" t="str">'),
        ('<c r="C2"><v>4</v></c>', 'stray <c r="C2"><v>4</v></c>'),
        ('<row r="2"', "<row"),
        ('<row r="2"', '<row hidden="1" r="2"'),
        ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'),
    ],
)
def test_whatever_else_a_part_holds_reads_the_same(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = book_of()
    changed = with_sheet(plain, lambda xml: xml.replace(old, new, 1))
    assert changed != plain
    assert old in zipfile.ZipFile(io.BytesIO(plain)).read("xl/worksheets/sheet1.xml").decode()
    assert not is_plain(changed)
    assert_same(changed, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="C2"><v>4</v></c>', '<c r="C2" t="n"><v>4</v></c>'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2"><v>4.0</v></c>'),
        ('<c r="C2"><v>4</v></c>', '<c r="C2"/>'),
        ('<c r="C2"><v>4</v></c>', '<c r="XFD2"><v>4</v></c>'),
    ],
)
def test_ways_of_writing_a_plain_cell_read_the_same(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = book_of()
    changed = with_sheet(plain, lambda xml: xml.replace(old, new, 1))
    assert is_plain(changed)
    assert_same(changed, monkeypatch)


def test_an_empty_sheet_beside_is_plain_too(monkeypatch: pytest.MonkeyPatch) -> None:
    data = book_of(lambda book, _: book.add_worksheet("Sheet2"))
    assert is_plain(data)
    assert_same(data, monkeypatch)


def test_a_damaged_end_of_a_sheet_is_a_fault_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = book_of()
    broken = with_sheet(plain, lambda xml: xml.replace("</worksheet>", ""))
    assert grids(broken, monkeypatch, slowly=False) == ()
    assert grids(broken, monkeypatch, slowly=True) == ()
