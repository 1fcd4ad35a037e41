"""``staffing.xlsx``: sheets Chances, Bands and Tornado, where draws were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.staffing.answer import BOTH
from planner.staffing.chances import left_against, month_chances, percent, runs
from planner.workbooks.plan_charts import dress
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import CHARCOAL, MID_BLUE, NAVY, ORANGE, PALE_BLUE, Kind

if TYPE_CHECKING:
    from planner.staffing.report import StaffingReport
    from planner.staffing.uncertain import Band, Chance, TornadoEnd, TornadoRow, Uncertainty
    from planner.workbooks.sheet import Book, Placed, Value
    from planner.workbooks.theme import Chart

CHANCES, BANDS, BY_TEAM, TORNADO = "Chances", "Bands", "Chances by team", "Tornado"
_WIDTH, _HEIGHT = 720, 380
_RUN, _MONTH = 0, 1
_SHARES = (5, 25, 50, 75, 95)
_LINES = (
    ({"color": PALE_BLUE, "width": 1.5, "dash_type": "dash"}, "5 of 100 draws at most"),
    ({"color": MID_BLUE, "width": 1.5}, "25 of 100"),
    ({"color": NAVY, "width": 3}, "Middle draw"),
    ({"color": ORANGE, "width": 1.5}, "75 of 100"),
    ({"color": CHARCOAL, "width": 1.5, "dash_type": "dash"}, "95 of 100"),
)


def add_chances(book: Book, report: StaffingReport) -> None:
    """The three sheets; none without draws."""
    found = report.uncertainty
    if found is None:
        return
    _add_chances(book, report, found)
    _add_bands(book, report, found)
    _add_teams(book, report, found)
    if found.tornado and found.tornado_middle is not None:
        _add_tornado(book, report, found, found.tornado_middle)


def _add_chances(book: Book, report: StaffingReport, found: Uncertainty) -> None:
    kinds = (
        "Cleared, but for people not in",
        "Cleared altogether",
        "ARMS cleared",
        "Cleared, working towards an earlier month",
    )
    aims = ", ".join(f"{aim}" for aim in found.today.aims) or "none"
    book.add_table(
        Sheet(
            name=CHANCES,
            title="The chance to have cleared by each month's end",
            notes=(
                f"{found.draws:,} draws, seed {found.seed}. From and to: where the share lies for "
                "more draws, at 95%; whether the ranges are right is another matter (Assumptions).",
                "Cleared: nothing overdue then nor later, no very high or high visit from month 3 "
                "on. But for people not in: visits tried three times that month in vain left out.",
                f"The unit works towards {report.by_when}. Last three columns: it works towards an "
                f"earlier month (tried: {aims}), whichever does best by then.",
                BOTH,
            ),
            columns=[
                Column("Run", width=26),
                Column("Month", Kind.MONTH, 11),
                *(
                    Column(f"{kind}{what}", Kind.SHARE, 12)
                    for kind in kinds
                    for what in ("", ": from", ": to")
                ),
                Column("ARMS overdue, middle draw", Kind.WHOLE, 12),
                Column("Visits overdue, middle draw", Kind.WHOLE, 12),
            ],
            rows=[
                (
                    row.run,
                    row.month,
                    *_told(row.cleared_but_not_in),
                    *_told(row.cleared),
                    *_told(row.arms_cleared),
                    *_told(row.if_aimed_at),
                    row.arms.p50,
                    row.visits.p50,
                )
                for row in month_chances(found, report.horizon)
            ],
            frozen_columns=2,
        )
    )


def _told(chance: Chance | None) -> tuple[Value, ...]:
    return (None,) * 3 if chance is None else (chance.share, chance.low, chance.high)


def _add_bands(book: Book, report: StaffingReport, found: Uncertainty) -> None:
    duties = ("ARMS overdue", "Visits overdue", "Visits overdue, nobody in")
    exposure = found.today.exposure
    placed = book.add_table(
        Sheet(
            name=BANDS,
            title="What may be overdue at each month's end",
            notes=(
                "So many of 100 draws have at most so many overdue; the middle draw is 50.",
                f"Exposure today: {exposure.p50:,.0f} in the middle draw, {exposure.p5:,.0f} to "
                f"{exposure.p95:,.0f} in 90 of 100.",
                f"{BOTH} Nobody in: tried three times that month in vain.",
            ),
            columns=[
                Column("Run", width=26),
                Column("Month", Kind.MONTH, 11),
                *(
                    Column(f"{duty}, {share} of 100", Kind.WHOLE, 12)
                    for duty in duties
                    for share in _SHARES
                ),
                Column("ARMS overdue, mean", Kind.HOURS, 12),
                Column("Visits overdue, mean", Kind.HOURS, 12),
            ],
            rows=[
                (
                    row.run,
                    row.month,
                    *_five(row.arms),
                    *_five(row.visits),
                    *_five(row.not_in),
                    row.arms.mean,
                    row.visits.mean,
                )
                for row in month_chances(found, report.horizon)
            ],
            frozen_columns=2,
        )
    )
    for number, duty in enumerate(("ARMS", "Visits")):
        chart = _fan(book, placed, duty, 2 + number * len(_SHARES))
        _place(placed, chart, 9 * number, f"Lines: {duty} overdue at each month's end, five bands")


def _add_teams(book: Book, report: StaffingReport, found: Uncertainty) -> None:
    book.add_table(
        Sheet(
            name=BY_TEAM,
            title="The chance to have cleared, team by team",
            notes=(
                f"By {report.by_when}. Each team, or teams planned together, has its own officers "
                "only, as the register says; the unit clears where all of them do.",
                f"{BOTH} Visits to people who were not in are left out.",
            ),
            columns=[
                Column("Run", width=26),
                Column("Team", Kind.PARAGRAPH, 26),
                *(Column(f"Cleared{what}", Kind.SHARE, 10) for what in ("", ": from", ": to")),
                *(
                    Column(f"{duty} overdue, {share} of 100", Kind.WHOLE, 12)
                    for duty in ("ARMS", "Visits")
                    for share in _SHARES
                ),
            ],
            rows=[
                (
                    run.name,
                    one.team,
                    *_told(one.cleared_but_not_in),
                    *_five(one.arms),
                    *_five(one.visits),
                )
                for run in runs(found)
                for one in run.teams
            ],
            frozen_columns=2,
        )
    )


def _five(band: Band) -> tuple[float, ...]:
    return band.p5, band.p25, band.p50, band.p75, band.p95


def _fan(book: Book, placed: Placed, duty: str, first_column: int) -> Chart:
    """Five lines over today's months."""
    first = placed.first_row
    last = first + HORIZON_MONTHS - 1
    chart = book.workbook.add_chart({"type": "line"})
    for number, (look, name) in enumerate(_LINES):
        column = first_column + number
        chart.add_series(
            {
                "name": name,
                "categories": [BANDS, first, _MONTH, last, _MONTH],
                "values": [BANDS, first, column, last, column],
                "line": look,
            }
        )
    dress(chart, f"{duty} overdue at each month's end, today", f"{duty} overdue")
    turned = {"name": "Arial", "size": 9, "rotation": -45}
    chart.set_x_axis({"num_format": Kind.MONTH.value, "text_axis": True, "num_font": turned})
    return chart


def _add_tornado(
    book: Book, report: StaffingReport, found: Uncertainty, middle: TornadoEnd
) -> None:
    ends = ("ARMS overdue", "Visits overdue", "Exposure", "Chance to clear")
    kinds = (Kind.HOURS, Kind.HOURS, Kind.WHOLE, Kind.SHARE)
    placed = book.add_table(
        Sheet(
            name=TORNADO,
            title="Which assumption matters most",
            notes=(
                "Each assumption at its low and at its high, all others at their likeliest, with "
                f"the same {found.tornado_draws:,} draws of all that is left to chance.",
                f"Means at {report.by_when}. With all at their likeliest: {middle.arms:,.0f} ARMS "
                f"and {middle.visits:,.0f} visits overdue, exposure {middle.exposure:,.0f}, chance "
                f"to clear {percent(middle.cleared.share)} (people not in left out).",
                "Against likeliest: ARMS and visits overdue together, more or fewer. The widest "
                "swing stands first. What two assumptions do together is not shown here.",
            ),
            columns=[
                Column("Assumption", width=24),
                Column("Unit", width=16),
                Column("Low", Kind.NUMBER, 9),
                Column("High", Kind.NUMBER, 9),
                Column("Low: against likeliest", Kind.SIGNED, 12),
                Column("High: against likeliest", Kind.SIGNED, 12),
                Column("Swing", Kind.WHOLE, 10),
                *(
                    Column(f"{end}: {what}", kind, 12)
                    for what in ("low", "high")
                    for end, kind in zip(ends, kinds, strict=True)
                ),
            ],
            rows=[_tornado_row(row, middle) for row in found.tornado],
        )
    )
    chart = _bars(book, placed)
    _place(placed, chart, 0, "Bars: duties overdue at the deadline against all at likeliest")


def _tornado_row(row: TornadoRow, middle: TornadoEnd) -> tuple[Value, ...]:
    return (
        row.words,
        row.unit,
        row.low.value,
        row.high.value,
        left_against(row.low, middle),
        left_against(row.high, middle),
        row.swing,
        *(
            value
            for end in (row.low, row.high)
            for value in (end.arms, end.visits, end.exposure, end.cleared.share)
        ),
    )


def _bars(book: Book, placed: Placed) -> Chart:
    first, last = placed.first_row, placed.last_row
    chart = book.workbook.add_chart({"type": "bar"})
    for name, column, colour in (("At its low", 4, NAVY), ("At its high", 5, ORANGE)):
        chart.add_series(
            {
                "name": name,
                "categories": [TORNADO, first, 0, last, 0],
                "values": [TORNADO, first, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
                "overlap": 100,
            }
        )
    dress(chart, "ARMS and visits overdue, against all at their likeliest", "")
    chart.set_x_axis({"name": "Duties more or fewer", "num_format": "+#,##0;-#,##0;0"})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    return chart


def _place(placed: Placed, chart: Chart, column: int, description: str) -> None:
    """Below the table, so that the sheet still prints on a page's width."""
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    where = {
        "x_offset": 15,
        "description": f"{description}. The figures are in the table.",
        "object_position": 2,
    }
    placed.sheet.insert_chart(placed.last_row + 2, column, chart, where)
