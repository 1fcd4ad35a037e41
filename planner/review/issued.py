"""What people were given: the plan as issued, and each row of its decisions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.written import RunItem
from planner.tables.decisions import DecisionRow, decision_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.issued import IssuedPlan
    from planner.domain.written import WrittenPlan

Stated = str | float | date | None
Key = tuple[str, EditField]
"""One thing that can be said: a decision's key and which of its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A run: its decisions by key, and the plan as written.

    ``shown`` holds what stood in the editable cells that were not blank when the workbooks were
    written: what had been accepted before.
    """

    run_id: str
    rows: Mapping[str, DecisionRow]
    written: WrittenPlan
    shown: Mapping[Key, Stated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was accepted before for one key. ``value`` None: it was taken back.

    ``at`` is when it was stored (UTC).
    """

    value: Stated
    by: str
    workbook: str
    at: datetime


def issued(run_id: str, plan: IssuedPlan) -> Issued:
    """The decisions that a plan as issued proposed."""
    run = (RunItem("As-at date", plan.as_at), RunItem("First month", plan.first_month))
    supervisors = {s.staff_id: s.supervisor for s in plan.officers}
    rows = decision_rows(replace(plan.written, run=run), supervisors)
    return Issued(
        run_id=run_id,
        rows={row.decision_ref: row for row in rows},
        written=plan.written,
        shown={key: decision.shown_value for key, decision in plan.taken.shown.items()},
    )


def stated(row: DecisionRow) -> dict[str, Stated]:
    """What was written in the columns that people may not edit, by header."""
    return {
        "Offender ref": row.ref,
        "Risk level": row.level,
        "Kind": row.kind.value,
        "Month": row.month,
        "SOM": row.som,
        "Previous SOM": row.previous_som,
        "Supervisor": row.supervisor,
        "What is proposed": row.what,
        "Reason": row.reason,
        "Due": row.due,
        "Months late": row.months_late,
        "Hours": row.hours,
    }
