"""Reads a plan workbook back, perhaps edited by hand.

Columns are found by their headers wherever they stand, rows in any order; hidden and filtered rows
count. What is wrong with a value's kind is said here, all at once; whether the plan is any good
is for the verifier, which therefore gets text as it stands, blank included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.domain.written import WrittenPlan
from planner.errors import InputError
from planner.workbooks.plan_cells import UnfitCellError, is_blank, value_of
from planner.workbooks.plan_columns import PLAN_SHEETS, PlanColumn, PlanSheet
from planner.workbooks.plan_guard import open_plan
from planner.workbooks.register_findings import Place, SheetLog
from planner.workbooks.register_grid import normal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from python_calamine import CalamineWorkbook

    from planner.domain.finding import Finding

Cells = list[Any]


def read_plan_workbook(path: Path) -> WrittenPlan:
    """The contract's sheets of the workbook, as written.

    Raises ``InputError`` with every fault found: a file that is no workbook, a missing sheet or
    column, a value that is not of its column's kind.
    """
    return read_sheets(open_plan_workbook(path))


def read_plan_bytes(data: bytes) -> WrittenPlan:
    """The same of a workbook that is not in a file. Raises ``InputError`` as for one."""
    findings: list[Finding] = []
    book = open_plan(data, SheetLog(findings, "plan.xlsx"))
    if book is None:
        raise InputError(findings)
    return read_sheets(book)


def open_plan_workbook(path: Path) -> CalamineWorkbook:
    """The workbook, for its sheets to be read. Raises ``InputError`` where it is none."""
    findings: list[Finding] = []
    log = SheetLog(findings, path.name)
    book = None
    try:
        book = open_plan(path.read_bytes(), log)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        log.fault(
            "unreadable",
            f"The plan workbook cannot be read ({reason}).",
            "Check the folder's name; a plan folder holds plan.xlsx.",
        )
    if book is None:
        raise InputError(findings)
    return book


def read_sheets(book: CalamineWorkbook, unread: Collection[str] = ()) -> WrittenPlan:
    """The contract's sheets of an open workbook, as written.

    Those parts of the plan that are named in ``unread`` are not looked at, and left empty. Raises
    ``InputError`` as ``read_plan_workbook``.
    """
    findings: list[Finding] = []
    names = {normal(name): name for name in reversed(book.sheet_names)}
    parts: dict[str, tuple[Any, ...]] = {
        sheet.part: ()
        if sheet.part in unread
        else _sheet_rows(book, names.get(normal(sheet.name)), sheet, findings)
        for sheet in PLAN_SHEETS
    }
    if any(finding.is_fault for finding in findings):
        raise InputError(findings)
    return WrittenPlan(**parts)


def _sheet_rows(
    book: CalamineWorkbook, name: str | None, sheet: PlanSheet, findings: list[Finding]
) -> tuple[Any, ...]:
    log = SheetLog(findings, name or sheet.name)
    if name is None:
        log.fault(
            "missing-sheet",
            f"The workbook has no sheet {sheet.name}.",
            "Put it back under that name, or take the workbook that the planner wrote.",
        )
        return ()
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    header_row = _header_row(grid, sheet)
    if header_row is None:
        log.fault(
            "no-header",
            "No row of the sheet holds its headers.",
            f"Put them back above the table: {', '.join(c.header for c in sheet.columns)}.",
        )
        return ()
    places = _places(grid[header_row], sheet, log, header_row + 1)
    if places is None:
        return ()
    return _read_rows(grid, header_row + 1, sheet, places, SheetLog(findings, name, places))


def _header_row(grid: Sequence[Cells], sheet: PlanSheet) -> int | None:
    """The first row with all headers; else the row with most, one at least."""
    wanted = {normal(column.header) for column in sheet.columns}
    best, most = None, 0
    for number, cells in enumerate(grid):
        found = len(wanted & {normal(cell) for cell in cells if isinstance(cell, str)})
        if found == len(wanted):
            return number
        if found > most:
            best, most = number, found
    return best


def _places(cells: Cells, sheet: PlanSheet, log: SheetLog, row: int) -> dict[str, Place] | None:
    """Where each column stands; None, and faults, where one is missing or there twice."""
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, str):
            found.setdefault(normal(cell), []).append(number)
    places = {}
    for column in sheet.columns:
        numbers = found.get(normal(column.header), [])
        if len(numbers) == 1:
            places[column.header] = Place(numbers[0], column.header)
        elif numbers:
            log.fault(
                "duplicate-header",
                f"{len(numbers)} columns are headed {column.header}.",
                "Keep one of them, or give the others a different name.",
                row,
                column.header,
            )
        else:
            log.fault(
                "missing-column",
                f"The sheet has no column {column.header}.",
                "Put it back under that name, or take the workbook that the planner wrote.",
                row,
                column.header,
            )
    return places if len(places) == len(sheet.columns) else None


def _read_rows(
    grid: Sequence[Cells], first: int, sheet: PlanSheet, places: dict[str, Place], log: SheetLog
) -> tuple[Any, ...]:
    numbers = [places[column.header].number - 1 for column in sheet.columns]
    rows = [
        (at, cells)
        for at, cells in enumerate(grid[first:], start=first + 1)
        if any(cells[n] for n in numbers) or not all(is_blank(cells[n]) for n in numbers)
    ]
    try:
        columns = [
            _column([cells[number] for _, cells in rows], column)
            for column, number in zip(sheet.columns, numbers, strict=True)
        ]
    except UnfitCellError:
        return _row_by_row(rows, sheet, numbers, log)
    names = [column.field for column in sheet.columns]
    return tuple(
        sheet.row(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)
    )


def _column(cells: Cells, column: PlanColumn) -> list[object]:
    """What a column's cells mean, each distinct one worked out once.

    Raises ``UnfitCellError`` where one is not of the column's kind.
    """
    if any(cell.__class__ is bool for cell in cells):  # which equals 0 or 1, and is not the same
        return [value_of(cell, column) for cell in cells]
    known = {cell: value_of(cell, column) for cell in dict.fromkeys(cells)}
    return [known[cell] for cell in cells]


def _row_by_row(
    rows: Sequence[tuple[int, Cells]], sheet: PlanSheet, numbers: Sequence[int], log: SheetLog
) -> tuple[Any, ...]:
    """The rows that can be read; what is wrong with the others is said, row by row."""
    found = []
    for at, cells in rows:
        values = {}
        for column, number in zip(sheet.columns, numbers, strict=True):
            try:
                values[column.field] = value_of(cells[number], column)
            except UnfitCellError as unfit:
                log.fault(unfit.code, str(unfit), unfit.remedy, at, column.header)
        if len(values) == len(numbers):
            found.append(sheet.row(**values))
    return tuple(found)
