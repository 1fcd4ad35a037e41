"""A plan's sheets for programs, all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.taken import NOTHING
from planner.domain.written import RunItem, WrittenPlan
from planner.history.issued_json import issued_json, run_id_of
from planner.tables.allocation import allocation_rows
from planner.tables.backlog import backlog_rows
from planner.tables.issued import issued_plan_of
from planner.tables.not_planned import not_planned_rows
from planner.tables.run import RUN
from planner.tables.schedule import schedule_rows
from planner.tables.workload import workload_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.taken import TakenOver
    from planner.workload.outcome import Outcome


def written_plan(outcome: Outcome, run: Sequence[RunItem]) -> WrittenPlan:
    """The contract's section 2 as rows, figures unrounded.

    The Run sheet begins with the item ``Run``: the run's id, which follows from the other rows.
    """
    plan = WrittenPlan(
        allocation=allocation_rows(outcome),
        schedule=schedule_rows(outcome),
        workload=workload_rows(outcome),
        backlog=backlog_rows(outcome),
        not_planned=not_planned_rows(outcome),
        run=(),
    )
    return identified(outcome, replace(plan, run=tuple(run)))


def identified(outcome: Outcome, plan: WrittenPlan, taken: TakenOver = NOTHING) -> WrittenPlan:
    """The plan with its id anew; ``taken`` is what it was made with beside its register."""
    content = issued_json(issued_plan_of(outcome, plan, taken))
    own = RunItem(RUN, run_id_of(outcome.situation.horizon.first, content))
    return replace(plan, run=(own, *(item for item in plan.run if item.item != RUN)))
