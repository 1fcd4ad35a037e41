"""The Backlog sheet: what is overdue, falls due and is done, by month and level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty
from planner.domain.written import BacklogRow

if TYPE_CHECKING:
    from planner.workload.outcome import Outcome


def backlog_rows(outcome: Outcome) -> tuple[BacklogRow, ...]:
    """Four opening rows (month None), then four a month, riskiest level first."""
    opening = tuple(
        BacklogRow(
            month=None,
            level=level.label,
            arms_overdue=outcome.opening[level, Duty.ARMS],
            arms_due=None,
            arms_done=None,
            visits_overdue=outcome.opening[level, Duty.VISIT],
            visits_due=None,
            visits_done=None,
        )
        for level in LEVELS
    )
    return opening + tuple(
        BacklogRow(
            month=outcome.situation.horizon.start(month),
            level=level.label,
            arms_overdue=outcome.overdue[month, level, Duty.ARMS],
            arms_due=outcome.due[month, level, Duty.ARMS],
            arms_done=outcome.done[month, level, Duty.ARMS],
            visits_overdue=outcome.overdue[month, level, Duty.VISIT],
            visits_due=outcome.due[month, level, Duty.VISIT],
            visits_done=outcome.done[month, level, Duty.VISIT],
        )
        for month in outcome.situation.horizon.months
        for level in LEVELS
    )
