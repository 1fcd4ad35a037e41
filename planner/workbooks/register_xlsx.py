"""An .xlsx workbook as grids. openpyxl in full mode: it alone tells of hidden rows and merges.

A workbook whose sheets are all plain is read a quicker way, to the same grids.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from planner.workbooks.collecting import without_collecting
from planner.workbooks.register_grid import ERRORS, Broken, Grid, Value
from planner.workbooks.register_guard import guard
from planner.workbooks.register_plain import plain_grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from planner.workbooks.register_findings import SheetLog


def workbook_grids(data: bytes, log: SheetLog) -> tuple[Grid, ...]:
    """Every worksheet of the workbook; none, and a fault in the log, where it cannot be opened."""
    if not guard(data, log):
        return ()
    try:
        with without_collecting():
            if grids := _plain_grids(data):
                return grids
            book = _load(data, values=False)
            formulas = {sheet.title: _formulas(sheet) for sheet in book.worksheets}
            if any(formulas.values()):
                book = _load(data, values=True)
            grids = tuple(_grid(sheet, formulas[sheet.title]) for sheet in book.worksheets)
    except Exception as error:  # openpyxl raises whatever a malformed part makes it trip over
        log.fault(
            "not-a-workbook",
            f"The workbook cannot be opened; it is damaged ({type(error).__name__}).",
            "Open it in Excel, let Excel repair it, and save it again as .xlsx.",
        )
        return ()
    if not grids:
        log.fault(
            "not-a-workbook",
            "The workbook holds no sheet that can be read.",
            "Open it in Excel and save it as an ordinary Excel Workbook (.xlsx).",
        )
    return grids


def _plain_grids(data: bytes) -> tuple[Grid, ...]:
    """The grids of a workbook all of whose sheets are plain; none where any is not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True)
    grids = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet in book.worksheets:
            held: Any = sheet
            xml = archive.read(held._worksheet_path)  # noqa: SLF001  (it has no public name)
            strings: Sequence[str] = held._shared_strings  # noqa: SLF001  (as above)
            grid = plain_grid(sheet.title, xml, book, strings)
            if grid is None or sheet.sheet_state != "visible":
                return ()
            grids.append(grid)
    return tuple(grids)


def _load(data: bytes, *, values: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of no concern here: styles, validation, drawings
        return load_workbook(io.BytesIO(data), data_only=values)


def _formulas(sheet: Worksheet) -> frozenset[tuple[int, int]]:
    cells = sheet._cells  # noqa: SLF001  (the public ways make every empty cell up to the farthest)
    return frozenset(where for where, cell in cells.items() if cell.data_type == "f")


def _grid(sheet: Worksheet, formulas: frozenset[tuple[int, int]]) -> Grid:
    rows: dict[int, dict[int, Value]] = {}
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001  (as above)
        value: Any = cell.value
        if value is None:
            # A formula whose last value is empty text is of type "str"; without one, it is not.
            if (row, column) not in formulas or cell.data_type == "str":
                continue
            value = Broken("")
        elif cell.data_type == "e" or (value.__class__ is str and value in ERRORS):
            value = Broken(value)
        rows.setdefault(row, {})[column] = value
    return Grid(
        title=sheet.title,
        rows=_in_order(rows),
        formulas=formulas,
        hidden_rows=frozenset(n for n, row in sheet.row_dimensions.items() if row.hidden),
        merged=tuple(
            (r.min_row, r.max_row, r.min_col, r.max_col, r.coord) for r in sheet.merged_cells.ranges
        ),
        is_hidden=sheet.sheet_state != "visible",
    )


def _in_order(rows: Mapping[int, Mapping[int, Value]]) -> Mapping[int, Mapping[int, Value]]:
    return {number: rows[number] for number in sorted(rows)}
