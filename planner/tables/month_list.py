"""What each officer does in month 1, with what to know before knocking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.register import Offender
    from planner.domain.written import ScheduleRow, WrittenPlan
    from planner.workload.outcome import Outcome

WARRANT = "Consider a warrant (s.96B)"
NEVER_SEEN = "Never"


@dataclass(frozen=True, slots=True)
class MonthItem:
    """One duty of month 1. ``officer`` is who does it; days count to the as-at date."""

    team: str
    officer: str
    ref: str
    level: str
    duty: str
    visit_type: str | None
    crew: int | None
    second: str | None
    due: date
    how_late: str
    last_visit: date | None
    days_since: int | str
    failed_attempts: int
    attention: str | None
    area: str | None
    som: str


def this_month(outcome: Outcome, written: WrittenPlan) -> tuple[MonthItem, ...]:
    """By the doer's team and the doer, riskiest first, then the longest due."""
    register = outcome.situation.register
    first = outcome.situation.horizon.first
    items = [
        (-register.offender[row.ref].level, _item(outcome, row, register.offender[row.ref]))
        for row in written.schedule
        if row.month == first
    ]
    items.sort(key=lambda i: (i[1].team, i[1].officer, i[0], i[1].due, i[1].ref, i[1].duty))
    return tuple(item for _, item in items)


def how_late(outcome: Outcome, due: date) -> str:
    """Lateness in words on the as-at date, or when in the plan the duty is due."""
    as_at, first = outcome.situation.register.as_at, outcome.situation.horizon.first
    if due <= as_at:
        days = (as_at - due).days
        return "Overdue today" if days == 0 else f"Overdue {days:,} day{'s' * (days != 1)}"
    if due < first:
        return "Due before the month begins"
    if (due.year, due.month) == (first.year, first.month):
        return "Due this month"
    return f"Early: due {due:%b %Y}"


def _item(outcome: Outcome, row: ScheduleRow, offender: Offender) -> MonthItem:
    register = outcome.situation.register
    seen = offender.last_visit
    knocked = offender.failed_attempts
    warrant = knocked >= register.policy.visit_warrant_after
    return MonthItem(
        team=register.officer[row.done_by].team,
        officer=row.done_by,
        ref=row.ref,
        level=row.level,
        duty=row.duty,
        visit_type=row.visit_type,
        crew=row.crew,
        second=row.second,
        due=row.due,
        how_late=how_late(outcome, row.due),
        last_visit=seen,
        days_since=NEVER_SEEN if seen is None else (register.as_at - seen).days,
        failed_attempts=knocked,
        attention=WARRANT if warrant else None,
        area=offender.area or None,
        som=row.som,
    )
