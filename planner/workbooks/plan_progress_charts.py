"""The Progress sheet's two charts: the backlog promised and reached, and planned against done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.workbooks.plan_charts import dress
from planner.workbooks.plan_front import CHART_COLUMN
from planner.workbooks.theme import CHARCOAL, MID_BLUE, NAVY, ORANGE, PALE_BLUE, PLUM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.workbooks.sheet import Book, Placed
    from planner.workbooks.theme import Chart, Worksheet

BURN_DOWN = "Backlog promised"
_WIDTH, _HEIGHT, _ROW_HEIGHT = 660, 390, 20
_LABELS, _FIRST_PLAN, _IN_FORCE, _REACHED = 0, 1, 2, 3
_PLANNED, _DONE_IN_ALL = 1, 8


@dataclass(frozen=True, slots=True)
class DoneRows:
    """Where one duty's months stand on the Progress sheet, first and last row from 0."""

    duty: Duty
    first_row: int
    last_row: int


def add_progress_charts(
    book: Book, sheet: Worksheet, ends: Placed, done: Sequence[DoneRows], first_row: int
) -> None:
    """Both beside the tables, the second below the first."""
    for number, (chart, description) in enumerate(
        (
            (
                _burn_down(book, ends),
                "Lines: ARMS overdue at each month's end as the first plan and the plan in force "
                f"promised, and as reached. The figures are on the sheet {BURN_DOWN}.",
            ),
            (
                _planned_and_done(book, sheet, done),
                "Columns: ARMS and visits planned for each month and done in it. The figures are "
                "in the tables beside it.",
            ),
        )
    ):
        chart.set_size({"width": _WIDTH, "height": _HEIGHT})
        row = first_row + number * (_HEIGHT // _ROW_HEIGHT + 1)
        where = {"x_offset": 15, "description": description, "object_position": 2}
        sheet.insert_chart(row, CHART_COLUMN, chart, where)


def _burn_down(book: Book, ends: Placed) -> Chart:
    chart = book.workbook.add_chart({"type": "line"})
    for name, column, colour, look in (
        ("Promised by the first plan", _FIRST_PLAN, CHARCOAL, {"width": 2, "dash_type": "dash"}),
        ("Promised by the plan in force", _IN_FORCE, MID_BLUE, {"width": 2}),
        ("Reached", _REACHED, PLUM, {"width": 3}),
    ):
        series: dict[str, object] = {
            "name": name,
            "categories": [BURN_DOWN, ends.first_row, _LABELS, ends.last_row, _LABELS],
            "values": [BURN_DOWN, ends.first_row, column, ends.last_row, column],
            "line": {"color": colour, **look},
        }
        if column == _REACHED:
            fill = {"color": colour}
            series["marker"] = {"type": "circle", "size": 8, "fill": fill, "border": fill}
        chart.add_series(series)
    dress(chart, "ARMS overdue at each month's end: promised and reached", "ARMS overdue")
    return chart


_COLOURS = {Duty.ARMS: ("#F9B592", ORANGE), Duty.VISIT: (PALE_BLUE, NAVY)}
"""Planned, then done: the same colour, paler and full."""


def _planned_and_done(book: Book, sheet: Worksheet, done: Sequence[DoneRows]) -> Chart:
    chart = book.workbook.add_chart({"type": "column"})
    for rows in done:
        name = "ARMS" if rows.duty is Duty.ARMS else "Visits"
        for what, column, colour in zip(
            ("planned", "done"), (_PLANNED, _DONE_IN_ALL), _COLOURS[rows.duty], strict=True
        ):
            chart.add_series(
                {
                    "name": f"{name} {what}",
                    "categories": [sheet.name, rows.first_row, 0, rows.last_row, 0],
                    "values": [sheet.name, rows.first_row, column, rows.last_row, column],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
    dress(chart, "Planned for each month and done in it, the whole unit", "Number", "Month")
    return chart
