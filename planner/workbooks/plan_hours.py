"""The plan workbook's hours: by officer, by team, by month, and what one more is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.tables.officers import officer_hours
from planner.tables.summary import month_by_month
from planner.tables.teams import hour_prices, team_hours
from planner.workbooks.plan_columns import MEANING
from planner.workbooks.sheet import Column, Sheet, paint_scale
from planner.workbooks.theme import NAVY, OVERDUE, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.result import SolveResult
    from planner.tables.officers import OfficerHours
    from planner.workbooks.sheet import Book, Placed
    from planner.workload.outcome import Outcome


def add_officer_hours(book: Book, outcome: Outcome) -> None:
    add_hours_grid(book, outcome, officer_hours(outcome))


def add_hours_grid(book: Book, outcome: Outcome, rows: Sequence[OfficerHours], *notes: str) -> None:
    """The heat map of officers' hours, a figure in every cell."""
    placed = book.add_table(
        Sheet(
            name="Hours by officer",
            title="Hours by officer: planned as a share of capacity",
            notes=(
                "Darker: fuller. Blank: no capacity (not in post or away). 100% is all the time "
                "there is for visits and ARMS; other duties are already taken off.",
                *notes,
            ),
            columns=[
                Column("SOM", width=10),
                Column("Team", width=15),
                *_months(outcome, Kind.SHARE),
                Column("All months", Kind.SHARE, 11),
            ],
            rows=[(r.staff_id, r.team, *r.shares, r.overall) for r in rows],
            frozen_columns=2,
            tab_colour=NAVY,
        )
    )
    full = {
        "type": "cell",
        "criteria": ">",
        "value": 1.0005,
        "format": book.theme.change(**OVERDUE),
        "stop_if_true": True,
    }
    last = outcome.situation.horizon.length + 2
    placed.sheet.conditional_format(placed.first_row, 2, placed.last_row, last, full)
    paint_scale(placed, (2, last), high=1.0)


def add_hour_prices(book: Book, outcome: Outcome, result: SolveResult) -> None:
    rows = hour_prices(outcome, result)
    placed = book.add_table(
        Sheet(
            name="Price of an hour",
            title="Price of an hour: points of cost that one more hour would save",
            notes=(
                "Where overtime helps: the darker the month, the more an extra hour saves there. "
                "0: hours are not what is short.",
                "Points are those of the plan's cost (Run sheet). The first hours save this much; "
                "many would each save less.",
            ),
            columns=[
                Column("Team", width=18),
                *_months(outcome, Kind.HOURS),
                Column("Highest", Kind.HOURS, 10),
            ],
            rows=[(r.team, *r.months, r.overall) for r in rows],
            tab_colour=NAVY,
        )
    )
    paint_scale(placed, (1, outcome.situation.horizon.length))


def add_team_hours(book: Book, outcome: Outcome, result: SolveResult) -> None:
    rows = team_hours(outcome, result)
    placed = book.add_table(
        Sheet(
            name="Hours by team",
            title="Hours by team",
            notes=(
                "Capacity: hours for visits and ARMS once leave, absence, other duties and new "
                "registrations are taken off. Planned: lead and second hours.",
                "Lacking: hours that must be added, at the least, for everything to be done by "
                "the plan's end. 0: none is proved to lack.",
            ),
            columns=[
                Column("Team", width=18),
                Column("Hours", width=11),
                *_months(outcome, Kind.WHOLE),
                Column("All months", Kind.WHOLE, 11),
            ],
            rows=[(r.team, r.figure, *r.months, r.overall) for r in rows],
            frozen_columns=2,
            tab_colour=NAVY,
        )
    )
    top, last = placed.first_row + 1, outcome.situation.horizon.length + 2
    placed.sheet.conditional_format(
        placed.first_row,
        1,
        placed.last_row,
        last,
        {
            "type": "formula",
            "criteria": f'=AND($B{top}="Lacking",N(B{top})>=0.5)',
            "format": book.theme.change(**OVERDUE),
        },
    )


def add_month_by_month(book: Book, outcome: Outcome, by_hand: Outcome) -> Placed:
    """The figures that the Summary's charts draw."""
    rows = month_by_month(outcome, by_hand)
    return book.add_table(
        Sheet(
            name="Month by month",
            title="Month by month",
            notes=(
                MEANING["Month by month"],
                "Overdue at each month's end; today's row goes by the register's date. Hours of "
                "the whole unit.",
            ),
            columns=[
                Column("Month end", width=12),
                Column("Month", Kind.MONTH, 11),
                *(
                    Column(f"ARMS overdue, {level}", Kind.WHOLE, 15)
                    for level in ("very high", "high", "medium", "low", "all levels")
                ),
                Column("ARMS overdue, planned by hand", Kind.WHOLE, 17),
                Column("Visits overdue", Kind.WHOLE, 15),
                Column("Capacity hours", Kind.WHOLE, 11),
                Column("Lead hours", Kind.WHOLE, 12),
                Column("Second hours", Kind.WHOLE, 11),
            ],
            rows=[
                (
                    r.label,
                    r.month,
                    *r.arms,
                    sum(r.arms),
                    r.arms_by_hand,
                    r.visits,
                    r.capacity,
                    r.lead,
                    r.second,
                )
                for r in rows
            ],
            tab_colour=NAVY,
        )
    )


def _months(outcome: Outcome, kind: Kind) -> list[Column]:
    horizon = outcome.situation.horizon
    return [Column(f"{horizon.start(m):%b %y}", kind, 8) for m in horizon.months]
