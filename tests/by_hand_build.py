"""By-hand plans of small registers, and what the verifier says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.by_hand import by_hand_plan
from planner.domain.written import RunItem
from planner.tables import written_plan
from planner.verify.verifier import verify
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.plan import Plan
    from planner.domain.register import Register
    from planner.domain.verdict import Verdict


def plan_of(register: Register) -> Plan:
    return by_hand_plan(Situation(register))


def soms(plan: Plan, ref: str) -> list[tuple[int, str]]:
    """The case's SOMs, each with the first month."""
    return [(h.month, h.som) for h in plan.holdings[ref]]


def visited(plan: Plan, month: int = 1) -> list[str]:
    return sorted(v.ref for v in plan.visits if v.month == month)


def assessed(plan: Plan, month: int = 1) -> list[tuple[str, str]]:
    """Who is assessed in a month, each with who does it."""
    return sorted((a.ref, a.done_by) for a in plan.arms if a.month == month)


def judged(register: Register) -> Verdict:
    """What the verifier says of the plan by hand."""
    outcome = Outcome(Situation(register), plan_of(register))
    return verify(register, written_plan(outcome, tuple(_run(outcome))))


def unforced(verdict: Verdict) -> list[tuple[int, int, int]]:
    """Rules broken more often than the register forces: number, broken, forced."""
    return [(f.rule.value, f.broken, f.forced) for f in verdict.findings if f.broken > f.forced]


def _run(outcome: Outcome) -> Iterator[RunItem]:
    """The Run sheet's least; a bound of nothing is always true."""
    total, horizon = outcome.total_cost, outcome.situation.horizon
    yield RunItem("As-at date", outcome.situation.register.as_at)
    yield RunItem("First month", horizon.first)
    yield RunItem("Horizon", horizon.length)
    yield RunItem("Cost", total)
    yield RunItem("Bound", 0.0)
    yield RunItem("Gap", 1.0 if total > 0 else 0.0)
    for part, points in outcome.cost.items():
        yield RunItem(f"Cost: {part}", points)
