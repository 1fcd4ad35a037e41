"""The workload workbook: a unit's or a supervisor's officers, and every decision to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbooks.edit_about import add_edit_about
from planner.workbooks.sheet import Book, Column, Sheet, paint_scale
from planner.workbooks.theme import NAVY, Kind
from planner.workbooks.workload_decisions import LISTS, add_decisions
from planner.workbooks.workload_people import (
    add_caseload,
    add_cases,
    add_hours,
    add_moves,
    add_overdue,
)

if TYPE_CHECKING:
    from planner.workbooks.workload_content import WorkloadContent

MEANING = {
    "Caseload": "Each officer's cases against the norm, with and without custody; mix and hours.",
    "Overdue": "Overdue visits and ARMS with the oldest, days since a successful visit, failed "
    "attempts, unannounced and solo visits.",
    "Hours by officer": "Share of each officer's hours that is planned, month by month.",
    "Workload": "The same in hours, a row for each officer in each month.",
    "Months": "All these officers together, month by month.",
    "Cases": "Every case: last seen, overdue, what is planned next.",
    "Moves": "Cases that change hands, and what is behind it.",
    "Decisions": "What the plan proposes, a row each, with columns to fill in.",
    LISTS: "What the drop-downs on Decisions offer.",
}


def workload_workbook(content: WorkloadContent) -> bytes:
    """The workbook's bytes: the same content always gives the same."""
    register = content.report.outcome.situation.register
    who = "Unit" if content.is_of_unit else content.stamp.made_for
    book = Book(
        title=f"Workload {content.stamp.first_month:%B %Y}: {who}",
        marking=register.marking,
        as_at=register.as_at,
        warning=content.report.warning,
    )
    add_caseload(book, content)
    add_overdue(book, content)
    add_hours(book, content)
    _add_months(book, content)
    add_cases(book, content)
    add_moves(book, content)
    add_decisions(book, content)
    add_edit_about(book, content.stamp, MEANING)
    return book.to_bytes()


def _add_months(book: Book, content: WorkloadContent) -> None:
    placed = book.add_table(
        Sheet(
            name="Months",
            title="Months: all these officers together",
            notes=(
                "Hours for visits and ARMS. A visit counts for its lead, an ARMS for its doer.",
            ),
            columns=(
                Column("Month", Kind.MONTH, 12),
                Column("Working days", Kind.WHOLE, 11),
                Column("Capacity hours", Kind.HOURS, 12),
                Column("Planned hours", Kind.HOURS, 12),
                Column("Hours used", Kind.SHARE, 11),
                Column("Visits", Kind.WHOLE, 10),
                Column("ARMS", Kind.WHOLE, 10),
            ),
            rows=[
                (m.month, m.working_days, m.capacity, m.planned, m.used, m.visits, m.arms)
                for m in content.months
            ],
            tab_colour=NAVY,
        )
    )
    paint_scale(placed, (4, 4), high=1.0)
