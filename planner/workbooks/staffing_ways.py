"""Sheets on ways to clear with their price, and on fair or familiar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.staffing.way_rows import (
    CONFIRMED,
    NOT_SHOWN,
    RULED_OUT,
    cheapest_words,
    familiar_words,
    purchase_rows,
    tariff_words,
    way_rows,
)
from planner.tables.allocation import yes_no
from planner.workbooks.plan_charts import dress
from planner.workbooks.sheet import Column, Sheet, paint_words
from planner.workbooks.theme import CHARCOAL, DUE_SOON, LATE, NAVY, TEAL, Kind

if TYPE_CHECKING:
    from planner.staffing.familiar import Familiar
    from planner.staffing.report import StaffingReport
    from planner.workbooks.sheet import Book, Placed
    from planner.workbooks.theme import Chart

_MOVING = "Fair or familiar"
_SHARE, _BOUND, _COST, _DEVIATION = 0, 3, 4, 10
_ROOM = 2


def add_ways(book: Book, report: StaffingReport) -> None:
    """The ways side by side, then what each buys."""
    found = report.cheapest
    if found is None:
        return
    placed = book.add_table(
        Sheet(
            name="Ways to clear",
            title="Ways to clear, and what they cost",
            notes=(
                cheapest_words(found, report.by_when),
                "Price: on top of today's staff, within the plan's months. At least: no way of "
                "clearing with these levers costs less, proved with each team's officers as one.",
                f"{CONFIRMED}: a whole plan with what is bought clears, ARMS and visits both; the "
                "verifier judged it.",
                f"{tariff_words(found.tariff)}.",
            ),
            columns=[
                Column("Way", Kind.PARAGRAPH, 30),
                Column("Costs at least, £", Kind.WHOLE, 13),
                Column("Price of the way shown, £", Kind.WHOLE, 13),
                Column("Above the bound", Kind.SHARE, 10),
                Column("How sure", width=24),
                Column("Cleared from", Kind.MONTH, 11),
                Column("What is bought", Kind.PARAGRAPH, 60),
            ],
            rows=[tuple(row) for row in way_rows(report)],
            tab_colour=NAVY,
        )
    )
    paint_words(book, placed, 4, RULED_OUT, LATE)
    paint_words(book, placed, 4, NOT_SHOWN, DUE_SOON)
    book.add_table(
        Sheet(
            name="Purchases",
            title="What each way buys, where and when",
            notes=(
                "Each row can stand in a scenario as it is: the lever, its team, value and months. "
                "Hours are a month's; people are full-time posts.",
            ),
            columns=[
                Column("Way", Kind.PARAGRAPH, 30),
                Column("Lever", Kind.PARAGRAPH, 36),
                Column("Team", width=18),
                Column("Value", Kind.WHOLE, 10),
                Column("From", Kind.MONTH, 11),
                Column("To", Kind.MONTH, 11),
                Column("Price, £", Kind.WHOLE, 12),
            ],
            rows=[tuple(row) for row in purchase_rows(report)],
        )
    )


def add_familiar(book: Book, found: Familiar) -> None:
    """The curve of moves allowed, with its chart."""
    placed = book.add_table(
        Sheet(
            name=_MOVING,
            title="Fair or familiar: what moving cases gains, and what continuity costs",
            notes=(
                familiar_words(found),
                f"A whole plan at each share, at effort {found.effort}, judged by the verifier. A "
                "plan that moves less may stand for a larger share too.",
                "Use of hours: each officer's planned hours over capacity, all months together.",
                "Cost at least: no plan with so many moves, or fewer, costs less (proved).",
            ),
            columns=[
                Column("May move", Kind.SHARE, 10),
                Column("Cases that may move", Kind.WHOLE, 11),
                Column("Moves that count", Kind.WHOLE, 11),
                Column("Cost at least", Kind.WHOLE, 12),
                Column("Cost of the plan", Kind.WHOLE, 12),
                Column("Exposure", Kind.WHOLE, 12),
                Column("Risk mix", Kind.WHOLE, 10),
                Column("Cost of moves", Kind.WHOLE, 10),
                Column("Cost of spread", Kind.WHOLE, 10),
                Column("Use of hours, mean", Kind.SHARE, 10),
                Column("Standard deviation", Kind.NUMBER, 10),
                Column("Least used officer", Kind.SHARE, 10),
                Column("Most used officer", Kind.SHARE, 10),
                Column("ARMS overdue, last month", Kind.WHOLE, 12),
                Column("Visits overdue, last month", Kind.WHOLE, 12),
                Column("Accepted", width=10),
            ],
            rows=[
                (
                    p.share,
                    p.allowed,
                    p.moves,
                    p.bound,
                    p.cost,
                    p.exposure,
                    p.mix,
                    p.moving,
                    p.spread,
                    p.utilisation_mean,
                    p.utilisation_deviation,
                    p.utilisation_least,
                    p.utilisation_most,
                    p.arms_overdue,
                    p.visits_overdue,
                    yes_no(p.accepted),
                )
                for p in found.points
            ],
            tab_colour=NAVY,
        )
    )
    for number, (chart, description) in enumerate(
        (
            (
                _costs(book, placed),
                "Two lines over the share of cases that may move: the cost of the plan, and the "
                "cost that no plan can beat. The figures are in the table above.",
            ),
            (
                _deviations(book, placed),
                "Columns over the share of cases that may move: the standard deviation of "
                "officers' use of their hours. The figures are in the table above.",
            ),
        )
    ):
        chart.set_size({"width": 560, "height": 330})
        where = {"x_offset": 15, "description": description, "object_position": 2}
        placed.sheet.insert_chart(placed.last_row + _ROOM, number * 7, chart, where)


def _costs(book: Book, placed: Placed) -> Chart:
    chart = book.workbook.add_chart({"type": "line"})
    for name, column, colour in (
        ("Cost of the plan", _COST, NAVY),
        ("Cost at least, whatever the plan", _BOUND, CHARCOAL),
    ):
        chart.add_series(
            {
                **_over_shares(placed, name, column),
                "line": {"color": colour, "width": 2},
                "marker": {"type": "circle", "size": 5, "fill": {"color": colour}},
            }
        )
    dress(chart, "Cost by share of cases that may move", "Cost", "May move")
    return chart


def _deviations(book: Book, placed: Placed) -> Chart:
    chart = book.workbook.add_chart({"type": "column"})
    series = _over_shares(placed, "Standard deviation", _DEVIATION)
    chart.add_series({**series, "fill": {"color": TEAL}, "gap": 60})
    dress(chart, "How unevenly officers' hours are used", "Standard deviation", "May move")
    chart.y_axis["num_format"] = "0.0%"
    chart.set_legend({"none": True})
    return chart


def _over_shares(placed: Placed, name: str, column: int) -> dict[str, object]:
    first, last = placed.first_row, placed.last_row
    return {
        "name": name,
        "categories": [_MOVING, first, _SHARE, last, _SHARE],
        "values": [_MOVING, first, column, last, column],
    }
