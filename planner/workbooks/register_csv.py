"""A folder of CSV files, named as the sheets, as grids."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from planner.workbooks.register_findings import SheetLog
from planner.workbooks.register_grid import ERRORS, Broken, Grid, Value, normal
from planner.workbooks.register_guard import MAX_UNPACKED
from planner.workbooks.register_layouts import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.finding import Finding

_SEPARATORS = (",", ";", "\t")
_SHEETS = {normal(layout.name) for layout in LAYOUTS}
_HEADERS = {normal(column.header) for layout in LAYOUTS for column in layout.columns}
_LOOKED_AT = 50


def folder_grids(
    folder: Path, findings: list[Finding]
) -> tuple[tuple[Grid, ...], dict[str, bytes]]:
    """A grid for each file named as a sheet, and the bytes of each by file name."""
    grids, contents = [], {}
    for path in sorted(folder.iterdir()):
        if path.suffix.casefold() != ".csv" or normal(path.stem) not in _SHEETS:
            continue
        log = SheetLog(findings, path.name)
        if path.stat().st_size > MAX_UNPACKED:
            log.fault(
                "too-large",
                f"The file has {path.stat().st_size:,} bytes, more than any register needs.",
                "Check that it is the register's file.",
            )
            continue
        data = path.read_bytes()
        contents[path.name] = data
        text = _decoded(data, log)
        if text is not None:
            grids.append(Grid(title=path.stem, rows=_rows(text, log), is_text=True))
    return tuple(grids), contents


def _decoded(data: bytes, log: SheetLog) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, told = "utf-16", "UTF-16"
    else:
        encoding, told = "utf-8-sig", ""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        told = "Windows-1252"
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            log.fault(
                "encoding",
                "The file is neither UTF-8 nor Windows-1252 text.",
                'Save it from Excel as "CSV UTF-8 (Comma delimited)".',
            )
            return None
    if told:
        log.warn(
            "encoding",
            f"The file is not UTF-8; it was read as {told}.",
            'Check letters with accents, or save it from Excel as "CSV UTF-8 (Comma delimited)".',
        )
    return text


def _rows(text: str, log: SheetLog) -> Mapping[int, Mapping[int, Value]]:
    """Rows as Excel would number them: a quoted line break does not begin a new one."""
    try:
        # strict: an unclosed quotation mark would swallow all rows below it without a word
        source = io.StringIO(text, newline="")
        lines = csv.reader(source, delimiter=_separator(text), strict=True)
        rows = {
            number: {column: _value(field) for column, field in enumerate(line, 1) if field}
            for number, line in enumerate(lines, 1)
        }
    except csv.Error as error:
        log.fault(
            "not-a-table",
            f"The file cannot be read as CSV ({error}).",
            "Look for an unclosed quotation mark, or save it again from Excel.",
        )
        return {}
    return {number: cells for number, cells in rows.items() if cells}


def _value(field: str) -> Value:
    return Broken(field) if field in ERRORS else field


def _separator(text: str) -> str:
    """The separator that shows most of the headers, or failing that most columns in a row."""

    def shown(separator: str) -> tuple[int, int]:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        first = [line for line, _ in zip(lines, range(_LOOKED_AT), strict=False)]
        headers = max((len({normal(f) for f in line} & _HEADERS) for line in first), default=0)
        return headers, max((len(line) for line in first), default=0)

    return max(_SEPARATORS, key=shown)
