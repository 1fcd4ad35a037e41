"""The plan workbook's sheets for programs, as people will also read them."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from planner.roll.words import changed_line, reasons_line
from planner.tables.checks import check_rows
from planner.workbooks.plan_columns import MEANING, PLAN_SHEETS, PlanSheet
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import DUE_SOON, OVERDUE, Kind

if TYPE_CHECKING:
    from planner.domain.verdict import Verdict
    from planner.domain.written import WrittenPlan
    from planner.roll.roll import Rolled
    from planner.workbooks.sheet import Book

_NOTES: dict[str, tuple[str, ...]] = {
    "Allocation": (
        "From is the first month in which this SOM holds the case. A second row: the SOM changes.",
    ),
    "Schedule": (
        "Months late: month done less due month. Second officers are named for the first month.",
        "Blank Visit type, Crew and Second officer: an ARMS. Done by: who does the duty.",
    ),
    "Workload": ("Caseloads are on the month's last day. Utilisation: planned hours / capacity.",),
    "Backlog": (
        "The first four rows, without a month, are today. Overdue: at the month's end.",
        "Due: due in this month, not done earlier, the person in the community at its end.",
    ),
    "Not planned": (
        "With a duty: overdue at the end of the plan. Without: nothing is planned for the person.",
    ),
}

_CHANGES_COLUMNS = (
    Column("Offender ref", width=15),
    Column("What", width=18),
    Column("Change", width=12),
    Column("Before", width=22),
    Column("After", width=22),
    Column("Reason", width=26),
    Column("Detail", Kind.PARAGRAPH, 60),
)

_CHECKS_COLUMNS = (
    Column("Rule", Kind.PARAGRAPH, 30),
    Column("What it means", Kind.PARAGRAPH, 46),
    Column("Checked", Kind.WHOLE, 11),
    Column("Broken", Kind.WHOLE, 10),
    Column("Forced", Kind.WHOLE, 10),
    Column("Detail", Kind.PARAGRAPH, 76),
)

_ABOUT_CHANGES = (
    "Reason: the first that applies to the duty's first change; those after it follow. Duties that "
    "go along with a case that changes hands have no row of their own.",
)

_change_values = attrgetter("ref", "what", "change", "before", "after", "reason", "detail")
_check_values = attrgetter("rule", "meaning", "checked", "broken", "forced", "detail")


def add_program_sheets(
    book: Book, written: WrittenPlan, verdict: Verdict, rolled: Rolled | None
) -> None:
    """Allocation, Schedule, Workload, Backlog, Not planned, Changes, Checks and Run."""
    *before, run = PLAN_SHEETS
    for sheet in before:
        _add_rows(book, sheet, written)
    _add_changes(book, rolled)
    _add_checks(book, written, verdict)
    _add_rows(book, run, written)


def _add_rows(book: Book, sheet: PlanSheet, written: WrittenPlan) -> None:
    values = attrgetter(*(column.field for column in sheet.columns))
    book.add_table(
        Sheet(
            name=sheet.name,
            title=sheet.name,
            notes=(MEANING[sheet.name], *_NOTES.get(sheet.name, ())),
            columns=[Column(c.header, c.kind, c.width) for c in sheet.columns],
            rows=[values(row) for row in getattr(written, sheet.part)],
            frozen_columns=2 if sheet.name in {"Schedule", "Workload"} else 1,
        )
    )


def _add_changes(book: Book, rolled: Rolled | None) -> None:
    notes: tuple[str, ...] = ("First plan: nothing to compare with.",)
    if rolled is not None:
        notes = (changed_line(rolled), reasons_line(rolled.counts), *_ABOUT_CHANGES)
    book.add_table(
        Sheet(
            name="Changes",
            title="Changes",
            notes=(MEANING["Changes"], *notes),
            columns=_CHANGES_COLUMNS,
            rows=[_change_values(row) for row in (rolled.changes if rolled else ())],
        )
    )


def _add_checks(book: Book, written: WrittenPlan, verdict: Verdict) -> None:
    outcome = "ACCEPTED by the verifier." if verdict.accepted else "REJECTED BY THE VERIFIER."
    rows = check_rows(verdict, written)
    placed = book.add_table(
        Sheet(
            name="Checks",
            title="Checks",
            notes=(
                f"{outcome} The verifier works everything out again from the register.",
                "Forced: how many of the broken the register leaves no choice on.",
            ),
            columns=_CHECKS_COLUMNS,
            rows=[_check_values(row) for row in rows],
        )
    )
    broken = 3
    area = (placed.first_row, broken, placed.last_row, broken)
    top = placed.first_row + 1
    for criteria, look in (
        (f"=$D{top}>$E{top}", OVERDUE),
        (f"=$D{top}>0", DUE_SOON),
    ):
        rule = {"type": "formula", "criteria": criteria, "format": book.theme.change(**look)}
        placed.sheet.conditional_format(*area, rule)
