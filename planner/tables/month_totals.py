"""Some officers' months together: hours, visits and ARMS."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.tables.workload import utilisation

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from planner.domain.written import WrittenPlan
    from planner.workload.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTotal:
    """One month of the plan. Hours are hours; ``used`` is a share, None without capacity."""

    month: date
    working_days: int
    capacity: float
    planned: float
    used: float | None
    visits: int
    arms: int


def month_totals(
    situation: Situation, written: WrittenPlan, officers: Collection[str]
) -> tuple[MonthTotal, ...]:
    """Every month in order. Duties count for the officer who does them."""
    capacity: dict[date, float] = defaultdict(float)
    planned: dict[date, float] = defaultdict(float)
    for row in written.workload:
        if row.som in officers:
            capacity[row.month] += row.capacity_hours
            planned[row.month] += row.planned_hours
    done = Counter((row.month, row.duty) for row in written.schedule if row.done_by in officers)
    horizon = situation.horizon
    return tuple(
        MonthTotal(
            month=month,
            working_days=len(situation.posts.days_of_month(number)),
            capacity=capacity[month],
            planned=planned[month],
            used=utilisation(planned[month], capacity[month]) if capacity[month] > 0 else None,
            visits=done[month, Duty.VISIT.value],
            arms=done[month, Duty.ARMS.value],
        )
        for number in horizon.months
        for month in (horizon.start(number),)
    )
