"""Opens a plan workbook for fast reading, having made sure first that it cannot do harm."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

from planner.workbooks.register_guard import guard

if TYPE_CHECKING:
    from planner.workbooks.register_findings import SheetLog

MAX_CELLS = 25_000_000
"""A plan of all England and Wales holds five million cells."""
MAX_AREA = 60_000_000
"""Cells of the rectangle down to the last filled one: the fast reader takes room for them all."""

_FAR = re.compile(rb"""r=["'](?:[A-Z]{2,3}\d+|[A-Z]?\d{6,7})["']""")
"""May take another attribute for a far cell: then the sheet is looked at cell by cell in vain."""
_CELL = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")


def open_plan(data: bytes, log: SheetLog) -> CalamineWorkbook | None:
    """The workbook, or None and a fault in the log."""
    if not guard(data, log, MAX_CELLS):
        return None
    if not _is_compact(data):
        log.fault(
            "too-large",
            "A cell stands so far out that the sheet would not fit into memory.",
            "Delete the rows and columns beyond the tables, then save the workbook again.",
        )
        return None
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception as error:  # the reader raises whatever a malformed part makes it trip over
        log.fault(
            "not-a-workbook",
            f"The workbook cannot be opened; it is damaged ({type(error).__name__}).",
            "Open it in Excel, let Excel repair it, and save it again as .xlsx.",
        )
        return None


def _is_compact(data: bytes) -> bool:
    """Whether every sheet's filled rectangle is small enough to hold: one far cell makes it huge.

    Only a sheet with a cell far out, right or down, is looked at cell by cell.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if "worksheets/" in part.filename and part.filename.endswith(".xml"):
                xml = archive.read(part)
                if _FAR.search(xml) and _area(xml) > MAX_AREA:
                    return False
    return True


def _area(xml: bytes) -> int:
    widest = deepest = 1
    for match in _CELL.finditer(xml):
        letters, digits = match.groups()
        deepest = max(deepest, int(digits))
        if letters:
            widest = max(widest, _column_number(letters))
    return widest * deepest


def _column_number(letters: bytes) -> int:
    return column_index_from_string(letters.decode()) if len(letters) <= 3 else 1 << 20
