"""The register workbook's looks: header, drop-downs, checks and messages of each sheet."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from planner.domain.policy import SETTINGS
from planner.workbooks import theme
from planner.workbooks.register_columns import Column, Kind, Layout
from planner.workbooks.register_dates import FIRST_YEAR, LAST_YEAR
from planner.workbooks.register_layouts import ABOUT, POLICY, STAFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = tuple[Any, ...]
"""A value for each column: text, number, date or None."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LOOKS = {
    Kind.DATE: theme.Kind.DATE,
    Kind.WHOLE: theme.Kind.WHOLE,
    Kind.NUMBER: theme.Kind.NUMBER,
    Kind.ANY: theme.Kind.MIXED,
}
_HEADER_HEIGHT = 30
_MORE_POLICY = (("Unit", 14), ("Meaning", 64), ("Source", 64))
_GUIDE_HEADERS = (
    ("Sheet", 12),
    ("Column", 20),
    ("Required", 12),
    ("What goes in", 44),
    ("Meaning", 80),
)


class RegisterBook:
    """A register workbook being made. The same content always gives the same bytes."""

    def __init__(self, *, title: str, marking: str, made: date) -> None:
        self._bytes = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._bytes, _OPTIONS)
        self._theme = theme.Theme(self._workbook)
        self._marking = marking
        self._workbook.set_properties(
            {
                "title": title,
                "subject": marking,
                "author": "planner",
                "created": datetime.combine(made, time()),
            }
        )

    def to_bytes(self) -> bytes:
        """Close the workbook: nothing can be added afterwards."""
        self._workbook.close()
        return self._bytes.getvalue()

    def add_sheet(self, layout: Layout, rows: Sequence[Row], last_row: int) -> None:
        """A sheet of the register; drop-downs and checks reach down to ``last_row``."""
        sheet = self._add(layout.name)
        for number, column in enumerate(layout.columns):
            look = self._theme.column(_LOOKS.get(column.kind, theme.Kind.TEXT))
            sheet.set_column(number, number, column.width, look)
            sheet.write_string(0, number, column.header, self._header(required=column.required))
            sheet.data_validation(1, number, last_row, number, _validation(column, last_row))
        self._write(sheet, rows)
        sheet.set_row(0, _HEADER_HEIGHT)
        sheet.autofilter(0, 0, max(len(rows), 1), len(layout.columns) - 1)
        sheet.ignore_errors(
            {"number_stored_as_text": xl_range_abs(1, 0, last_row, len(layout.columns) - 1)}
        )

    def add_policy(self, rows: Iterable[Row]) -> None:
        """Every setting with its unit, meaning and source; each value checked for its range."""
        sheet = self._add(POLICY.name)
        headers = [(c.header, c.width) for c in POLICY.columns] + list(_MORE_POLICY)
        self._write_headers(sheet, headers)
        content = list(rows)
        self._write(sheet, content)
        for number, row in enumerate(content, 1):
            sheet.data_validation(number, 1, number, 1, _setting_validation(row[0]))

    def add_about(self, items: Sequence[Row]) -> None:
        sheet = self._add(ABOUT.name)
        self._write_headers(sheet, [(c.header, c.width) for c in ABOUT.columns])
        self._write(sheet, items)

    def add_guide(self, lines: Sequence[str], rows: Sequence[Row]) -> None:
        """What to fill in: a few lines, then every column of every sheet."""
        sheet = self._add("Read me", frozen=False)
        sheet.write_string(0, 0, "The register: what to fill in", self._theme.title)
        sheet.write_string(1, 0, self._marking, self._theme.marking)
        for number, line in enumerate(lines, 2):
            sheet.write_string(number, 0, line, self._theme.note)
        top = len(lines) + 3
        self._write_headers(sheet, _GUIDE_HEADERS, top)
        self._write(sheet, rows, top + 1)

    def _add(self, name: str, *, frozen: bool = True) -> theme.Worksheet:
        sheet = self._workbook.add_worksheet(name)
        theme.set_up_page(sheet, name, self._marking, "")
        if frozen:
            sheet.freeze_panes(1, 1)
            sheet.repeat_rows(0)
        return sheet

    def _header(self, *, required: bool) -> theme.Format:
        """Dark and bold where required; the cells' messages say so in words."""
        strength = {"bold": True, "font_color": theme.WHITE, "bg_color": theme.NAVY}
        return self._theme.style(
            border=1,
            border_color=theme.BORDER,
            text_wrap=True,
            valign="vcenter",
            align="left",
            indent=1,
            **(strength if required else {"font_color": theme.NAVY}),
        )

    def _write_headers(
        self, sheet: theme.Worksheet, headers: Sequence[tuple[str, float]], row: int = 0
    ) -> None:
        look = self._theme.column(theme.Kind.MIXED)
        for number, (header, width) in enumerate(headers):
            sheet.set_column(number, number, width, look)
            sheet.write_string(row, number, header, self._header(required=True))

    def _write(self, sheet: theme.Worksheet, rows: Sequence[Row], top: int = 1) -> None:
        text = self._theme.column(theme.Kind.TEXT)
        day = self._theme.column(theme.Kind.DATE)
        for number, row in enumerate(rows, top):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value, text)
                elif isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif value is not None:
                    sheet.write_number(number, column, value)


def _validation(column: Column, last_row: int) -> dict[str, object]:
    """What Excel checks and tells in a column's cells. What another sheet lists only warns."""
    checks: dict[str, object] = {"validate": "any"}
    if column.choices:
        checks = {"validate": "list", "source": list(column.choices)}
    elif column.listed:
        number = [c.header for c in STAFF.columns].index(column.listed)
        source = f"={STAFF.name}!{xl_range_abs(1, number, last_row, number)}"
        checks = {"validate": "list", "source": source, "error_type": "warning"}
    elif column.kind is Kind.DATE:
        first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
        checks = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    elif column.kind in (Kind.WHOLE, Kind.NUMBER):
        checks = _number_check(column.low, column.high, is_whole=column.kind is Kind.WHOLE)
    need = "required" if column.required else "optional"
    return {
        **checks,
        "input_title": f"{column.header} ({need})",
        "input_message": column.meaning,
        "error_title": column.header,
        "error_message": column.meaning,
    }


def _setting_validation(name: str) -> dict[str, object]:
    setting = SETTINGS[name]
    if setting.kind == "switch":
        return {"validate": "list", "source": ["On", "Off"]}
    return _number_check(setting.low, setting.high, is_whole=setting.kind == "whole")


def _number_check(low: float | None, high: float | None, *, is_whole: bool) -> dict[str, object]:
    return {
        "validate": "integer" if is_whole else "decimal",
        "criteria": "between",
        "minimum": low or 0,
        "maximum": 1e6 if high is None else high,
    }
