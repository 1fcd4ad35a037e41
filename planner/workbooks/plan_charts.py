"""The Summary's two charts: the backlog burning down, and the hours it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbooks.plan_front import CHART_COLUMN
from planner.workbooks.theme import (
    BORDER,
    CHARCOAL,
    NAVY,
    ORANGE,
    PALE_BLUE,
    PLUM,
    TEAL,
    Chart,
    Worksheet,
)

if TYPE_CHECKING:
    from planner.workbooks.sheet import Book, Placed

_WIDTH, _HEIGHT = 660, 390
_ROW_HEIGHT = 20
_FONT = {"name": "Arial", "size": 9}
_SHEET = "Month by month"
_LABELS, _ARMS, _BY_HAND, _CAPACITY, _LEAD, _SECOND = 0, 2, 7, 9, 10, 11


def add_charts(book: Book, sheet: Worksheet, months: Placed, first_row: int) -> None:
    """Both beside the tables, the second below the first."""
    burn_down, hours = _burn_down(book, months), _hours(book, months)
    for number, (chart, description) in enumerate(
        (
            (
                burn_down,
                "Stacked columns: ARMS overdue at each month's end by risk level, with a line for "
                "planning by hand. The figures are on the sheet Month by month.",
            ),
            (
                hours,
                "Stacked columns: lead and second hours planned in each month, with a line for "
                "capacity. The figures are on the sheet Month by month.",
            ),
        )
    ):
        chart.set_size({"width": _WIDTH, "height": _HEIGHT})
        row = first_row + number * (_HEIGHT // _ROW_HEIGHT + 1)
        where = {"x_offset": 15, "description": description, "object_position": 2}
        sheet.insert_chart(row, CHART_COLUMN, chart, where)


def _burn_down(book: Book, months: Placed) -> Chart:
    first, last = months.first_row, months.last_row
    bars = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    levels = ("Very high", "High", "Medium", "Low")
    for number, (name, colour) in enumerate(zip(levels, (PLUM, ORANGE, TEAL, NAVY), strict=True)):
        bars.add_series(_column(name, first, last, _ARMS + number, colour))
    line = book.workbook.add_chart({"type": "line"})
    line.add_series(_line("Planned by hand, all levels", first, last, _BY_HAND))
    bars.combine(line)
    dress(bars, "ARMS overdue at each month's end, by risk level", "ARMS overdue")
    return bars


def _hours(book: Book, months: Placed) -> Chart:
    first, last = months.first_row + 1, months.last_row  # today has no hours
    bars = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    bars.add_series(_column("Planned as lead", first, last, _LEAD, NAVY))
    bars.add_series(_column("Planned as second officer", first, last, _SECOND, PALE_BLUE))
    line = book.workbook.add_chart({"type": "line"})
    line.add_series(_line("Capacity", first, last, _CAPACITY))
    bars.combine(line)
    dress(bars, "Hours of the whole unit, by month", "Hours in the month")
    return bars


def _column(name: str, first: int, last: int, column: int, colour: str) -> dict[str, object]:
    return {
        "name": name,
        "categories": [_SHEET, first, _LABELS, last, _LABELS],
        "values": [_SHEET, first, column, last, column],
        "fill": {"color": colour},
        "gap": 40,
    }


def _line(name: str, first: int, last: int, column: int) -> dict[str, object]:
    return {
        "name": name,
        "categories": [_SHEET, first, _LABELS, last, _LABELS],
        "values": [_SHEET, first, column, last, column],
        "line": {"color": CHARCOAL, "width": 2, "dash_type": "dash"},
        "marker": {
            "type": "diamond",
            "size": 6,
            "fill": {"color": CHARCOAL},
            "border": {"color": CHARCOAL},
        },
    }


def dress(chart: Chart, title: str, y_name: str, x_name: str = "Month end") -> None:
    """Title, axes by month end, and the legend below."""
    chart.set_title({"name": title, "name_font": {"name": "Arial", "size": 12}, "overlay": False})
    chart.set_x_axis({"name": x_name, "name_font": _FONT, "num_font": {**_FONT, "rotation": -45}})
    chart.set_y_axis(
        {
            "name": y_name,
            "name_font": _FONT,
            "num_font": _FONT,
            "num_format": "#,##0",
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": BORDER}},
        }
    )
    chart.set_legend({"position": "bottom", "font": _FONT})
