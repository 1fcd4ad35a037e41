"""A plan workbook read back, as written and as people leave it after an afternoon in Excel."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook

from planner.errors import InputError
from planner.workbooks.plan_book import plan_workbook
from planner.workbooks.plan_read import (
    open_plan_workbook,
    read_plan_workbook,
    read_sheets,
)
from tests.plan_build import report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.domain.finding import Finding
    from planner.domain.written import WrittenPlan

MADE = report()
DATA = plan_workbook(MADE)


def edited(folder: Path, edit: Callable[[Workbook], object]) -> Path:
    """The plan workbook after somebody worked on it."""
    book = load_workbook(io.BytesIO(DATA))
    edit(book)
    path = folder / "plan.xlsx"
    book.save(path)
    return path


def faults(path: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        read_plan_workbook(path)
    return caught.value.findings


def header_row(book: Workbook, name: str) -> int:
    (table,) = book[name].tables.values()
    return int("".join(c for c in table.ref.split(":")[0] if c.isdigit()))


def assert_same(found: WrittenPlan, expected: WrittenPlan) -> None:
    for part in dataclasses.fields(expected):
        ours, theirs = getattr(expected, part.name), getattr(found, part.name)
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            for name, value in dataclasses.asdict(one).items():
                again = getattr(other, name)
                if isinstance(value, float):
                    assert again == pytest.approx(value, abs=1e-9)
                else:
                    assert again == value
                    assert isinstance(again, type(value)) or isinstance(value, int)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(DATA)
    assert_same(read_plan_workbook(path), MADE.written)


def test_saved_again_by_another_program_it_is_the_same(tmp_path: Path) -> None:
    assert_same(read_plan_workbook(edited(tmp_path, lambda _: None)), MADE.written)


def test_columns_may_be_moved_added_and_spelt_loosely(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["Not planned"]
        top = header_row(book, "Not planned")
        sheet.tables.clear()
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=top)]
        sheet.delete_rows(top, len(rows))
        for ref, duty, due, reason in rows:
            sheet.append(["", "", reason, "my note", due, ref, duty])
        last = sheet.max_row - len(rows) + 1
        sheet.cell(last, 6).value = " OFFENDER_REF "

    found = read_plan_workbook(edited(tmp_path, edit))
    assert found.not_planned == MADE.written.not_planned


def test_rows_may_be_sorted_filtered_hidden_and_spaced(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["Allocation"]
        top = header_row(book, "Allocation")
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=top + 1)]
        sheet.tables.clear()
        sheet.delete_rows(top + 1, len(rows))
        for row in reversed(rows):
            sheet.append(row)
        sheet.row_dimensions[top + 2].hidden = True
        sheet.insert_rows(top + 3)
        book["Schedule"].sheet_state = "hidden"

    found = read_plan_workbook(edited(tmp_path, edit))
    assert found.allocation == MADE.written.allocation[::-1]
    assert len(found.schedule) == len(MADE.written.schedule)


def test_an_edit_is_read_and_left_to_the_verifier(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        row = header_row(book, "Allocation") + 1
        sheet = book["Allocation"]
        sheet.cell(row, 6).value = datetime(2027, 6, 1, 9, 30)  # noqa: DTZ001
        sheet.cell(row, 7).value = "Nobody"
        sheet.cell(row + 1, 7).value = None  # a blank SOM: rule 1 is broken, the file is sound
        sheet.cell(row + 2, 7).value = 12345  # Excel made a number of it
        sheet.cell(row + 3, 8).value = None

    rows = read_plan_workbook(edited(tmp_path, edit)).allocation
    assert rows[0].month == date(2027, 6, 1)
    assert [r.som for r in rows[:3]] == ["Nobody", "", "12345"]
    assert rows[3].previous_som is None


def test_every_wrong_cell_is_named_at_once(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        row = header_row(book, "Schedule") + 1
        sheet = book["Schedule"]
        sheet.cell(row, 1).value = "May 2027"
        sheet.cell(row, 10).value = "lots"
        sheet.cell(row + 1, 2).value = None
        sheet.cell(row + 2, 13).value = 1.5
        sheet.cell(row + 2, 12).value = True
        work = book["Workload"]
        work.cell(header_row(book, "Workload") + 4, 4).value = None

    found = faults(edited(tmp_path, edit))
    top = header_row(load_workbook(io.BytesIO(DATA)), "Schedule")
    assert [(f.sheet, f.row, f.column, f.code) for f in found] == [
        ("Schedule", top + 1, "Month", "wrong-kind"),
        ("Schedule", top + 1, "Lead hours", "wrong-kind"),
        ("Schedule", top + 2, "Offender ref", "missing-value"),
        ("Schedule", top + 3, "Due", "wrong-kind"),
        ("Schedule", top + 3, "Months late", "wrong-kind"),
        (
            "Workload",
            header_row(load_workbook(io.BytesIO(DATA)), "Workload") + 4,
            "Capacity hours",
            "missing-value",
        ),
    ]
    assert found[0].cell == f"A{top + 1}"
    assert (
        found[0].message == 'Month holds "May 2027", which is not a month\'s first day, as a '
        "real date."
    )
    assert all(f.remedy for f in found)


def test_a_yes_or_no_is_no_number_though_it_equals_one(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        top = header_row(book, "Schedule")
        book["Schedule"].cell(top + 1, 13).value = 1
        book["Schedule"].cell(top + 2, 13).value = True

    (found,) = faults(edited(tmp_path, edit))
    assert (found.column, found.code) == ("Months late", "wrong-kind")


def test_parts_that_are_not_asked_for_are_not_looked_at(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book["Backlog"]

    book = open_plan_workbook(edited(tmp_path, edit))
    read = read_sheets(book, ("backlog", "not_planned"))
    assert not read.backlog
    assert not read.not_planned
    assert read.schedule
    with pytest.raises(InputError):
        read_sheets(book)


def test_missing_sheets_and_columns_are_named_at_once(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book["Backlog"]
        for sheet, column in (("Schedule", 5), ("Run", 2)):
            book[sheet].cell(header_row(book, sheet), column).value = "Other"
        book["Workload"].cell(header_row(book, "Workload"), 1).value = "SOM"

    found = {(f.sheet, f.column, f.code) for f in faults(edited(tmp_path, edit))}
    assert found == {
        ("Backlog", None, "missing-sheet"),
        ("Schedule", "Duty", "missing-column"),
        ("Run", "Value", "missing-column"),
        ("Workload", "Month", "missing-column"),
        ("Workload", "SOM", "duplicate-header"),
    }


def test_a_sheet_without_its_table_is_named(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book["Run"]
        book.create_sheet("Run").append(["nothing", "here"])

    (fault,) = faults(edited(tmp_path, edit))
    assert (fault.sheet, fault.code) == ("Run", "no-header")


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken", DATA[:5000]])
def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    (fault,) = faults(path)
    assert fault.sheet == "plan.xlsx"
    assert fault.remedy


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path / "plan.xlsx")
    assert fault.code == "unreadable"


@pytest.mark.parametrize("far", ["XFD1048576", "ZZ900000", "XFD1"])
def test_a_cell_far_out_is_refused_where_memory_would_not_do(tmp_path: Path, far: str) -> None:
    """The fast reader would take room for the whole rectangle, and take the program down."""
    path = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(io.BytesIO(DATA)) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            xml = old.read(part)
            if part.filename == "xl/worksheets/sheet15.xml":  # Run
                row = "".join(c for c in far if c.isdigit())
                cell = f'<row r="{row}"><c r="{far}"><v>1</v></c></row></sheetData>'
                xml = xml.replace(b"</sheetData>", cell.encode())
            new.writestr(part, xml)
    if far == "XFD1":
        assert read_plan_workbook(path).run == read_plan_workbook(path).run
    else:
        assert [f.code for f in faults(path)] == ["too-large"]
