"""Reads a workbook that came back from a supervisor or an officer: what its cells say, and where.

Sheets are found by what they hold, rows by their key, columns by their header; order, filters,
hidden rows and columns of people's own don't matter.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from defusedxml.ElementTree import fromstring
from openpyxl.utils import get_column_letter

from planner.domain.decision import EditField
from planner.errors import InputError
from planner.review.edited import (
    EDITED_BY,
    ENDING,
    FIELD_OF,
    FIELDS_OF_SUPERVISORS,
    KEY,
    MACHINE_OWNED,
    EditedBook,
    EditedCell,
    EditedRow,
    Unusable,
    header,
)
from planner.workbooks.edit_columns import OFFICER_FIELDS
from planner.workbooks.plan_guard import open_plan
from planner.workbooks.register_cells import cleaned
from planner.workbooks.register_dates import text_date
from planner.workbooks.register_findings import SheetLog
from planner.workbooks.register_grid import Broken, Grid, normal
from planner.workbooks.register_xlsx import workbook_grids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from planner.domain.finding import Finding

UNREVIEWED = "nothing was reviewed and nothing was stored"
ABOUT = "About this workbook"
MAX_CELLS = 5_000_000

_KNOWN = {normal(name): name for name in (KEY, EDITED_BY, *FIELD_OF, *MACHINE_OWNED)}
_DATES = frozenset({"Month", "Due", header(EditField.LOCK_MONTH), header(EditField.DONE_ON)})
_ODD_CELL = re.compile(rb"""<(?:\w+:)?f[ >/]|\bt=["']e["']|<(?:\w+:)?mergeCell\b""")
_PROPERTIES = "docProps/custom.xml"

Cell = str | float | bool | date | Unusable | None


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A workbook that came back: what it says, and every sheet as it was found."""

    book: EditedBook
    grids: Sequence[Grid]


def read_edited_workbook(path: Path) -> EditedBook:
    """What the workbook says. Raises ``InputError`` with every fault found in it."""
    return read_edited_file(path).book


def read_edited_file(path: Path) -> EditedFile:
    """The same, with its sheets. Raises ``InputError`` with every fault found in it."""
    findings: list[Finding] = []
    found = _read(path, findings)
    if found is None or any(finding.is_fault for finding in findings):
        raise InputError(findings, UNREVIEWED)
    return found


def _read(path: Path, findings: list[Finding]) -> EditedFile | None:
    log = SheetLog(findings, path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        log.fault("unreadable", f"The workbook cannot be read ({reason}).", "Check its name.")
        return None
    grids = grids_of(data, log)
    if grids is None:
        return None
    about = _about(grids)
    tables = [grid for grid in grids if _header_row(grid) is not None]
    if not tables:
        log.fault(
            "no-decisions",
            f"No sheet has the columns {KEY} and those whose header ends in{ENDING}.",
            "Send back the workbook that the planner wrote, with its headers as they were.",
        )
        return None
    own = _properties(data)
    book = EditedBook(
        name=path.name,
        run_id=about.get("run") or own.get("run", ""),
        made_for=about.get("madefor") or own.get("madefor", ""),
        your_name=about.get("yourname") or own.get("yourname", ""),
        rows=tuple(row for grid in tables for row in _rows(grid, findings)),
        warnings=tuple(finding for finding in findings if not finding.is_fault),
    )
    return EditedFile(book, grids)


def grids_of(data: bytes, log: SheetLog) -> Sequence[Grid] | None:
    """Every sheet; read by the exact, slow way only where a cell holds a formula or an error."""
    book = open_plan(data, log)
    if book is None:
        return None
    if _has_odd_cells(data):
        return workbook_grids(data, log) or None
    return [
        _grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in book.sheet_names
    ]


def _has_odd_cells(data: bytes) -> bool:
    """Whether any sheet has what the fast reader keeps quiet about: formulas, errors, merges."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            _ODD_CELL.search(archive.read(part))
            for part in archive.infolist()
            if "worksheets/" in part.filename and part.filename.endswith(".xml")
        )


def _grid(title: str, cells: Sequence[Sequence[Any]]) -> Grid:
    rows = {}
    for number, values in enumerate(cells, start=1):
        filled = {n: value for n, value in enumerate(values, start=1) if value not in ("", None)}
        if filled:
            rows[number] = filled
    return Grid(title=title, rows=rows)


def _about(grids: Sequence[Grid]) -> dict[str, str]:
    """The items of the sheet About this workbook, by their names in ``normal`` form."""
    found: dict[str, str] = {}
    for grid in grids:
        if normal(grid.title) != normal(ABOUT):
            continue
        for cells in grid.rows.values():
            filled = [cells[n] for n in sorted(cells)]
            if len(filled) > 1 and isinstance(filled[0], str) and isinstance(filled[1], str):
                found.setdefault(normal(filled[0]), cleaned(filled[1]))
    return found


def _properties(data: bytes) -> dict[str, str]:
    """The workbook's custom properties, by their names in ``normal`` form."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            root = fromstring(archive.read(_PROPERTIES))
    except Exception:  # there is none, or it is damaged: the sheet says the same
        return {}
    return {
        normal(prop.get("name", "")): cleaned("".join(prop.itertext()))
        for prop in root
        if prop.get("name")
    }


def _header_row(grid: Grid) -> int | None:
    """The first row with the key's header and an editable column's; None where there is none."""
    for number, cells in grid.rows.items():
        names = {_KNOWN.get(normal(v)) for v in cells.values() if isinstance(v, str)}
        if KEY in names and names & FIELD_OF.keys():
            return number
    return None


def _rows(grid: Grid, findings: list[Finding]) -> Iterator[EditedRow]:
    top = _header_row(grid)
    if top is None:
        return
    places = _places(grid.rows[top], top, SheetLog(findings, grid.title))
    _warn_of_headers(grid.rows[top], top, places, SheetLog(findings, grid.title))
    _refuse_merged(grid, top, places, SheetLog(findings, grid.title))
    for number, cells in grid.rows.items():
        if number <= top:
            continue
        key = cells.get(places[KEY])
        yield EditedRow(
            sheet=grid.title,
            row=number,
            decision_ref=cleaned(key) if isinstance(key, str) else "",
            cells={
                name: EditedCell(
                    usable(cells.get(n), is_date=name in _DATES), f"{get_column_letter(n)}{number}"
                )
                for name, n in places.items()
                if name != KEY
            },
        )


def _places(cells: Mapping[int, object], row: int, log: SheetLog) -> dict[str, int]:
    """Where each known column stands; a fault where one is there twice."""
    places: dict[str, int] = {}
    for number, value in sorted(cells.items()):
        name = _KNOWN.get(normal(value)) if isinstance(value, str) else None
        if name is None:
            continue
        if name in places:
            first, second = log.address(places[name], row), log.address(number, row)
            log.fault(
                "duplicate-header",
                f"Two columns, at {first} and {second}, are both headed {name}.",
                "Keep one of them, or give your own column another name.",
                row,
                name,
            )
        places.setdefault(name, number)
    return places


def _warn_of_headers(
    cells: Mapping[int, object], row: int, places: Mapping[str, int], log: SheetLog
) -> None:
    """What is filled in under a header that was changed cannot be read; it is not lost quietly."""
    for value in cells.values():
        told = str(value)
        if normal(told).endswith(normal(ENDING)) and normal(told) not in _KNOWN:
            log.warn(
                "unknown-column",
                f"No column of the planner's is headed {told}, so it was not read.",
                "Give it back the header that the planner wrote.",
                row,
                told,
            )
    is_decisions = any(header(field) in places for field in FIELDS_OF_SUPERVISORS)
    for field in EditField if is_decisions else OFFICER_FIELDS:
        if header(field) not in places:
            log.warn(
                "missing-column",
                f"The column {header(field)} is not there, so nothing was read from it.",
                "If it was filled in, give it back the header that the planner wrote.",
                row,
                header(field),
            )


def _refuse_merged(grid: Grid, top: int, places: Mapping[str, int], log: SheetLog) -> None:
    last = max(grid.rows, default=top)
    for first_row, last_row, first, final, written in sorted(grid.merged):
        across = any(first <= n <= final for n in places.values())
        if across and first_row <= last and last_row >= top:
            log.fault(
                "merged-cells",
                f"Cells {written} are merged, so it is not clear which row the value belongs to.",
                "Unmerge them (Home, Merge & Center) and fill each row's own cell.",
                max(first_row, top),
            )


def usable(value: object, *, is_date: bool) -> Cell:
    """A cell as the review takes it; a date typed as text becomes one, in columns of dates."""
    if isinstance(value, Broken):
        return Unusable(value.text)
    if isinstance(value, str):
        text = cleaned(value)
        return (_date(text) or text) if is_date else text
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, time | timedelta):
        return Unusable("a time of day")
    return value if isinstance(value, float | int | bool | date) else None


def _date(text: str) -> date | None:
    """The day a text names; a month alone is its first day."""
    return text_date(text) or text_date(f"1 {text}") or text_date(f"{text}-01")
