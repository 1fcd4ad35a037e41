"""``staffing.xlsx``: leaders' answer on one page, the curve, scenarios, burn-downs, assumptions.

No person-level data: numbers of people and hours only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty
from planner.staffing.answer import AS_ONE, BOTH, HOW_SURE, answer_lines, headline, lacking_words
from planner.staffing.chances import chance_lines, drawn_assumptions
from planner.staffing.rows import level_rows, month_rows, scenario_rows, team_rows
from planner.staffing.way_rows import every_assumption
from planner.tables.allocation import yes_no
from planner.workbooks.sheet import Book, Column, Sheet, paint_words
from planner.workbooks.staffing_chances import add_chances
from planner.workbooks.staffing_charts import add_charts
from planner.workbooks.staffing_ways import add_familiar, add_ways
from planner.workbooks.theme import DUE_SOON, LATE, NAVY, Kind

if TYPE_CHECKING:
    from planner.staffing.report import StaffingReport
    from planner.staffing.rows import LevelRow, ScenarioRow
    from planner.workbooks.sheet import Placed, Value

STAFFING_BOOK = "staffing.xlsx"


def staffing_workbook(report: StaffingReport) -> bytes:
    """The workbook; the same report always gives the same bytes."""
    book = Book(
        title="Staffing: how many officers, by when, and what if",
        marking=report.register.marking,
        as_at=report.register.as_at,
    )
    answer = _add_answer(book, report)
    add_chances(book, report)
    if report.cheapest is not None:
        add_ways(book, report)
    if report.familiar is not None:
        add_familiar(book, report.familiar)
    curve = _add_curve(book, report)
    _add_exposure(book, report)
    _add_scenarios(book, report)
    _add_months(book, report)
    add_charts(book, report, answer, curve)
    _add_teams(book, report)
    _add_assumptions(book, report)
    return book.to_bytes()


def _whom(report: StaffingReport) -> str:
    return f"Team {report.team}, by itself. " if report.team else ""


def _add_answer(book: Book, report: StaffingReport) -> Placed:
    placed = book.add_table(
        Sheet(
            name="Answer",
            title="How many officers do we need?",
            notes=(
                f"{_whom(report)}{headline(report)}",
                HOW_SURE,
                "What the figures rest on stands in Assumptions.",
            ),
            columns=[
                Column("What", width=28),
                Column("Answer", Kind.PARAGRAPH, 84),
                Column("How sure", width=22),
            ],
            rows=[tuple(line) for line in (*answer_lines(report), *chance_lines(report))],
            tab_colour=NAVY,
        )
    )
    paint_words(book, placed, 2, "Not known", DUE_SOON)
    return placed


def _add_curve(book: Book, report: StaffingReport) -> Placed:
    columns = [
        Column("Officers", Kind.WHOLE, 10),
        Column("FTE", Kind.HOURS, 8),
        Column("Against today", Kind.SIGNED, 10),
        Column("Clearing ruled out", width=12),
        Column("Not cleared before", Kind.MONTH, 12),
        Column("ARMS overdue, last month", Kind.WHOLE, 12),
        Column("Visits overdue, last month", Kind.WHOLE, 12),
        Column("Hours lacking", Kind.WHOLE, 11),
        Column("Posts lacking", Kind.HOURS, 10),
        Column("Cost no plan can beat", Kind.WHOLE, 13),
        Column("Exposure", Kind.WHOLE, 11),
        Column("Hours there", Kind.WHOLE, 11),
        Column("Hours used", Kind.WHOLE, 11),
        Column("Plan: clears", Kind.MONTH, 11),
        Column("Plan: accepted", width=11),
        Column("Plan: ARMS overdue, last month", Kind.WHOLE, 13),
        Column("Plan: visits overdue, last month", Kind.WHOLE, 13),
        Column("Plan: cost", Kind.WHOLE, 11),
        Column("Where, against today", Kind.PARAGRAPH, 60),
    ]
    placed = book.add_table(
        Sheet(
            name="Curve",
            title="What each number of officers can do at best",
            notes=(
                f"{_whom(report)}Clearing: nothing overdue by {report.by_when}, no very high "
                "or high visit from month 3 on.",
                "Ruled out: however they are spread and whoever goes. All else is for the spread "
                "in the last column.",
                f"{AS_ONE} {BOTH}",
                "Plan columns are blank where no whole plan was made.",
            ),
            columns=columns,
            rows=[_level_values(row) for row in level_rows(report)],
            frozen_columns=1,
        )
    )
    paint_words(book, placed, 3, "Yes", LATE)
    return placed


def _level_values(row: LevelRow) -> tuple[Value, ...]:
    accepted = None if row.plan_accepted is None else yes_no(row.plan_accepted)
    return (
        row.officers,
        row.fte,
        row.against_today,
        yes_no(row.ruled_out),
        row.not_before,
        row.arms_overdue,
        row.visits_overdue,
        row.hours_lacking,
        row.posts_lacking,
        row.bound,
        sum(row.exposure.values()),
        row.hours_there,
        row.hours_used,
        row.plan_clears,
        accepted,
        row.plan_arms_overdue,
        row.plan_visits_overdue,
        row.plan_cost,
        row.spread or "As today",
    )


def _add_exposure(book: Book, report: StaffingReport) -> None:
    kinds = [(duty, level) for duty in (Duty.ARMS, Duty.VISIT) for level in LEVELS]
    book.add_table(
        Sheet(
            name="Exposure",
            title="Exposure by duty and level, at each number of officers",
            notes=(
                "What the duties overdue at the month ends weigh: level and age, as the policy has "
                "it, in the best plan with officers as one.",
                BOTH,
            ),
            columns=[
                Column("Officers", Kind.WHOLE, 10),
                *(Column(f"{d.value}, {lv.label.lower()}", Kind.WHOLE, 13) for d, lv in kinds),
                Column("All", Kind.WHOLE, 13),
            ],
            rows=[
                (
                    row.officers,
                    *(row.exposure[kind] for kind in kinds),
                    sum(row.exposure.values()),
                )
                for row in level_rows(report)
            ],
        )
    )


def _add_scenarios(book: Book, report: StaffingReport) -> None:
    book.add_table(
        Sheet(
            name="Scenarios",
            title="Scenarios side by side",
            notes=(
                "Run 0 is today, untouched. Own effect: what the change does alone. Run 0, own "
                "effects and interaction add up to Together.",
                f"{AS_ONE} {BOTH}",
                "Fewest officers: with fewer no plan clears by the scenario's deadline, proved. "
                "Blank in run 0 where the scenario asks for another deadline.",
            ),
            columns=[
                Column("Scenario", Kind.PARAGRAPH, 26),
                Column("Row", width=14),
                Column("Change", Kind.PARAGRAPH, 38),
                Column("ARMS overdue, last month", Kind.HOURS, 12),
                Column("Visits overdue, last month", Kind.HOURS, 12),
                Column("Hours lacking", Kind.HOURS, 11),
                Column("Posts lacking", Kind.NUMBER, 10),
                Column("Cost no plan can beat", Kind.WHOLE, 13),
                Column("Exposure", Kind.WHOLE, 12),
                Column("Hours there", Kind.WHOLE, 11),
                Column("Hours used", Kind.WHOLE, 11),
                Column("Clearing ruled out", width=12),
                Column("Not cleared before", Kind.MONTH, 12),
                Column("Fewest officers", Kind.WHOLE, 11),
            ],
            rows=[_scenario_values(row) for row in scenario_rows(report)],
            frozen_columns=2,
        )
    )


def _scenario_values(row: ScenarioRow) -> tuple[Value, ...]:
    one = row.figures
    return (
        row.scenario,
        row.row,
        row.change,
        one.arms_overdue,
        one.visits_overdue,
        one.hours_lacking,
        one.posts_lacking,
        one.bound,
        one.exposure,
        one.hours_there,
        one.hours_used,
        None if row.ruled_out is None else yes_no(row.ruled_out),
        row.not_before,
        row.fewest,
    )


def _add_months(book: Book, report: StaffingReport) -> None:
    book.add_table(
        Sheet(
            name="Burn down",
            title="What is overdue at each month's end",
            notes=(
                "Month blank: overdue on the as-at date. With officers as one people are counted "
                f"in parts. {BOTH}",
            ),
            columns=[
                Column("Run", width=26),
                Column("Basis", width=26),
                Column("Month", Kind.MONTH, 11),
                Column("Risk level", width=12),
                Column("ARMS overdue", Kind.HOURS, 12),
                Column("Visits overdue", Kind.HOURS, 12),
            ],
            rows=[tuple(row) for row in month_rows(report)],
        )
    )


def _add_teams(book: Book, report: StaffingReport) -> None:
    book.add_table(
        Sheet(
            name="Hours by team",
            title="Hours by team and month, as things are",
            notes=(lacking_words(report),),
            columns=[
                Column("Team", width=24),
                Column("Month", Kind.MONTH, 11),
                Column("Hours there", Kind.HOURS, 12),
                Column("Hours used", Kind.HOURS, 12),
                Column("Hours lacking", Kind.HOURS, 12),
            ],
            rows=[tuple(row) for row in team_rows(report)],
        )
    )


def _add_assumptions(book: Book, report: StaffingReport) -> None:
    placed = book.add_table(
        Sheet(
            name="Assumptions",
            title="What the figures rest on",
            notes=(
                "Assumption Yes: no source gave it. Put your force's own figure in the register's "
                "Policy sheet and ask again.",
            ),
            columns=[
                Column("What", Kind.PARAGRAPH, 30),
                Column("Value", Kind.PARAGRAPH, 14),
                Column("Unit", width=16),
                Column("Meaning", Kind.PARAGRAPH, 70),
                Column("Source", Kind.PARAGRAPH, 40),
                Column("Of", Kind.PARAGRAPH, 24),
                Column("Assumption", width=13),
            ],
            rows=[
                (*one[:-1], yes_no(one.is_assumed))
                for one in (
                    *every_assumption(report),
                    *drawn_assumptions(report.uncertainty),
                )
            ],
        )
    )
    paint_words(book, placed, 6, "Yes", DUE_SOON)
