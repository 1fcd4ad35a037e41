"""The plan workbook: sheets for people first, then the contract's for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbooks.plan_about import add_about, add_policy
from planner.workbooks.plan_charts import add_charts
from planner.workbooks.plan_clashes import add_clashes
from planner.workbooks.plan_front import fill_front
from planner.workbooks.plan_hours import (
    add_hour_prices,
    add_month_by_month,
    add_officer_hours,
    add_team_hours,
)
from planner.workbooks.plan_lists import add_officers, add_this_month
from planner.workbooks.plan_programs import add_program_sheets
from planner.workbooks.plan_progress import add_progress
from planner.workbooks.plan_repairs import add_repairs
from planner.workbooks.plan_rolled import add_accepted, add_disagreements
from planner.workbooks.sheet import Book
from planner.workbooks.theme import PLUM

if TYPE_CHECKING:
    from planner.workbooks.plan_report import PlanReport


def plan_workbook(report: PlanReport) -> bytes:
    """The workbook's bytes: the same report always gives the same."""
    outcome, situation = report.outcome, report.outcome.situation
    horizon = situation.horizon
    last = horizon.start(horizon.length)
    title = f"Plan for {horizon.first:%B %Y} to {last:%B %Y}"
    book = Book(title=title, marking=situation.register.marking, as_at=situation.register.as_at)
    true_on = f"register as at {situation.register.as_at:%d/%m/%Y}"
    summary = book.add_page("Summary", f"{title} ({true_on})", PLUM)
    if report.progress is not None:
        add_progress(book, report.progress)
    add_this_month(book, outcome, report.written)
    add_officers(book, outcome)
    add_officer_hours(book, outcome)
    add_hour_prices(book, outcome, report.result)
    add_team_hours(book, outcome, report.result)
    add_repairs(book, report.result)
    months = add_month_by_month(book, outcome, report.by_hand)
    add_program_sheets(book, report.written, report.verdict, report.rolled)
    if report.rolled is not None:
        add_accepted(book, report.rolled)
        add_disagreements(book, report.rolled)
    if report.clashes:
        add_clashes(book, report.clashes)
    add_policy(book, situation.policy)
    add_about(book, situation, report.written)
    charts_at = fill_front(book, summary, report)
    add_charts(book, summary, months, charts_at)
    return book.to_bytes()
