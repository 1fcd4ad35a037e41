"""A plan as its workbook says it: the contract's sheets as plain rows.

``tables`` makes these rows from a plan, ``workbooks`` writes them and reads them back (perhaps
edited by hand), ``verify`` judges them. Fields follow the columns of the contract's section 2 one
to one, in order. Months and dates are dates; a blank cell is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """``month`` is the From column: the first month in which this SOM holds the case."""

    ref: str
    status: str
    level: str
    management: str
    team: str
    month: date
    som: str
    previous_som: str | None
    moved: str
    locked: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One visit or ARMS in one month. Hours are hours; ``due`` is the due date."""

    month: date
    ref: str
    level: str
    som: str
    duty: str
    visit_type: str | None
    crew: int | None
    second: str | None
    done_by: str
    lead_hours: float
    second_hours: float
    due: date
    months_late: int


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """One officer in one month. Hours are hours; ``utilisation`` a fraction."""

    month: date
    som: str
    team: str
    capacity_hours: float
    lead_hours: float
    second_hours: float
    planned_hours: float
    utilisation: float
    caseload: int
    community_caseload: int
    very_high_and_high: int


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """One level at one month's end; ``month`` None and due and done None in the opening rows."""

    month: date | None
    level: str
    arms_overdue: int
    arms_due: int | None
    arms_done: int | None
    visits_overdue: int
    visits_due: int | None
    visits_done: int | None


@dataclass(frozen=True, slots=True)
class NotPlannedRow:
    """A duty overdue at the plan's end, or a person for whom nothing is planned (duty None)."""

    ref: str
    duty: str | None
    due: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class RunItem:
    """One line of the Run sheet."""

    item: str
    value: str | float | int | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPlan:
    """The sheets for programs, as written."""

    allocation: tuple[AllocationRow, ...]
    schedule: tuple[ScheduleRow, ...]
    workload: tuple[WorkloadRow, ...]
    backlog: tuple[BacklogRow, ...]
    not_planned: tuple[NotPlannedRow, ...]
    run: tuple[RunItem, ...]
