"""Charts of the staffing answer: the curve, and the backlog burning down, ARMS beside visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.staffing.rows import month_rows
from planner.workbooks.plan_charts import dress
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import CHARCOAL, NAVY, ORANGE, PLUM, TEAL, Kind

if TYPE_CHECKING:
    from planner.staffing.report import StaffingReport
    from planner.workbooks.sheet import Book, Placed
    from planner.workbooks.theme import Chart

_CURVE, _SHORT = "Curve", "Burn down in short"
_OFFICERS, _ARMS, _VISITS, _EXPOSURE = 0, 5, 6, 10
_ROOM = 2
_SIZE = {"width": 620, "height": 350}
_MOST_RUNS = 8
_COLOURS = (NAVY, ORANGE, TEAL, PLUM, CHARCOAL, "#6BACE6", "#A285D1", "#746CB1")


def add_charts(book: Book, report: StaffingReport, answer: Placed, curve: Placed) -> None:
    """The curve and the burn-down under the answer; the latter's figures have their own sheet."""
    runs = _runs(report)
    months = _add_short(book, runs)
    row = answer.last_row + _ROOM
    charts = [
        (
            _levels(book, curve),
            "Columns over the number of officers: ARMS and visits overdue in the last month at "
            "best; a line: exposure. The figures are on the sheet Curve.",
        ),
        (
            _burn_down(book, months, list(runs)[:_MOST_RUNS]),
            "A line for each run: ARMS overdue at each month's end. The figures, and those of "
            "visits, are on the sheet Burn down in short.",
        ),
    ]
    for number, (chart, description) in enumerate(charts):
        chart.set_size(_SIZE)
        where = {
            "x_offset": 15 + number * (_SIZE["width"] + 15),
            "description": description,
            "object_position": 2,
        }
        answer.sheet.insert_chart(row, 0, chart, where)


def _runs(report: StaffingReport) -> dict[str, list[tuple[float, float]]]:
    """ARMS and visits overdue at each month's end, the opening first, by run and its basis."""
    found: dict[str, list[tuple[float, float]]] = {}
    places: dict[object, int] = {None: 0}
    for row in month_rows(report):
        name = f"{row.run}: {row.basis[0].lower()}{row.basis[1:]}"
        place = places.setdefault(row.month, len(places))
        totals = found.setdefault(name, [(0.0, 0.0)] * (HORIZON_MONTHS + 1))
        arms, visits = totals[place]
        totals[place] = (arms + row.arms_overdue, visits + row.visits_overdue)
    return found


def _add_short(book: Book, runs: dict[str, list[tuple[float, float]]]) -> Placed:
    return book.add_table(
        Sheet(
            name=_SHORT,
            title="What is overdue at each month's end, all levels",
            notes=("Month 0: on the as-at date. ARMS and visits stand side by side.",),
            columns=[
                Column("Month", Kind.WHOLE, 8),
                *(
                    Column(f"{name}: {duty}", Kind.WHOLE, 16)
                    for name in runs
                    for duty in ("ARMS", "visits")
                ),
            ],
            rows=[
                (month, *(figure for totals in runs.values() for figure in totals[month]))
                for month in range(HORIZON_MONTHS + 1)
            ],
        )
    )


def _levels(book: Book, curve: Placed) -> Chart:
    first, last = curve.first_row, curve.last_row
    bars = book.workbook.add_chart({"type": "column"})
    officers = [_CURVE, first, _OFFICERS, last, _OFFICERS]
    for name, column, colour in (
        ("ARMS overdue, last month", _ARMS, NAVY),
        ("Visits overdue, last month", _VISITS, ORANGE),
    ):
        bars.add_series(
            {
                "name": name,
                "categories": officers,
                "values": [_CURVE, first, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    line = book.workbook.add_chart({"type": "line"})
    line.add_series(
        {
            "name": "Exposure (right)",
            "categories": officers,
            "values": [_CURVE, first, _EXPOSURE, last, _EXPOSURE],
            "line": {"color": CHARCOAL, "width": 2},
            "y2_axis": True,
        }
    )
    line.set_y2_axis({"name": "Exposure", "num_format": "#,##0", "min": 0})
    bars.combine(line)
    dress(bars, "What each number of officers can do at best", "Overdue, last month", "Officers")
    return bars


def _burn_down(book: Book, months: Placed, runs: list[str]) -> Chart:
    chart = book.workbook.add_chart({"type": "line"})
    first, last = months.first_row, months.last_row
    for number, name in enumerate(runs):
        column = 1 + 2 * number
        chart.add_series(
            {
                "name": name,
                "categories": [_SHORT, first, 0, last, 0],
                "values": [_SHORT, first, column, last, column],
                "line": {"color": _COLOURS[number], "width": 2},
            }
        )
    dress(chart, "ARMS overdue at each month's end", "ARMS overdue", "Month of the plan")
    return chart
