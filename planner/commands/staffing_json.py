"""The answer on staffing for programs: months are their first day, as ISO dates."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.staffing.answer import answer_lines, headline
from planner.staffing.chances import chance_lines, drawn_assumptions
from planner.staffing.rows import level_rows, month_rows, scenario_rows, team_rows
from planner.staffing.way_rows import (
    cheapest_words,
    every_assumption,
    purchase_rows,
    tariff_assumptions,
    way_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

    from planner.staffing.cheapest import Cheapest
    from planner.staffing.reached import Reached
    from planner.staffing.report import StaffingReport
    from planner.staffing.rows import LevelRow, ScenarioRow

SCHEMA_VERSION = 1


def staffing_json(report: StaffingReport, file: Path) -> dict[str, Any]:
    """Everything the workbook holds; no person's reference in it."""
    least, plan = report.least, report.fewest_that_clears
    return {
        "schema_version": SCHEMA_VERSION,
        "file": file.name,
        "answer": headline(report),
        "lines": [line._asdict() for line in (*answer_lines(report), *chance_lines(report))],
        "team": report.team,
        "deadline_month": report.deadline,
        "deadline": report.horizon.start(report.deadline),
        "today": least.today,
        "fewest_proved": least.fewest,
        "not_ruled_out": least.enough,
        "at_floor": least.is_at_floor,
        "least_planned": None if plan is None else plan.officers,
        "pinned": report.is_pinned,
        "parts": [
            {"name": p.name, "today": p.today, "fewest": p.fewest, "not_ruled_out": p.enough}
            for p in least.parts
        ],
        "curve": [_level(row) for row in level_rows(report)],
        "plans": [_plan(one, report) for one in report.plans],
        "scenarios": [_scenario(row) for row in scenario_rows(report)],
        "burn_down": [row._asdict() for row in month_rows(report)],
        "hours_by_team": [row._asdict() for row in team_rows(report)],
        "assumptions": [
            one._asdict()
            for one in (
                *every_assumption(report),
                *drawn_assumptions(report.uncertainty),
            )
        ],
        "uncertainty": None if report.uncertainty is None else asdict(report.uncertainty),
        "cheapest": None if report.cheapest is None else _cheapest(report, report.cheapest),
        "familiar": None if report.familiar is None else asdict(report.familiar),
        "seconds": report.seconds,
    }


def _cheapest(report: StaffingReport, found: Cheapest) -> dict[str, Any]:
    return {
        "answer": cheapest_words(found, report.by_when),
        "bound": found.bound,
        "prices": [one._asdict() for one in tariff_assumptions(found.tariff)],
        "ways": [row._asdict() for row in way_rows(report)],
        "purchases": [row._asdict() for row in purchase_rows(report)],
    }


def _level(row: LevelRow) -> dict[str, Any]:
    exposure = {f"{duty.value}, {level.label}": p for (duty, level), p in row.exposure.items()}
    return {**row._asdict(), "exposure": exposure}


def _scenario(row: ScenarioRow) -> dict[str, Any]:
    return {**row._asdict(), "figures": asdict(row.figures)}


def _plan(plan: Reached, report: StaffingReport) -> dict[str, Any]:
    month = plan.clears_from
    return {
        "officers": plan.officers,
        "against_today": dict(plan.steps),
        "clears": plan.clears,
        "clears_from": None if month is None else report.horizon.start(month),
        "accepted": plan.accepted,
        "cost": plan.outcome.total_cost,
        "bound": plan.result.bound,
        "effort": plan.result.effort,
    }
