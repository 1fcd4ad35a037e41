"""Workbooks that came back: found again by key and header whatever people did to them."""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from planner.domain.decision import EditField
from planner.errors import InputError
from planner.review.edited import ENDING, KEY, EditedBook, Unusable, header
from planner.review.ground import Ground
from planner.review.issued import issued
from planner.review.review import review
from planner.review.statements import Sources
from planner.tables.issued import issued_plan_of
from planner.workbooks.edited_read import read_edited_file, read_edited_workbook
from planner.workbooks.figures_read import changed_figures
from planner.workbooks.loop_books import books
from tests.plan_build import report
from tests.review_build import fill, sheet_with_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MADE = report()
BOOKS = books(MADE, by_supervisor=True)
ISSUED = issued(MADE.run_id, issued_plan_of(MADE.outcome, MADE.written))
GROUND = Ground(MADE.outcome.situation, ISSUED, date(2027, 5, 20))
A_VISIT = next(ref for ref in sorted(ISSUED.rows) if "/Visit/2027-05" in ref)
AN_ARMS = next(ref for ref in sorted(ISSUED.rows) if "/ARMS/2027-05" in ref)
SAID = {
    (A_VISIT, EditField.NOTE): "ring first",
    (AN_ARMS, EditField.HOURS_TAKEN): 4.5,
    (AN_ARMS, EditField.DONE_ON): date(2027, 5, 4),
}


@pytest.fixture
def workload(tmp_path: Path) -> Path:
    """The unit's workbook with three cells filled in."""
    path = tmp_path / "workload.xlsx"
    path.write_bytes(BOOKS["workload.xlsx"])
    return fill(path, SAID)


def said(book: EditedBook) -> dict[tuple[str, str], Any]:
    """Every editable cell that is not blank."""
    return {
        (row.decision_ref, name.removesuffix(ENDING)): cell.value
        for row in book.rows
        for name, cell in row.cells.items()
        if name.endswith(ENDING) and cell.value is not None and cell.value != ""
    }


EXPECTED = {(ref, field.value): value for (ref, field), value in SAID.items()}


def outcomes(book: EditedBook) -> list[tuple[str, str, str]]:
    staff = MADE.outcome.situation.register.officer
    found = review(GROUND, [book], Sources(issued=ISSUED, accepted={}, staff=staff))
    return [(e.decision_ref, e.column, e.answer.value) for _, e in found.edits()]


def changed(path: Path, change: Callable[[Any, Any, int, dict[str, int]], object]) -> EditedBook:
    found, sheet, top, names = sheet_with_key(path)
    change(found, sheet, top, names)
    found.save(path)
    return read_edited_workbook(path)


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_workbooks_as_written_say_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOKS[name])
    book = read_edited_workbook(path)
    assert book.run_id == MADE.run_id
    assert book.rows
    assert outcomes(book) == []
    assert book.made_for == ("Unit" if name == "workload.xlsx" else path_name(name))


def path_name(name: str) -> str:
    return name.split("/")[1].removesuffix(".xlsx")


def test_what_is_filled_in_comes_back_with_its_cell(workload: Path) -> None:
    book = read_edited_workbook(workload)
    assert book.your_name == "Ann"
    assert said(book) == EXPECTED
    _, sheet, _, names = sheet_with_key(workload)
    for row in book.rows:
        for name, cell in row.cells.items():
            value = sheet[cell.cell].value
            assert sheet[cell.cell].column == names[name]
            if isinstance(cell.value, str) and cell.value:
                assert value == cell.value
    assert {o[2] for o in outcomes(book)} == {"Accepted"}


def shuffled(_book: Any, sheet: Any, top: int, _names: dict[str, int]) -> None:
    rows = [[c.value for c in cells] for cells in sheet.iter_rows(min_row=top + 1)]
    random.Random(3).shuffle(rows)
    for r, values in enumerate(rows, start=top + 1):
        for c, value in enumerate(values, start=1):
            sheet.cell(r, c).value = value


def columns_moved(_book: Any, sheet: Any, top: int, names: dict[str, int]) -> None:
    order = sorted(names.values(), key=lambda n: (n * 7) % 23)
    for cells in list(sheet.iter_rows(min_row=top)):
        values = [(cells[n - 1].value, cells[n - 1].number_format) for n in order]
        for cell, (value, look) in zip(cells, values, strict=False):
            cell.value, cell.number_format = value, look


def columns_added(_book: Any, sheet: Any, top: int, _names: dict[str, int]) -> None:
    sheet.insert_cols(3, 2)
    sheet.cell(top, 3).value = "My own notes"
    sheet.cell(top + 1, 3).value = "ask Bob"
    sheet.cell(top + 1, 4).value = 17


def rows_above(_book: Any, sheet: Any, _top: int, _names: dict[str, int]) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"].value = "Returned by North"


def filtered(_book: Any, sheet: Any, top: int, _names: dict[str, int]) -> None:
    for r in range(top + 1, sheet.max_row, 2):
        sheet.row_dimensions[r].hidden = True


def case_of_headers(_book: Any, sheet: Any, top: int, names: dict[str, int]) -> None:
    for name, number in names.items():
        sheet.cell(top, number).value = f" {name.upper()} "


def sheet_renamed(_book: Any, sheet: Any, _top: int, _names: dict[str, int]) -> None:
    sheet.title = "North, December"


def total_row(_book: Any, sheet: Any, _top: int, names: dict[str, int]) -> None:
    sheet.cell(sheet.max_row + 2, names[KEY]).value = "Total"


def formula_elsewhere(book: Any, sheet: Any, top: int, names: dict[str, int]) -> None:
    book["About this workbook"]["D4"].value = "=1+1"
    sheet.cell(top + 1, max(names.values()) + 2).value = "=COUNTA(A:A)"


@pytest.mark.parametrize(
    "change",
    [
        shuffled,
        columns_moved,
        columns_added,
        rows_above,
        filtered,
        case_of_headers,
        sheet_renamed,
        total_row,
        formula_elsewhere,
    ],
)
def test_what_people_do_to_sheets_is_harmless(change: Any, workload: Path) -> None:
    book = changed(workload, change)
    assert said(book) == EXPECTED
    assert {o[2] for o in outcomes(book)} == {"Accepted"}
    assert len(outcomes(book)) == len(EXPECTED)


def test_deleted_rows_and_columns_say_nothing(workload: Path) -> None:
    ref = next(iter(SAID))[0]

    def cut(_book: Any, sheet: Any, top: int, names: dict[str, int]) -> None:
        for r in range(sheet.max_row, top, -1):
            if sheet.cell(r, names[KEY]).value != ref:
                sheet.delete_rows(r)
        sheet.delete_cols(names["Reason"])

    book = changed(workload, cut)
    assert [row.decision_ref for row in book.rows] == [ref]
    assert outcomes(book) == [(ref, "Note", "Accepted")]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("05/12/2026", date(2026, 12, 5)),
        ("2026-12-05", date(2026, 12, 5)),
        ("5 Dec 2026", date(2026, 12, 5)),
        ("Dec 2026", date(2026, 12, 1)),
        ("2026-12", date(2026, 12, 1)),
        ("12/05/26", "12/05/26"),
        ("\u200bClear\xa0", "Clear"),
        ("=1/0", Unusable("")),
        ("#N/A", Unusable("#N/A")),
        (7, date(1900, 1, 7)),
    ],
)
def test_what_is_typed_into_a_date(value: Any, wanted: Any, workload: Path) -> None:
    ref = next(iter(SAID))[0]
    book = read_edited_workbook(fill(workload, {(ref, EditField.LOCK_MONTH): value}))
    assert said(book)[ref, "Lock to month"] == wanted


def test_a_header_that_was_changed_is_told_not_lost_quietly(workload: Path) -> None:
    def rename(_book: Any, sheet: Any, top: int, names: dict[str, int]) -> None:
        sheet.cell(top, names[header(EditField.NOTE)]).value = "Notes (you can edit)"

    book = changed(workload, rename)
    assert (A_VISIT, "Note") not in said(book)
    told = [(w.code, w.column) for w in book.warnings]
    assert told == [
        ("unknown-column", "Notes (you can edit)"),
        ("missing-column", "Note (you can edit)"),
    ]


def test_a_column_that_was_taken_out_is_told(tmp_path: Path) -> None:
    path = tmp_path / "OM01.xlsx"
    path.write_bytes(BOOKS["officers/OM01.xlsx"])
    assert read_edited_workbook(path).warnings == ()

    def cut(_book: Any, sheet: Any, _top: int, names: dict[str, int]) -> None:
        sheet.delete_cols(names[header(EditField.HOURS_TAKEN)])

    book = changed(path, cut)
    assert [(w.code, w.column) for w in book.warnings] == [
        ("missing-column", "Hours taken (you can edit)")
    ]
    assert outcomes(book) == []


def test_an_ods_or_renamed_sheet_without_about_is_known_by_its_properties(workload: Path) -> None:
    def drop(found: Any, *_: Any) -> None:
        del found["About this workbook"]

    book = changed(workload, drop)
    assert book.run_id == MADE.run_id
    assert book.your_name == ""


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_edited_workbook(path)
    return [finding.code for finding in caught.value.findings]


def test_two_columns_of_one_header_and_merged_cells_are_faults(workload: Path) -> None:
    found, sheet, top, names = sheet_with_key(workload)
    sheet.cell(top, max(names.values()) + 1).value = header(EditField.NOTE)
    column = names[header(EditField.NOTE)]
    sheet.merge_cells(start_row=top + 1, end_row=top + 3, start_column=column, end_column=column)
    found.save(workload)
    assert faults(workload) == ["duplicate-header", "merged-cells"]


def test_a_workbook_of_another_kind_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    from planner.workbooks.plan_book import plan_workbook

    path.write_bytes(plan_workbook(MADE))
    assert faults(path) == ["no-decisions"]
    assert faults(tmp_path / "none.xlsx") == ["unreadable"]


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return made.getvalue()


def entity(name: str, data: bytes) -> bytes:
    if not name.startswith("xl/worksheets/sheet"):
        return data
    head, rest = data.split(b"?>", 1)
    return head + b'?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + rest


def bomb(name: str, data: bytes) -> bytes:
    return data + b" " * 60_000_000 if name == "xl/workbook.xml" else data


def far(name: str, data: bytes) -> bytes:
    row = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    return data.replace(b"</sheetData>", row) if name.startswith("xl/worksheets/") else data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-workbook"),
        (b"Decision ref,Note", "not-a-workbook"),
        (BOOKS["workload.xlsx"][:5000], "not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (rewritten(BOOKS["workload.xlsx"], entity), "unsafe-xml"),
        (rewritten(BOOKS["workload.xlsx"], bomb), "too-large"),
        (rewritten(BOOKS["workload.xlsx"], far), "too-large"),
    ],
    ids=["empty", "text", "cut short", "password", "entity", "bomb", "far cell"],
)
def test_hostile_files_are_refused(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    assert faults(path) == [code]


@pytest.mark.office
@pytest.mark.parametrize("through", ["xlsx", "ods"])
@pytest.mark.parametrize("name", ["workload.xlsx", "officers/OM01.xlsx"])
def test_saved_by_libreoffice(name: str, through: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOKS[name])
    wanted: dict[Any, Any] = {}
    if name == "workload.xlsx":
        fill(path, SAID)
        wanted = EXPECTED
    for n, kind in enumerate((through, "xlsx") if through != "xlsx" else ("xlsx",)):
        there = tmp_path / f"step{n}"
        profile = (tmp_path / "profile").as_uri()
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation={profile}", "--headless"),
                *("--convert-to", kind, "--outdir", str(there), str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        path = there / f"book.{kind}"
    book = read_edited_workbook(path)
    assert book.run_id == MADE.run_id
    assert said(book) == wanted
    assert {o[2] for o in outcomes(book)} <= {"Accepted"}
    assert changed_figures(read_edited_file(path).grids, BOOKS[name]) == ()
    assert load_workbook(path) is not None
