"""The cost of a plan, part by part, from the evidence alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import Duty, RiskLevel
from planner.verify.months import LAST

if TYPE_CHECKING:
    from planner.verify.evidence import Evidence


def costs(evidence: Evidence) -> dict[str, float]:
    """The parts of the contract's cost by name, in its order of size."""
    return {
        "protected": protected(evidence),
        "uncleared": uncleared(evidence),
        "exposure": exposure(evidence),
        "moves": moves(evidence),
        "mix": mix(evidence),
        "spread": spread(evidence),
    }


def exposure(evidence: Evidence) -> float:
    policy, tally = evidence.policy, evidence.tally
    return sum(
        policy.weight[level] * (sum(counts[1:]) + policy.ageing * sum(tally.ages[duty, level]))
        for (duty, level), counts in tally.overdue.items()
    )


def protected(evidence: Evidence) -> float:
    """Month ends at which a very high or high visit is overdue."""
    overdue = evidence.tally.overdue
    return sum(
        evidence.policy.cost_protected[level] * sum(overdue[Duty.VISIT, level][1:])
        for level in (RiskLevel.VERY_HIGH, RiskLevel.HIGH)
    )


def uncleared(evidence: Evidence) -> float:
    left = sum(counts[LAST] for counts in evidence.tally.overdue.values())
    return evidence.policy.cost_uncleared * left


def moves(evidence: Evidence) -> float:
    return sum(evidence.policy.cost_move[c.level] for c in evidence.changes if c.counts)


def mix(evidence: Evidence) -> float:
    """Very high and high community cases of month 1 above each officer's fair share."""
    world = evidence.world
    cases: dict[str, int] = {}
    fte: dict[str, float] = {}
    for person in world.people.values():
        if person.is_risky and person.at_end & 2:
            pool = _pool(evidence, person.offender.team)
            cases[pool] = cases.get(pool, 0) + 1
    for post in world.staff.values():
        if post.holds & 2:
            pool = _pool(evidence, post.team)
            fte[pool] = fte.get(pool, 0.0) + post.officer.fte
    above = 0.0
    for staff_id, post in world.staff.items():
        pool = _pool(evidence, post.team)
        fair = 0.0
        if post.holds & 2 and fte[pool] > 0:
            fair = cases.get(pool, 0) * post.officer.fte / fte[pool]
        above += max(0.0, evidence.loads[staff_id].risky[1] - fair)
    return evidence.policy.cost_mix * above


def _pool(evidence: Evidence, team: str) -> str:
    """Among whom risky cases are shared fairly: the team, or with cross_team the unit."""
    return "" if evidence.policy.cross_team else team


def spread(evidence: Evidence) -> float:
    comfort = evidence.policy.hours_comfort
    above = (
        max(0.0, evidence.planned_hours(staff_id, m) - comfort * evidence.capacity[staff_id][m])
        for staff_id in evidence.world.staff
        for m in range(1, LAST + 1)
    )
    return evidence.policy.cost_spread * sum(above)
