"""Judge a written plan against the register and its policy, knowing nothing of how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.verdict import Verdict
from planner.verify.cost import costs
from planner.verify.evidence import Evidence
from planner.verify.rules_allocation import caseload_caps, moves, one_som
from planner.verify.rules_locks import keeps_and_locks
from planner.verify.rules_schedule import (
    arms_by_whom,
    crews,
    duties_when_allowed,
    hours_within_capacity,
    unannounced,
)
from planner.verify.stated_rows import stated_allocation, stated_schedule, stated_workload
from planner.verify.stated_totals import stated_backlog, stated_not_planned, stated_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.domain.register import Register
    from planner.domain.verdict import RuleFinding
    from planner.domain.written import WrittenPlan

CHECKS: Mapping[Rule, Callable[[Evidence], RuleFinding]] = {
    Rule.ONE_SOM: one_som,
    Rule.KEPT_AND_LOCKED: keeps_and_locks,
    Rule.CASELOAD_CAP: caseload_caps,
    Rule.MOVES: moves,
    Rule.HOURS: hours_within_capacity,
    Rule.ARMS_BY_WHOM: arms_by_whom,
    Rule.ANNOUNCED: unannounced,
    Rule.WHEN: duties_when_allowed,
    Rule.CREW: crews,
}
"""The check of each rule, in the rules' order."""


def verify(register: Register, written: WrittenPlan) -> Verdict:
    """Judge every rule, every figure the workbook states, and the cost.

    Never raises for what a cell of the plan holds: rows that cannot be read become breaches or
    discrepancies. Takes about a second for a thousand people's plan of 18 months at most.
    """
    evidence = Evidence.of(register, written)
    cost = costs(evidence)
    discrepancies = [
        *evidence.reading.discrepancies,
        *stated_allocation(evidence),
        *stated_schedule(evidence),
        *stated_workload(evidence),
        *stated_backlog(evidence, written),
        *stated_not_planned(evidence, written),
        *stated_run(evidence, written, cost),
    ]
    return Verdict(
        findings=tuple(check(evidence) for check in CHECKS.values()),
        discrepancies=tuple(discrepancies),
        cost=cost,
    )
