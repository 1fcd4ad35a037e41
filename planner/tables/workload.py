"""The Workload sheet: each officer's hours and cases, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import RiskLevel
from planner.domain.written import WorkloadRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.workload.outcome import Outcome


def workload_rows(outcome: Outcome) -> tuple[WorkloadRow, ...]:
    """Every officer in every month, by month, team and staff ID."""
    return tuple(row for m in outcome.situation.horizon.months for row in _month(outcome, m))


def utilisation(planned: float, capacity: float) -> float:
    """Planned hours as a share of capacity; 0 where there is no capacity."""
    return planned / capacity if capacity > 0 else 0.0


def _month(outcome: Outcome, month: int) -> Iterator[WorkloadRow]:
    situation = outcome.situation
    cases = outcome.caseload(month)
    community = outcome.community_caseload(month)
    risky = outcome.community_caseload(month, RiskLevel.HIGH)
    for officer in sorted(situation.register.officers, key=lambda s: (s.team, s.staff_id)):
        key = (officer.staff_id, month)
        capacity, planned = situation.capacity[key], outcome.planned_hours(*key)
        yield WorkloadRow(
            month=situation.horizon.start(month),
            som=officer.staff_id,
            team=officer.team,
            capacity_hours=capacity,
            lead_hours=outcome.lead_hours.get(key, 0.0),
            second_hours=outcome.plan.second_hours.get(key, 0.0),
            planned_hours=planned,
            utilisation=utilisation(planned, capacity),
            caseload=cases[officer.staff_id],
            community_caseload=community[officer.staff_id],
            very_high_and_high=risky[officer.staff_id],
        )
