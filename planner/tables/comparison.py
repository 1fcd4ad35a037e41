"""The plan against planning by hand, on the measures a leader is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty, RiskLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.workload.outcome import Outcome

PROTECTED = tuple(level for level in LEVELS if level >= RiskLevel.HIGH)

Figure = int | float | str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One measure of both plans. ``is_share`` where the figure is a fraction to show in percent."""

    measure: str
    plan: Figure
    by_hand: Figure
    is_share: bool = False


def comparison(plan: Outcome, by_hand: Outcome) -> tuple[ComparisonRow, ...]:
    measures: tuple[tuple[str, Callable[[Outcome], Figure]], ...] = (
        ("ARMS backlog today", opening_backlog),
        ("ARMS backlog at the end of month 18", lambda o: o.backlog(_last(o))),
        ("ARMS backlog clears in", clearance),
        ("Visits overdue at the end of month 18", lambda o: o.backlog(_last(o), Duty.VISIT)),
        ("Very high and high visits overdue, month ends in all", protected_month_ends),
        ("Most overdue ARMS at the end of month 18 (months)", lambda o: oldest(o, Duty.ARMS)),
        ("Most overdue visit at the end of month 18 (months)", lambda o: oldest(o, Duty.VISIT)),
        ("Exposure (risk-weighted lateness; lower is better)", lambda o: o.cost["exposure"]),
        ("Cost (what the plan makes small)", lambda o: o.total_cost),
        ("Changes of SOM that count against moves.share", changes_that_count),
    )
    rows = tuple(ComparisonRow(name, of(plan), of(by_hand)) for name, of in measures)
    used = ComparisonRow("Share of hours used", hours_used(plan), hours_used(by_hand), True)
    return (*rows, used)


def opening_backlog(outcome: Outcome, duty: Duty = Duty.ARMS) -> int:
    return sum(outcome.opening[level, duty] for level in LEVELS)


def clearance(outcome: Outcome) -> str:
    month = outcome.cleared_month
    if month is None:
        return "Not in plan"
    return f"{outcome.situation.horizon.start(month):%b %Y}"


def protected_month_ends(outcome: Outcome) -> int:
    """Very high and high visits overdue, counted at every month's end."""
    return sum(
        outcome.overdue[month, level, Duty.VISIT]
        for month in outcome.situation.horizon.months
        for level in PROTECTED
    )


def oldest(outcome: Outcome, duty: Duty) -> Figure:
    """The greatest age in months of a duty overdue at the plan's end."""
    ages = [outcome.most_overdue(_last(outcome), level, duty) for level in LEVELS]
    return max((age for age in ages if age is not None), default="None")


def changes_that_count(outcome: Outcome) -> int:
    return sum(change.counts for change in outcome.changes)


def hours_used(outcome: Outcome) -> float:
    """Planned hours of all officers and months as a share of their capacity."""
    capacity = sum(outcome.situation.capacity.values())
    planned = sum(outcome.planned_hours(*key) for key in outcome.situation.capacity)
    return planned / capacity if capacity > 0 else 0.0


def _last(outcome: Outcome) -> int:
    return outcome.situation.horizon.length
