"""Progress for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.domain.terms import LEVELS

if TYPE_CHECKING:
    from datetime import date

    from planner.progress.burn_down import MonthEnd, TeamMonthEnd
    from planner.progress.counts import Count
    from planner.progress.fate import PlannedDuty
    from planner.progress.forecast import Forecast
    from planner.progress.hours import HoursTaken
    from planner.progress.progress import Progress

SCHEMA_VERSION = 1


def progress_json(progress: Progress, with_refs: bool) -> dict[str, Any]:
    """Everything; months are their first day. People's references only ``with_refs``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "plans": [
            {"run": p.run_id, "first_month": _iso(p.first_month), "as_at": _iso(p.as_at)}
            for p in progress.plans
        ],
        "months": [
            {"month": _iso(m.month), "run": m.run_id, "is_over": m.is_over} for m in progress.months
        ],
        "counts": [_count(row) for row in progress.counts],
        "slipped": [_slipped(p, with_refs) for p in progress.slipped],
        "known_from": {source.value: n for source, n in progress.known.sources.items()},
        "disagreements": {what.value: n for what, n in progress.known.differences.items()},
        "came_with_a_date": progress.known.came_with,
        "burn_down": [_month_end(end) for end in progress.burn_down],
        "burn_down_by_team": [_team_month_end(end) for end in progress.by_team],
        "forecast": _forecast(progress.forecast),
        "hours": [_hours(hours) for hours in progress.hours],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _count(row: Count) -> dict[str, Any]:
    return {
        "month": _iso(row.month),
        "team": row.team,
        "level": row.level,
        "duty": row.duty,
        "planned": row.planned,
        "done_as_planned": row.as_planned,
        "done_before": row.before,
        "slipped": row.slipped,
        "not_known": row.not_known,
        "not_yet": row.not_yet,
        "done_besides": row.besides,
    }


def _slipped(planned: PlannedDuty, with_refs: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "month": _iso(planned.month),
        "team": planned.team,
        "level": planned.level,
        "duty": planned.duty,
        "reason": planned.reason,
        "done_since": _iso(planned.since),
    }
    if with_refs:
        told |= {"ref": planned.ref, "som": planned.som, "detail": planned.detail}
    return told


def _month_end(end: MonthEnd) -> dict[str, Any]:
    return {
        "month": _iso(end.month),
        "promised_by_first_plan": _levels(end.first_plan),
        "promised_by_plan_in_force": _levels(end.in_force),
        "reached": _levels(end.reached),
        "reached_as_at": _iso(end.as_at),
    }


def _team_month_end(end: TeamMonthEnd) -> dict[str, Any]:
    return {
        "month": _iso(end.month),
        "team": end.team,
        "promised_by_first_plan": _levels(end.first_plan),
        "promised_by_plan_in_force": _levels(end.in_force),
        "reached": _levels(end.reached),
    }


def _levels(numbers: tuple[int, ...] | None) -> dict[str, int] | None:
    if numbers is None:
        return None
    return {level.label: n for level, n in zip(LEVELS, numbers, strict=True)}


def _forecast(forecast: Forecast) -> dict[str, Any]:
    proof = forecast.proof
    return {
        "outlook": forecast.outlook.value,
        "backlog": forecast.backlog,
        "as_at": _iso(forecast.as_at),
        "cleared_at": forecast.limit,
        "pace": [
            {
                "month": _iso(p.month),
                "arms_planned": p.planned,
                "arms_done": p.done,
                "arms_due": p.due,
            }
            for p in forecast.pace
        ],
        "months_when_work_ran_out": forecast.ran_out,
        "likely": _iso(forecast.likely),
        "earliest": _iso(forecast.earliest),
        "latest": _iso(forecast.latest),
        "overdue_at_end_at_this_pace": forecast.left,
        "newest_plan_clears": _iso(forecast.planned),
        "newest_plan_leaves": forecast.planned_left,
        "newest_plan_ends": _iso(forecast.end),
        "proved": None
        if proof is None
        else {
            "hours_lacking": proof.hours,
            "posts_lacking": proof.posts,
            "clearing_ruled_out": proof.is_ruled_out,
        },
    }


def _hours(hours: HoursTaken) -> dict[str, Any]:
    return {
        "duty": hours.duty,
        "marked_done": hours.marked,
        "records": hours.records,
        "officers": hours.officers,
        "planned_hours": hours.planned,
        "taken_hours": hours.taken,
        "policy_hours": hours.policy,
        "mean": hours.mean,
        "spread": hours.spread,
        "low": hours.low,
        "high": hours.high,
        "left_out": hours.left_out,
        "proposed": [{"setting": s.name, "value": s.value, "now": s.now} for s in hours.proposed],
    }
