"""The plan workbook's sheets for programs, said once: the writer and the reader go by these.

Sheet and column names are the contract's to the letter. A column's ``field`` is the attribute of
the row class that it fills.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.domain.written import (
    AllocationRow,
    BacklogRow,
    NotPlannedRow,
    RunItem,
    ScheduleRow,
    WorkloadRow,
)
from planner.workbooks.theme import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """One column. Blank is permitted only where ``optional``; blank text is for the verifier."""

    header: str
    field: str
    kind: Kind = Kind.TEXT
    width: float = 12
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """One sheet: ``part`` is the attribute of ``WrittenPlan`` that holds its rows."""

    name: str
    part: str
    row: type[Any]
    columns: tuple[PlanColumn, ...]


ALLOCATION = PlanSheet(
    "Allocation",
    "allocation",
    AllocationRow,
    (
        PlanColumn("Offender ref", "ref", width=15),
        PlanColumn("Status", "status"),
        PlanColumn("Risk level", "level", width=11),
        PlanColumn("Management", "management", width=14),
        PlanColumn("Team", "team", width=16),
        PlanColumn("From", "month", Kind.MONTH, 11),
        PlanColumn("SOM", "som", width=11),
        PlanColumn("Previous SOM", "previous_som", width=11, optional=True),
        PlanColumn("Moved", "moved", width=10),
        PlanColumn("Locked", "locked", width=10),
        PlanColumn("Reason", "reason", width=18),
    ),
)

SCHEDULE = PlanSheet(
    "Schedule",
    "schedule",
    ScheduleRow,
    (
        PlanColumn("Month", "month", Kind.MONTH, 11),
        PlanColumn("Offender ref", "ref", width=15),
        PlanColumn("Risk level", "level", width=11),
        PlanColumn("SOM", "som", width=11),
        PlanColumn("Duty", "duty", width=9),
        PlanColumn("Visit type", "visit_type", width=14, optional=True),
        PlanColumn("Crew", "crew", Kind.WHOLE, 8, optional=True),
        PlanColumn("Second officer", "second", width=11, optional=True),
        PlanColumn("Done by", "done_by", width=11),
        PlanColumn("Lead hours", "lead_hours", Kind.HOURS, 9),
        PlanColumn("Second hours", "second_hours", Kind.HOURS, 10),
        PlanColumn("Due", "due", Kind.DATE, 12),
        PlanColumn("Months late", "months_late", Kind.WHOLE, 12),
    ),
)

WORKLOAD = PlanSheet(
    "Workload",
    "workload",
    WorkloadRow,
    (
        PlanColumn("Month", "month", Kind.MONTH, 11),
        PlanColumn("SOM", "som", width=11),
        PlanColumn("Team", "team", width=16),
        PlanColumn("Capacity hours", "capacity_hours", Kind.HOURS, 11),
        PlanColumn("Lead hours", "lead_hours", Kind.HOURS, 12),
        PlanColumn("Second hours", "second_hours", Kind.HOURS, 10),
        PlanColumn("Planned hours", "planned_hours", Kind.HOURS, 11),
        PlanColumn("Utilisation", "utilisation", Kind.SHARE, 13),
        PlanColumn("Caseload", "caseload", Kind.WHOLE, 12),
        PlanColumn("Community caseload", "community_caseload", Kind.WHOLE, 13),
        PlanColumn("Very high and high", "very_high_and_high", Kind.WHOLE, 14),
    ),
)

BACKLOG = PlanSheet(
    "Backlog",
    "backlog",
    BacklogRow,
    (
        PlanColumn("Month", "month", Kind.MONTH, 11, optional=True),
        PlanColumn("Risk level", "level", width=12),
        PlanColumn("ARMS overdue", "arms_overdue", Kind.WHOLE, 12),
        PlanColumn("ARMS due", "arms_due", Kind.WHOLE, 12, optional=True),
        PlanColumn("ARMS done", "arms_done", Kind.WHOLE, 12, optional=True),
        PlanColumn("Visits overdue", "visits_overdue", Kind.WHOLE, 12),
        PlanColumn("Visits due", "visits_due", Kind.WHOLE, 12, optional=True),
        PlanColumn("Visits done", "visits_done", Kind.WHOLE, 12, optional=True),
    ),
)

NOT_PLANNED = PlanSheet(
    "Not planned",
    "not_planned",
    NotPlannedRow,
    (
        PlanColumn("Offender ref", "ref", width=15),
        PlanColumn("Duty", "duty", width=9, optional=True),
        PlanColumn("Due", "due", Kind.DATE, 12, optional=True),
        PlanColumn("Reason", "reason", Kind.PARAGRAPH, 90, optional=True),
    ),
)

RUN = PlanSheet(
    "Run",
    "run",
    RunItem,
    (
        PlanColumn("Item", "item", width=34),
        PlanColumn("Value", "value", Kind.MIXED, 72, optional=True),
    ),
)

PLAN_SHEETS = (ALLOCATION, SCHEDULE, WORKLOAD, BACKLOG, NOT_PLANNED, RUN)
"""Those a written plan is read back from, in the workbook's order."""

MEANING: Mapping[str, str] = {
    "Summary": "Does the backlog clear, and when; what stands in the way. One page.",
    "This month": "What each officer does in month 1, riskiest first.",
    "Officers": "Each officer's cases against the norm, mix, moves and hours used.",
    "Hours by officer": "Share of each officer's hours that is planned, month by month.",
    "Price of an hour": "What one more hour would save, by team and month: where overtime helps.",
    "Hours by team": "Hours there are, planned and lacking, by team and month.",
    "Repairs": "What might clear it, ranked: overtime, posts, training, wider teams, and what each "
    "assumes.",
    "Month by month": "The figures behind the charts of the Summary.",
    "Allocation": "Who holds each case from when, and why. One row per offender and period.",
    "Schedule": "Every visit and ARMS of the plan, by month and officer.",
    "Workload": "Every officer's hours and cases in every month.",
    "Backlog": "What is overdue at each month's end, falls due and is done, by risk level.",
    "Not planned": "Duties still overdue at the plan's end; people for whom nothing is planned.",
    "Changes": "What moved against the previous plan, with the reason.",
    "Checks": "What the independent verifier found, rule by rule.",
    "Run": "What the plan was made from and how; cost, bound and gap; versions.",
    "Policy": "Every setting as used, where it comes from, and which are assumptions.",
    "About": "What this workbook is and how to read it.",
}
"""What each sheet of the workbook is for, in order."""
