"""Odd, old, damaged and hostile files: each is refused or read, none harms, all are told of."""

from __future__ import annotations

import io
import re
import time
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from planner.errors import InputError
from planner.workbooks import register_guard
from planner.workbooks.register_findings import SheetLog
from planner.workbooks.register_guard import guard
from planner.workbooks.register_read import read_register
from tests.register_files import (
    Sheets,
    findings_of,
    put,
    rewritten,
    said,
    save_workbook,
    small_register,
)

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.finding import Finding

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIRST_SHEET = "xl/worksheets/sheet1.xml"


def _saved(folder: Path, sheets: Sheets | None = None) -> Path:
    return save_workbook(sheets or small_register(), folder / "register.xlsx")


def _codes(path: Path) -> list[str]:
    return [finding.code for finding in findings_of(path)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-workbook"),
        (b"Offender ref,Status\n", "not-a-workbook"),
        (b"PK\x03\x04 cut short", "not-a-workbook"),
        (_OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (_OLE + bytes(600), "old-format"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_register(path)
    assert [f.code for f in caught.value.findings] == [code]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert _codes(tmp_path / "nothing.xlsx") == ["no-file"]
    assert _codes(tmp_path) == ["no-file"]
    (tmp_path / "Offenders.csv").write_text("Offender ref\n")
    assert _codes(tmp_path / "Offenders.csv") == ["not-a-workbook"]


def test_another_kind_of_zip_and_a_half_workbook_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert _codes(path) == ["not-a-workbook"]
    broken = rewritten(_saved(tmp_path), _FIRST_SHEET, lambda data: data[: len(data) // 2])
    assert _codes(broken) == ["not-a-workbook"]


@pytest.mark.parametrize("declaration", [b"<!DOCTYPE x>", b'<!ENTITY a "aaaa">', b"<!doctype x>"])
def test_declared_entities_are_refused(tmp_path: Path, declaration: bytes) -> None:
    path = rewritten(_saved(tmp_path), _FIRST_SHEET, lambda data: declaration + data)
    assert _codes(path) == ["unsafe-xml"]


def test_a_declaration_across_two_pieces_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_guard, "_CHUNK", 16)
    path = rewritten(_saved(tmp_path), _FIRST_SHEET, lambda data: data + b"<!DOCTYPE x>")
    assert _codes(path) == ["unsafe-xml"]


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = rewritten(_saved(tmp_path), "xl/media/bomb.xml", lambda _: bytes(50_000_000))
    started = time.process_time()
    findings: list[Finding] = []
    assert not guard(path.read_bytes(), SheetLog(findings, "register.xlsx"))
    assert [f.code for f in findings] == ["too-large"]
    assert time.process_time() - started < 1


@pytest.mark.parametrize(("limit", "expected"), [("MAX_UNPACKED", 0), ("MAX_PARTS", 0)])
def test_size_limits_hold_at_their_edge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, expected: int
) -> None:
    path = _saved(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    size = len(parts) if limit == "MAX_PARTS" else sum(part.file_size for part in parts)
    monkeypatch.setattr(register_guard, limit, size)
    assert len(_codes(path)) == expected
    monkeypatch.setattr(register_guard, limit, size - 1)
    assert _codes(path) == ["too-large"]


def test_too_many_cells_and_too_wide_merges_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rewritten(
        _saved(tmp_path),
        _FIRST_SHEET,
        lambda data: data.replace(
            b"</sheetData>",
            b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        ),
    )
    assert _codes(path) == ["too-large"]
    monkeypatch.setattr(register_guard, "MAX_CELLS", 10)
    assert _codes(_saved(tmp_path)) == ["too-large"]


def test_a_far_cell_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_saved(tmp_path))
    book["Offenders"]["XFD1048576"] = "far"
    book.save(tmp_path / "far.xlsx")
    started = time.process_time()
    assert _codes(tmp_path / "far.xlsx") == []
    assert time.process_time() - started < 2
    book["Offenders"]["A1048576"] = "far"
    book.save(tmp_path / "far.xlsx")
    found = {(f.code, f.row) for f in findings_of(tmp_path / "far.xlsx")}
    assert found == {("missing-value", 1048576)}


def test_the_stated_dimension_is_not_trusted(tmp_path: Path) -> None:
    path = rewritten(
        _saved(tmp_path),
        _FIRST_SHEET,
        lambda data: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', data),
    )
    assert len(read_register(path).register.offenders) == 3


@pytest.mark.parametrize("digits", [b"1e999", b"9" * 400])
def test_a_number_beyond_measure_is_a_fault(tmp_path: Path, digits: bytes) -> None:
    path = rewritten(
        _saved(tmp_path, put(small_register(), "Offenders", 2, "Failed attempts", 77)),
        _FIRST_SHEET,
        lambda data: data.replace(b"<v>77</v>", b"<v>" + digits + b"</v>"),
    )
    assert _codes(path) == ["wrong-kind"]


def test_a_workbook_without_a_sheet_is_refused(tmp_path: Path) -> None:
    path = rewritten(
        _saved(tmp_path),
        "xl/workbook.xml",
        lambda data: re.sub(rb"<sheets>.*</sheets>", b"<sheets></sheets>", data),
    )
    assert _codes(path) == ["not-a-workbook"]


def test_macros_are_told_of(tmp_path: Path) -> None:
    path = rewritten(_saved(tmp_path), "xl/vbaProject.bin", lambda _: b"macro")
    assert _codes(path) == ["macros"]


def test_merged_cells_are_refused_inside_the_table_only(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Offenders"].insert(0, ["A title over several columns"])
    book = openpyxl.load_workbook(_saved(tmp_path, sheets))
    path = tmp_path / "merged.xlsx"
    book["Offenders"].merge_cells("A1:D1")
    book["Offenders"].merge_cells("A9:D9")
    book["Offenders"].merge_cells("X3:Z4")
    book.save(path)
    assert _codes(path) == []
    book["Offenders"].merge_cells("E3:E4")
    book.save(path)
    found = [f for f in findings_of(path) if f.code == "merged-cells"]
    assert [f.row for f in found] == [3] and "E3:E4" in found[0].message


def test_hidden_rows_and_sheets_are_read_and_told_of(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Old list"] = [["Name"]]
    book = openpyxl.load_workbook(_saved(tmp_path, sheets))
    book["Offenders"].row_dimensions[3].hidden = True
    book["Staff"].sheet_state = "hidden"
    book["Old list"].sheet_state = "veryHidden"
    path = tmp_path / "hidden.xlsx"
    book.save(path)
    read = read_register(path)
    assert len(read.register.offenders) == 3 and len(read.register.officers) == 3
    assert [(f.code, f.sheet, f.row) for f in read.warnings] == [
        ("hidden-row", "Offenders", 3),
        ("hidden-sheet", "Staff", None),
        ("hidden-sheet", "Old list", None),
    ]


def _with_formula(folder: Path, value: object) -> Path:
    """The small register, its first Area a formula whose last value is given."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for name, rows in small_register().items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
    place = small_register()["Offenders"][0].index("Area")
    book.get_worksheet_by_name("Offenders").write_formula(1, place, "=1+1", None, value)
    book.close()
    path = folder / "formula.xlsx"
    path.write_bytes(data.getvalue())
    return path


def test_a_formula_gives_its_last_value_and_a_warning(tmp_path: Path) -> None:
    path = _with_formula(tmp_path, "B7")
    read = read_register(path)
    assert read.register.offenders[0].area == "B7"
    assert [(f.code, f.cell) for f in read.warnings] == [("formula", "F2")]


def test_a_formula_whose_last_value_is_empty_text_is_blank(tmp_path: Path) -> None:
    path = rewritten(
        _with_formula(tmp_path, "B7"),
        _FIRST_SHEET,
        lambda data: data.replace(b"<v>B7</v>", b"<v></v>"),
    )
    read = read_register(path)
    assert read.register.offenders[0].area == ""
    assert [f.code for f in read.warnings] == ["formula"]


def test_a_formula_that_gives_an_error_or_nothing_is_a_fault(tmp_path: Path) -> None:
    assert _codes(_with_formula(tmp_path, "#N/A")) == ["error-cell"]
    sheets = put(small_register(), "Offenders", 2, "Area", "=live()")
    assert said(sheets, tmp_path) == [("Fault", "formula-without-value", "F2")]


def test_the_1904_date_system_is_understood(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_saved(tmp_path))
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "mac.xlsx")
    plain = read_register(_saved(tmp_path)).register
    assert read_register(tmp_path / "mac.xlsx").register == plain


def test_a_date_beyond_what_excel_can_show_is_a_fault(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 2, "Last visit", 9_000_000)
    book = openpyxl.load_workbook(_saved(tmp_path, sheets))
    book["Offenders"]["H2"].number_format = "dd/mm/yyyy"
    book.save(tmp_path / "register.xlsx")
    assert _codes(tmp_path / "register.xlsx") == ["error-cell"]


def test_five_thousand_people_are_read_in_seconds(tmp_path: Path) -> None:
    sheets = small_register()
    head, row = sheets["Offenders"][:2]
    sheets["Offenders"] = [head, *([f"{n:05}", *row[1:]] for n in range(5_000))]
    sheets["Locks"] = sheets["Locks"][:1]
    path = _saved(tmp_path, sheets)
    started = time.process_time()
    assert len(read_register(path).register.offenders) == 5_000
    assert time.process_time() - started < 6  # about 1 on an idle machine
