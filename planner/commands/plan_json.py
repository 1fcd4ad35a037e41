"""A finished plan for programs: no reference of any person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.roll.words import for_programs
from planner.tables.repairs import repairs_for_programs
from planner.tables.run import gap

if TYPE_CHECKING:
    from planner.commands.plan import PlanRun


def plan_json(run: PlanRun) -> dict[str, Any]:
    """The result as JSON has it."""
    outcome, result = run.report.outcome, run.report.result
    horizon = outcome.situation.horizon
    cleared = outcome.cleared_month
    lacking = result.shortfall
    return {
        "accepted": run.accepted,
        "status": result.status.value,
        "cost": outcome.total_cost,
        "cost_parts": dict(outcome.cost),
        "bound": result.bound,
        "gap": gap(outcome.total_cost, result.bound),
        "first_month": horizon.first.isoformat(),
        "backlog_cleared_month": None if cleared is None else horizon.start(cleared).isoformat(),
        "backlog_by_month": [outcome.backlog(m) for m in horizon.months],
        "hours_lacking": lacking.total_hours if lacking else 0.0,
        "posts_lacking": lacking.posts if lacking else 0.0,
        "clearing_ruled_out": bool(lacking and lacking.is_proved),
        "repairs": repairs_for_programs(result),
        "rules_broken": {f.rule.value: f.broken for f in run.report.verdict.findings},
        "clashes": [
            {
                "kind": clash.kind,
                "what": clash.what,
                "rows": clash.rows,
                "gives_way": clash.gives_way,
                "remedy": clash.remedy,
            }
            for clash in run.report.clashes
        ],
        "run": run.report.run_id,
        "rolled": None
        if run.report.rolled is None
        else for_programs(run.report.rolled, outcome.total_cost, result.bound),
        "seconds": run.seconds,
        "files": list(run.names),
    }
