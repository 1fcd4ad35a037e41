"""A plan's sheets for programs, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.written import RunItem, WrittenPlan
from planner.tables.allocation import allocation_rows
from planner.tables.backlog import backlog_rows
from planner.tables.not_planned import not_planned_rows
from planner.tables.schedule import schedule_rows
from planner.tables.workload import workload_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.workload.outcome import Outcome


def written_plan(outcome: Outcome, run: Sequence[RunItem]) -> WrittenPlan:
    """The contract's section 2 as rows, figures unrounded."""
    return WrittenPlan(
        allocation=allocation_rows(outcome),
        schedule=schedule_rows(outcome),
        workload=workload_rows(outcome),
        backlog=backlog_rows(outcome),
        not_planned=not_planned_rows(outcome),
        run=tuple(run),
    )
