"""Small register files to read: sheets as lists of rows, saved as a workbook or as CSV files."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl

from planner.errors import InputError
from planner.workbooks.register_columns import OFFENDERS
from planner.workbooks.register_layouts import STAFF
from planner.workbooks.register_read import RegisterFile, read_register

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from planner.domain.finding import Finding
    from planner.workbooks.register_columns import Layout

Sheets = dict[str, list[list[object]]]

AS_AT = date(2026, 1, 15)


def small_register() -> Sheets:
    """Three people and three officers of two teams; every sheet, nothing wrong."""
    offenders = [
        {"Offender ref": "001", "Risk level": "Very high", "Team": "North", "SOM": "OM1"},
        {"Offender ref": "002", "Risk level": "Low", "Team": "North", "Not with": "OM2"},
        {"Offender ref": "003", "Risk level": "High", "Team": "South", "Needs": "Court; Youth"},
    ]
    staff = [
        {"Staff ID": "OM1", "Team": "North", "FTE": 1},
        {"Staff ID": "OM2", "Team": "North", "FTE": 0.5},
        {"Staff ID": "OM3", "Team": "South", "FTE": 1, "Skills": "Youth;Court"},
    ]
    return {
        "Offenders": _table(OFFENDERS, [{"Status": "Community", **o} for o in offenders]),
        "Staff": _table(STAFF, staff),
        "Absences": [
            ["Staff ID", "From", "To", "Share", "Reason"],
            ["OM1", date(2026, 2, 2), date(2026, 2, 6), None, "Annual leave"],
        ],
        "Locks": [
            ["Offender ref", "Kind", "Value", "Reason", "By"],
            ["001", "SOM", "OM2", "Settled", "DS"],
            ["002", "Visit", date(2026, 3, 17), None, None],
        ],
        "Policy": [["Setting", "Value"], ["visit.crew", 1], ["cross_team", "On"]],
        "About": [["Item", "Value"], ["As at", AS_AT], ["Marking", "OFFICIAL"]],
    }


def _table(layout: Layout, rows: Sequence[Mapping[str, object]]) -> list[list[object]]:
    headers = [column.header for column in layout.columns]
    return [[*headers], *([row.get(header) for header in headers] for row in rows)]


def put(sheets: Sheets, sheet: str, row: int, header: str, value: object) -> Sheets:
    """Change one cell, by the sheet's row number and the column's header in row 1."""
    sheets[sheet][row - 1][sheets[sheet][0].index(header)] = value
    return sheets


def save_workbook(sheets: Mapping[str, Sequence[Sequence[object]]], path: Path) -> Path:
    """Save as .xlsx; text stays text, whatever it begins with."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is None:
                    continue
                cell = sheet.cell(r, c, value)
                if isinstance(value, str) and not value.startswith("=live"):
                    cell.data_type = "s"
    book.save(path)
    return path


def save_folder(
    sheets: Sheets, folder: Path, encoding: str = "utf-8", separator: str = ","
) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(
                [
                    [
                        "" if v is None else f"{v:%d/%m/%Y}" if isinstance(v, date) else v
                        for v in row
                    ]
                    for row in rows
                ]
            )
    return folder


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with the bytes of one part changed, or with a part more."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents[part] = change(contents.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def read_sheets(sheets: Sheets, folder: Path) -> RegisterFile:
    return read_register(save_workbook(sheets, folder / "register.xlsx"))


def findings_of(path: Path) -> tuple[Finding, ...]:
    """Everything that is said of a register, whether it can be used or not."""
    try:
        return read_register(path).warnings
    except InputError as error:
        return error.findings


def said(sheets: Sheets, folder: Path) -> list[tuple[str, str, str | None]]:
    """Severity, code and cell of everything said of the sheets."""
    path = save_workbook(sheets, folder / "register.xlsx")
    return [(f.severity.value, f.code, f.cell) for f in findings_of(path)]
